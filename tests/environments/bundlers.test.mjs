// webpack, Rollup and esbuild: the README's page is bundled, then opened in a browser from a folder of its own.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { promisify } from "node:util";

import { example } from "../readme.mjs";
import { chromium } from "./browsers.mjs";
import { assertExercised, credentials, environment, installed, load, project, versionOf } from "./environment.mjs";
import { html, pageProgram, wasmFiles } from "./pages.mjs";
import { run } from "./processes.mjs";
import { startSite } from "./site.mjs";

Object.assign(process.env, credentials);
const [, inline] = /from "(.+)";/.exec(example("inline"));
await pageProgram("page");
await pageProgram("inline", { specifier: inline });
await project.write("part.js", 'import { ApiClient } from "thousandeyes-admin"; console.log(ApiClient);');
await project.write("errors.js", 'import { NotFoundException } from "thousandeyes-admin"; console.log(NotFoundException);');

const bundlers = {
  webpack: {
    wasm: 1,
    page: "page.js",
    async bundle(entry, outDir) {
      const { default: webpack } = await load("webpack", "lib/index.js");
      const output = { path: outDir, filename: "bundle.js" };
      // Its advice on sizes is left out: the package has a budget of its own.
      const base = { mode: "production", context: project.path(), performance: false };
      const compiler = webpack({ ...base, entry: `./${entry}`, output });
      const stats = await promisify(compiler.run.bind(compiler))();
      assert.equal(stats.hasErrors() || stats.hasWarnings(), false, stats.toString());
    },
  },
  Rollup: {
    wasm: 0,
    page: "inline.js",
    async bundle(entry, outDir) {
      const { rollup } = await load("rollup", "dist/es/rollup.js");
      const { nodeResolve } = await load("@rollup/plugin-node-resolve", "dist/es/index.js");
      const bundle = await rollup({ input: project.path(entry), plugins: [nodeResolve()] });
      await bundle.write({ file: join(outDir, "bundle.js"), format: "es" });
    },
  },
  esbuild: {
    wasm: 0,
    page: "inline.js",
    async bundle(entry, outDir) {
      const { build } = await load("esbuild", "lib/main.js");
      const outfile = join(outDir, "bundle.js");
      await build({ entryPoints: [project.path(entry)], outfile, bundle: true, format: "esm", minify: true });
    },
  },
};

for (const [name, { bundle, page, wasm }] of Object.entries(bundlers)) {
  const tools = ["environments", ...chromium.tools];
  environment(name, { tools, version: () => versionOf(name.toLowerCase()) }, (test) => {
    const outDir = project.path(`built-with-${name}`);

    test(wasm === 1 ? "one .wasm file" : "no file but the bundle", async () => {
      await bundle(page, outDir);
      assert.equal(wasmFiles(outDir).length, wasm);
    });

    test("an unused class stays out", async () => {
      const unused = join(outDir, "unused");
      await bundle("part.js", unused);
      const code = readFileSync(join(unused, "bundle.js"), "utf8");
      assert.match(code, /rebase\(/);
      assert.doesNotMatch(code, /createUser|usersapi/i);
    });

    test("error classes come without the WebAssembly", async () => {
      const alone = join(outDir, "errors");
      await bundle("errors.js", alone);
      assert.deepEqual(readdirSync(alone), ["bundle.js"]);
      assert.doesNotMatch(readFileSync(join(alone, "bundle.js"), "utf8"), /apiclient|usersapi/i);
    });

    test("page", async () => {
      writeFileSync(join(outDir, "index.html"), html('<script type="module" src="bundle.js"></script>'));
      const site = await startSite(outDir);
      after(() => site.close());
      assertExercised(await site.visit(chromium, `${site.url}/`));
    });
  });
}

environment("esbuild for Node", { version: () => versionOf("esbuild") }, (test) => {
  test("server bundle", async (t) => {
    await project.write("users.js", example("server"));
    await project.write("server.js", `
      import { NotFoundException } from "thousandeyes-admin";
      import { users } from "./users.js";
      import { exercise } from "./exercise.js";
      console.log(JSON.stringify(await exercise(users, { NotFoundException })));`);
    const [program, ...options] = example("server-bundle").trim().split(" ");
    await run([installed(".bin", program), ...options], project.path());

    const elsewhere = mkdtempSync(join(tmpdir(), "server-bundle-"));
    t.after(() => rmSync(elsewhere, { recursive: true }));
    renameSync(project.path("bundle.mjs"), join(elsewhere, "bundle.mjs"));
    assertExercised(JSON.parse(await run([process.execPath, "bundle.mjs"], elsewhere, credentials)));
  });
});
