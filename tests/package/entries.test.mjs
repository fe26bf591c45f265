// Which file an environment gets, and that the ways into the package lead to one and the same instance.
import assert from "node:assert/strict";
import { realpathSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { install } from "./support.mjs";

const project = await install();
const imported = await project.import("thousandeyes-admin");
const required = project.require("thousandeyes-admin");

const file = (name) => import(pathToFileURL(project.packagePath(name)));
const namesOf = (module) => Object.keys(module).sort();

test("import and require give the same names and the same classes", () => {
  assert.deepEqual(namesOf(imported), namesOf(required));
  for (const name of namesOf(required)) assert.equal(imported[name], required[name], name);
});

test("in Node the subpath inline is that same instance too", async () => {
  assert.equal((await project.import("thousandeyes-admin/inline")).ApiClient, imported.ApiClient);
  assert.equal(project.require("thousandeyes-admin/inline").ApiClient, imported.ApiClient);
});

test("the entries for browsers and for other runtimes export the same names", async () => {
  assert.deepEqual(namesOf(await file("index.js")), namesOf(imported));
  assert.deepEqual(namesOf(await file("inline.mjs")), namesOf(imported));
});

test("every class but the errors is closed by `using`, as close() does it", () => {
  // Admin holds nothing that could be closed.
  const { Admin, ...others } = required;
  const classes = Object.values(others).filter((item) => /^class /.test(item) && !(item.prototype instanceof Error));
  assert.ok(classes.length > 0);
  for (const { name, prototype } of classes) {
    assert.equal(typeof prototype.close, "function", name);
    assert.equal(prototype[Symbol.dispose], prototype.close, name);
    // A name of wasm-bindgen's, which no type tells: what it does there would end calls in flight without a word.
    assert.equal(prototype.free, prototype.close, name);
  }
});

test("init() is the default export, also by name, and resolves at once in Node", async () => {
  assert.equal(imported.default, imported.init);
  assert.equal(await imported.init(), undefined);
});

test("each runtime gets its own entry", async () => {
  const entry = async (condition, specifier) => {
    const code = `console.log(import.meta.resolve("${specifier}"))`;
    const { stdout } = await project.node(["--conditions", condition, "--input-type=module", "--eval", code]);
    return stdout.trim().split("/").at(-1);
  };
  assert.equal(await entry("workerd", "thousandeyes-admin"), "workerd.js");
  assert.equal(await entry("edge-light", "thousandeyes-admin"), "edge.js");
  assert.equal(await entry("deno", "thousandeyes-admin"), "inline.mjs");
  assert.equal(await entry("bun", "thousandeyes-admin"), "inline.mjs");
  assert.equal(await entry("node", "thousandeyes-admin"), "node.mjs");
  assert.equal(await entry("node", "thousandeyes-admin/inline"), "node.mjs");
  assert.equal(await entry("module", "thousandeyes-admin"), "inline.mjs");
  assert.equal(await entry("module", "thousandeyes-admin/inline"), "inline.mjs");
  assert.equal(await entry("workerd", "thousandeyes-admin/inline"), "workerd.js");
  assert.equal(await entry("edge-light", "thousandeyes-admin/inline"), "edge.js");
});

test("the WebAssembly can be had as files", () => {
  for (const name of ["thousandeyes_admin_bg.wasm", "thousandeyes_jobs_bg.wasm"]) {
    assert.equal(project.require.resolve(`thousandeyes-admin/${name}`), realpathSync(project.packagePath(name)));
  }
});

test("the entry for Workers starts the modules that the runtime compiled", async () => {
  // Node 20 cannot import a .wasm file; this loader gives it what workerd gives: a compiled module.
  const entry = await entryUnder("workerd", ".wasm", `import { readFileSync } from "node:fs";
    export default new WebAssembly.Module(readFileSync(new URL(import.meta.url)));`);
  assert.match(entry, /^245 .+\/workerd\.js\n$/);
});

test("the entry for edge runtimes starts modules that were compiled in another realm", async () => {
  // Where such a runtime runs on Node, all it is given comes from Node's own realm.
  const entry = await entryUnder("edge-light", ".wasm?module", `import { readFileSync } from "node:fs";
    import { runInNewContext } from "node:vm";
    const Module = runInNewContext("WebAssembly.Module");
    export default new Module(readFileSync(new URL(import.meta.url)));`);
  assert.match(entry, /^245 .+\/edge\.js\n$/);
});

/** The entry that a condition leads to, once it has started and done a job; `source` stands for a module whose address ends like that. */
async function entryUnder(condition, ending, source) {
  await project.write(`${condition}-loader.mjs`, `
    export async function load(url, context, next) {
      if (!url.endsWith(${JSON.stringify(ending)})) return next(url, context);
      return { format: "module", source: ${JSON.stringify(source)}, shortCircuit: true };
    }`);
  await project.write(`${condition}.mjs`, `
    import { register } from "node:module";
    register("./${condition}-loader.mjs", import.meta.url);
    const { init, ApiClient } = await import("thousandeyes-admin");
    await init();
    const fetch = async () => new Response('{"users":[{"uid":"245","email":"Ada@Example.com"}]}');
    const { uid } = await new ApiClient({ accessToken: "token", fetch }).admin.findUser("ada@example.com");
    console.log(uid, import.meta.resolve("thousandeyes-admin"));`);
  const { stdout } = await project.node(["--conditions", condition, "--no-warnings", `${condition}.mjs`]);
  return stdout;
}
