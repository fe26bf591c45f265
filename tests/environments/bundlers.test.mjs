// webpack, Rollup and esbuild: the README's page is bundled, then opened in a browser from a folder of its own.
import assert from "node:assert/strict";
import { mkdtempSync, renameSync, rmSync } from "node:fs";
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

const bundlers = {
  webpack: {
    wasm: 1,
    async bundle(outDir) {
      const { default: webpack } = await load("webpack", "lib/index.js");
      const output = { path: project.path(outDir), filename: "bundle.js" };
      // Its advice on sizes is left out: the package has a budget of its own.
      const base = { mode: "production", context: project.path(), performance: false };
      const compiler = webpack({ ...base, entry: "./page.js", output });
      const stats = await promisify(compiler.run.bind(compiler))();
      assert.equal(stats.hasErrors() || stats.hasWarnings(), false, stats.toString());
    },
  },
  Rollup: {
    wasm: 0,
    async bundle(outDir) {
      const { rollup } = await load("rollup", "dist/es/rollup.js");
      const { nodeResolve } = await load("@rollup/plugin-node-resolve", "dist/es/index.js");
      const bundle = await rollup({ input: project.path("inline.js"), plugins: [nodeResolve()] });
      await bundle.write({ file: project.path(outDir, "bundle.js"), format: "es" });
    },
  },
  esbuild: {
    wasm: 0,
    async bundle(outDir) {
      const { build } = await load("esbuild", "lib/main.js");
      const outfile = project.path(outDir, "bundle.js");
      await build({ entryPoints: [project.path("inline.js")], outfile, bundle: true, format: "esm" });
    },
  },
};

for (const [name, { bundle, wasm }] of Object.entries(bundlers)) {
  const tools = ["environments", ...chromium.tools];
  environment(name, { tools, version: () => versionOf(name.toLowerCase()) }, (test) => {
    const outDir = `built-with-${name}`;

    test(wasm === 1 ? "one .wasm file" : "no file but the bundle", async () => {
      await bundle(outDir);
      assert.equal(wasmFiles(outDir).length, wasm);
    });

    test("page", async () => {
      await project.write(`${outDir}/index.html`, html('<script type="module" src="bundle.js"></script>'));
      const site = await startSite(project.path(outDir));
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
