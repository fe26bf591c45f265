// Bundlers without a framework: the README's page is bundled, then opened in a browser from a folder of its own.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { promisify } from "node:util";

import { example } from "../readme.mjs";
import { chromium } from "./browsers.mjs";
import { assertExercised, credentials, environment, installed, load, project, versionOf } from "./environment.mjs";
import { html, loadedForCalls, pageProgram, wasmFiles } from "./pages.mjs";
import { run } from "./processes.mjs";
import { startSite } from "./site.mjs";

Object.assign(process.env, credentials);
const tools = ["environments", ...chromium.tools];
const [, inline] = /from "(.+)";/.exec(example("inline"));
await pageProgram("page");
await pageProgram("inline", { specifier: inline });
await project.write("part.js", 'import { ApiClient } from "thousandeyes-admin"; console.log(ApiClient);');
await project.write("errors.js", 'import { NotFoundException } from "thousandeyes-admin"; console.log(NotFoundException);');

function refuseWarning(level, { message }) {
  assert.notEqual(level, "warn", message);
}

/**
 * What each makes of an entry: `bundle.js` and whatever that needs beside it. `lost`: it leaves the .wasm file behind.
 * `helper`: the part that it makes of its own helpers, as soon as there is more than one part.
 */
const bundlers = {
  webpack: {
    lost: false,
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
    lost: true,
    async bundle(entry, outDir) {
      const { rollup } = await load("rollup", "dist/es/rollup.js");
      const { nodeResolve } = await load("@rollup/plugin-node-resolve", "dist/es/index.js");
      const bundle = await rollup({ input: project.path(entry), plugins: [nodeResolve()], onLog: refuseWarning });
      await bundle.write({ dir: outDir, entryFileNames: "bundle.js", format: "es" });
    },
  },
  Rolldown: {
    lost: true,
    async bundle(entry, outDir) {
      const { rolldown } = await load("rolldown", "dist/index.mjs");
      const bundle = await rolldown({ input: project.path(entry), platform: "browser", onLog: refuseWarning });
      await bundle.write({ dir: outDir, entryFileNames: "bundle.js", format: "es", minify: true });
    },
  },
  esbuild: {
    lost: true,
    helper: /^GET \/chunk-\w+\.js 200$/,
    async bundle(entry, outDir) {
      const { build } = await load("esbuild", "lib/main.js");
      const entryPoints = [{ in: project.path(entry), out: "bundle" }];
      const { warnings } = await build({ entryPoints, outdir: outDir, bundle: true, splitting: true, format: "esm", minify: true });
      assert.deepEqual(warnings, []);
    },
  },
};

for (const [name, { bundle, lost, helper }] of Object.entries(bundlers)) {
  environment(name, { tools, version: () => versionOf(name.toLowerCase()) }, (test) => {
    const outDir = project.path(`built-with-${name}`);

    async function visit(entry) {
      const folder = join(outDir, entry);
      await bundle(entry, folder);
      writeFileSync(join(folder, "index.html"), html('<script type="module" src="bundle.js"></script>'));
      const site = await startSite(folder);
      try {
        assertExercised(await site.visit(chromium, `${site.url}/`));
        return { files: wasmFiles(folder), asked: loadedForCalls(site) };
      } finally {
        await site.close();
      }
    }

    test("page", async () => {
      const { files, asked } = await visit("page.js");
      assert.equal(files.length, lost ? 0 : 1);
      const at = asked.findIndex((line) => line.includes(".wasm "));
      assert.match(asked[at], lost ? / 404$/ : / 200$/);
      // The module with the same bytes is loaded only where the file is lost.
      assert.equal(asked.slice(at + 1).length, lost ? 1 : 0, asked.join("\n"));
    });

    test("inline entry", async () => {
      const { asked } = await visit("inline.js");
      assert.equal(asked.shift(), "GET /bundle.js 200");
      if (helper) assert.match(asked.shift(), helper);
      assert.deepEqual(asked, []);
    });

    test("an unused class stays out", async () => {
      const unused = join(outDir, "unused");
      await bundle("part.js", unused);
      const code = readFileSync(join(unused, "bundle.js"), "utf8");
      assert.match(code, /rebase\(/);
      // Comments name it, where a bundler keeps them.
      assert.doesNotMatch(code, /createUser|usersapi_|class UsersApi/i);
    });

    test("error classes come without the WebAssembly", async () => {
      const alone = join(outDir, "errors");
      await bundle("errors.js", alone);
      const code = readFileSync(join(alone, "bundle.js"), "utf8");
      // esbuild also writes a part that nothing loads.
      const loaded = readdirSync(alone).filter((file) => file === "bundle.js" || code.includes(file));
      assert.deepEqual(loaded, ["bundle.js"]);
      assert.doesNotMatch(code, /apiclient|usersapi/i);
    });
  });
}

environment("esbuild for a script", { tools, version: () => versionOf("esbuild") }, (test) => {
  /** A script that is no module has neither top-level await nor import.meta. It is all in one file, so a service worker may run it. */
  async function visit(name, tell, start) {
    await project.write(`${name}.js`, `
      import init, { ApiClient, NotFoundException, UsersApi } from "thousandeyes-admin";
      import { exercise } from "./exercise.js";
      const result = init().then(() => exercise(new UsersApi({ host: "/te-api/v7" }), { ApiClient, NotFoundException }));
      result.then(${tell});`);
    const { build } = await load("esbuild", "lib/main.js");
    const outdir = project.path("built-as-script");
    const logOverride = { "empty-import-meta": "silent" };
    await build({ entryPoints: [project.path(`${name}.js`)], outdir, bundle: true, format: "iife", minify: true, logOverride });
    writeFileSync(join(outdir, `${name}.html`), html(start));
    const site = await startSite(outdir);
    after(() => site.close());
    assertExercised(await site.visit(chromium, `${site.url}/${name}.html`));
  }

  test("page", () => visit("script", "report", '<script src="script.js"></script>'));
  test("service worker", async () => {
    const tell = '(result) => fetch("/report", { method: "POST", body: JSON.stringify({ result }) })';
    await visit("service", tell, '<script>navigator.serviceWorker.register("service.js");</script>');
  });
});

environment("CDN for ES modules", { tools, version: () => versionOf("esbuild") }, (test) => {
  test("page", async () => {
    // As such CDNs do: all of the package as one module or a few, from another origin, and no other file.
    const { build } = await load("esbuild", "lib/main.js");
    const entryPoints = [project.packagePath("index.js")];
    const outdir = project.path("cdn");
    await build({ entryPoints, outdir, bundle: true, splitting: true, format: "esm", minify: true });
    const cdn = await startSite(outdir, { headers: { "Access-Control-Allow-Origin": "*" } });
    await pageProgram("from-cdn", { specifier: `${cdn.url}/index.js` });
    await project.write("from-cdn.html", html('<script type="module" src="from-cdn.js"></script>'));
    const site = await startSite(project.path());
    after(() => Promise.all([cdn.close(), site.close()]));
    assertExercised(await site.visit(chromium, `${site.url}/from-cdn.html`));
  });
});

environment("esbuild for Node", { version: () => versionOf("esbuild") }, (test) => {
  test("server bundle", async (t) => {
    await project.write("users.js", example("server"));
    await project.write("server.js", `
      import { ApiClient, NotFoundException } from "thousandeyes-admin";
      import { users } from "./users.js";
      import { exercise } from "./exercise.js";
      console.log(JSON.stringify(await exercise(users, { ApiClient, NotFoundException })));`);
    const [program, ...options] = example("server-bundle").trim().split(" ");
    await run([installed(".bin", program), ...options], project.path());

    const elsewhere = mkdtempSync(join(tmpdir(), "server-bundle-"));
    t.after(() => rmSync(elsewhere, { recursive: true }));
    renameSync(project.path("bundle.mjs"), join(elsewhere, "bundle.mjs"));
    assertExercised(JSON.parse(await run([process.execPath, "bundle.mjs"], elsewhere, credentials)));
  });
});
