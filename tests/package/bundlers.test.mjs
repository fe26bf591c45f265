// A three-line app through the bundlers: what has to come out is one .wasm file, or none with the inline entry.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { build as esbuild } from "esbuild";
import { build as vite } from "vite";

import { install } from "./support.mjs";

const project = await install();
const app = (specifier) => `
  import init, { UsersApi } from "${specifier}";
  await init();
  console.log(typeof new UsersApi({ accessToken: "token" }).getUsers);`;

/** Bundles the code of a file with esbuild, runs the bundle away from the package, and gives what it prints. */
async function bundleAndRun(code, options) {
  await project.write("entry.mjs", code);
  const outfile = join(await mkdtemp(join(tmpdir(), "bundle-")), "bundle.mjs");
  const common = { bundle: true, format: "esm", target: "es2022", absWorkingDir: project.path() };
  await esbuild({ ...common, ...options, entryPoints: ["entry.mjs"], outfile });
  const { stdout } = await project.node([outfile]);
  await rm(dirname(outfile), { recursive: true });
  return stdout;
}

test("Vite puts the WebAssembly beside the app as its only asset", async () => {
  await project.write("index.html", '<script type="module" src="app.js"></script>');
  await project.write("app.js", app("thousandeyes-admin"));
  await vite({ root: project.path(), logLevel: "silent", build: { target: "es2022" } });
  const assets = readdirSync(project.path("dist/assets"));
  assert.deepEqual(assets.map((file) => file.split(".").at(-1)).sort(), ["js", "wasm"]);
  const [wasm] = assets.filter((file) => file.endsWith(".wasm"));
  const [script] = assets.filter((file) => file.endsWith(".js"));
  const original = readFileSync(project.packagePath("thousandeyes_admin_bg.wasm"));
  assert.deepEqual(readFileSync(project.path("dist/assets", wasm)), original);
  assert.match(readFileSync(project.path("dist/assets", script), "utf8"), new RegExp(wasm.replaceAll(".", "\\.")));
});

test("a bundle of the inline entry needs no file", async () => {
  assert.equal(await bundleAndRun(app("thousandeyes-admin/inline"), { platform: "browser" }), "function\n");
});

test("a bundle for Node needs no file", async () => {
  assert.equal(await bundleAndRun(app("thousandeyes-admin"), { platform: "node" }), "function\n");
});

test("error classes keep their names through minification", async () => {
  const code = `
    import { NotFoundException } from "thousandeyes-admin";
    const error = new NotFoundException("gone");
    console.log(NotFoundException.is(error), String(error));`;
  assert.equal(await bundleAndRun(code, { platform: "node", minify: true }), "true NotFoundException: gone\n");
});
