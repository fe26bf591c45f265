// What is in the tarball, and what the tools that judge packages say of it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

import { crate, root } from "../../toolchain.mjs";
import { install } from "./support.mjs";

const project = await install();
const read = (file) => readFileSync(project.packagePath(file), "utf8");
const manifest = JSON.parse(read("package.json"));

const scripts = readdirSync(join(root, "pkg-template")).filter((file) => /\.m?js$/.test(file) && file !== "build.mjs");
const files = [
  ...scripts,
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "base64.cjs",
  "base64.js",
  "core.cjs",
  "index.d.cts",
  "index.d.ts",
  "inline",
  "inline.cjs",
  "jobs64.cjs",
  "jobs64.js",
  "journal",
  "opentelemetry",
  "package.json",
  "proxy",
  "redis",
  "sandbox",
  "tabs",
  "thousandeyes_admin.js",
  "thousandeyes_admin_bg.wasm",
  "thousandeyes_jobs.js",
  "thousandeyes_jobs_bg.wasm",
].sort();

test("the package holds these files and no other", () => {
  assert.deepEqual(readdirSync(project.packagePath()).sort(), files);
});

test("npm would publish these files and no other", () => {
  const { stdout } = spawnSync("npm", ["publish", "--dry-run", "--json"], { cwd: join(root, "pkg"), encoding: "utf8" });
  const report = JSON.parse(stdout);
  // npm 11 puts the report below the name of the package, earlier ones do not.
  const { name, version, files: published } = report[manifest.name] ?? report;
  assert.deepEqual([name, version], ["thousandeyes-admin", crate().version]);
  assert.deepEqual([...new Set(published.map(({ path }) => path.split("/")[0]))].sort(), files);
});

test("the manifest says what registries and bundlers ask for", () => {
  assert.match(manifest.repository.url, /^git\+https:\/\/.+\/thousandeyes-admin\.git$/);
  assert.match(manifest.description, /ThousandEyes|WebAssembly/);
  assert.ok(["thousandeyes", "webassembly", "typescript"].every((word) => manifest.keywords.includes(word)));
  assert.deepEqual(manifest.engines, { node: ">=20" });
  // What runs when it is imported; everything else a bundler may drop.
  assert.deepEqual(manifest.sideEffects.sort(), ["./inline.cjs", "./inline.mjs", "./node.mjs", "./workerd.js"]);
});

test("the sandbox is there in bundles for import and require, with types and the licences of what is in them", () => {
  const entries = ["sandbox", "server"].flatMap((entry) => ["mjs", "cjs", "d.cts", "d.mts"].map((end) => `${entry}.${end}`));
  // For resolvers that do not read the exports.
  const manifests = ["package.json", "server", "server/package.json"];
  const published = readdirSync(project.packagePath("sandbox"), { recursive: true });
  const shared = published.filter((file) => /^shared\/\w+\.mjs$/.test(file));
  assert.ok(shared.length > 0);
  assert.deepEqual(published.sort(), [...entries, ...manifests, ...shared, "LICENSES.txt", "cli.mjs", "shared"].sort());
  const licences = read("sandbox/LICENSES.txt");
  for (const name of ["hono", "@cfworker/json-schema"]) assert.match(licences, new RegExp(`^${name} \\d`, "m"));
  for (const bundle of [...shared, "server.cjs"]) assert.doesNotMatch(read(`sandbox/${bundle}`), /\b(eval|Function)\(/);
});

test("the stores are there for import and require, with types, and need nothing else", () => {
  for (const name of ["redis", "tabs"]) {
    const files = ["mjs", "cjs", "d.cts", "d.mts"].map((end) => `${name}.${end}`);
    assert.deepEqual(readdirSync(project.packagePath(name)).sort(), [...files, "package.json"].sort());
    for (const end of ["mjs", "cjs"]) assert.doesNotMatch(read(`${name}/${name}.${end}`), /\b(?:import|require)\b ?[("{]/);
  }
});

test("its version is the crate's, and the newest of the CHANGELOG", () => {
  assert.equal(manifest.version, crate().version);
  // What is not released yet stands above it.
  assert.equal(/^## (\d.+)$/m.exec(read("CHANGELOG.md"))[1], crate().version);
});

test("installing it brings no other package and runs no script", () => {
  const installed = readdirSync(project.path("node_modules")).filter((name) => !name.startsWith("."));
  assert.deepEqual(installed, ["thousandeyes-admin"]);
  assert.equal(manifest.dependencies, undefined);
  assert.equal(manifest.scripts, undefined);
});

test("every target that the exports name is in the package", () => {
  const targets = (node) => (typeof node === "string" ? [node] : Object.values(node).flatMap(targets));
  for (const target of targets(manifest.exports)) assert.ok(read(target).length > 0, target);
});

test("the WebAssembly as JavaScript is that of the files", () => {
  const jobs = readFileSync(project.packagePath("thousandeyes_jobs_bg.wasm"));
  const client = readFileSync(project.packagePath("thousandeyes_admin_bg.wasm"));
  for (const [file, wasm] of Object.entries({ base64: client, jobs64: jobs })) {
    const text = wasm.toString("base64");
    assert.equal(read(`${file}.js`), `export default "${text}";\n`);
    assert.equal(read(`${file}.cjs`), `module.exports = "${text}";\n`);
  }
});

test("what does jobs calls nothing of JavaScript but what ends it", () => {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(project.packagePath("thousandeyes_jobs_bg.wasm"))));
  const names = imports.map(({ name }) => name.replace(/_[0-9a-f]{16}$/, ""));
  assert.deepEqual(names.sort(), ["__wbg___wbindgen_throw", "__wbindgen_init_externref_table"]);
});

test("every branch of the exports has its types first", () => {
  const branches = (node) => (typeof node.default === "string" ? [node] : Object.values(node).flatMap(branches));
  const typed = Object.values(manifest.exports).filter((node) => typeof node === "object");
  for (const branch of typed.flatMap(branches)) assert.equal(Object.keys(branch)[0], "types");
});

test("import and require have the same declarations, and nothing in them is of type any", () => {
  const declarations = read("index.d.ts");
  assert.equal(read("index.d.cts"), declarations);
  const code = declarations.replace(/\/\*[^]*?\*\/|\/\/.*/g, "");
  assert.deepEqual(code.match(/.*\bany\b.*/g) ?? [], []);
});

test("no file tells the folders of the machine that built it", () => {
  const { CARGO_HOME = join(homedir(), ".cargo") } = process.env;
  for (const folder of [root, CARGO_HOME, homedir()]) {
    const files = readdirSync(project.packagePath(), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const telling = files.filter(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8").includes(`${folder}/`));
    assert.deepEqual(telling, [], folder);
  }
});

test("publint has nothing to say", async () => {
  const { messages, pkg } = await publint({ pkgDir: project.packagePath(), strict: true });
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []);
});

test("are the types wrong? No", () => {
  // A .wasm has no types to find.
  const leftOut = ["--exclude-entrypoints", "thousandeyes_admin_bg.wasm", "thousandeyes_jobs_bg.wasm"];
  const { status, stdout } = spawnSync("attw", [project.tarball, ...leftOut, "--no-emoji"], { encoding: "utf8" });
  assert.equal(status, 0, stdout);
});
