/**
 * `npm run build`: compiles the crate and fills pkg/ with what is published. With `--record-sizes`, at a release, the
 * sizes become those that later builds are compared with. With `--rooms` it tells what each room of src/ weighs.
 */
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { crate, ensure, root, run } from "../toolchain.mjs";
import { declarations } from "./build/declarations.mjs";
import { adaptGlue } from "./build/glue.mjs";
import { addSandbox } from "./build/sandbox.mjs";
import { rooms } from "./build/rooms.mjs";
import { measure, record, table } from "./build/sizes.mjs";
import { addSubpaths } from "./build/subpaths.mjs";

const name = "thousandeyes_admin";
const template = import.meta.dirname;
// The lowest kilobyte is the far end of the stack, where no pointer points.
const smallest = ["-Oz", "--converge", "--low-memory-unused"];

try {
  ensure(["wasm32", "rust-src", "wasm-bindgen", "npm"]);
  const { version, targetFolder } = crate();
  const work = join(targetFolder, "npm");
  const generated = join(work, "bindgen");
  const staged = join(work, "pkg");
  const published = join(root, "pkg");

  const compiled = join(targetFolder, "wasm32-unknown-unknown/release", `${name}.wasm`);
  step("compile the crate", () => compile());
  const nameless = ["--remove-name-section", "--remove-producers-section"];
  step("generate the bindings", () => bind(compiled, generated, nameless));
  const optimised = step("optimise the WebAssembly", () => optimise(join(generated, `${name}_bg.wasm`), work));
  await step("assemble the package", () => assemble(generated, optimised, version, staged));
  // Only now, and at one stroke: a failed build leaves the last good package in its place.
  rmSync(published, { recursive: true, force: true });
  renameSync(staged, published);

  const measured = await measure(published);
  if (process.argv.includes("--record-sizes")) record(version, measured);
  console.log(`\nthousandeyes-admin ${version} is in pkg/\n\n${table(measured)}`);
  if (process.argv.includes("--rooms")) console.log(`\n${rooms(withNames(compiled, work))}`);
} catch (error) {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}

function step(what, work) {
  console.log(what);
  return work();
}

/**
 * Rust's standard library comes compiled for speed and with the machinery of panic messages. Compiled anew with our own
 * profile, and panics that stop at once, it is an eighth of the WebAssembly less. Cargo does that only when it is told
 * that it may (rust-lang/cargo#5003, rust-lang/rust#147286).
 */
function compile() {
  const target = ["--target", "wasm32-unknown-unknown", "--lib"];
  const standardLibrary = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];
  const args = ["build", "--release", "--quiet", ...target, ...standardLibrary];
  const withoutTexts = ["-Zlocation-detail=none", "-Zfmt-debug=none"];
  const flags = ["-Zunstable-options", "-Cpanic=immediate-abort", ...withoutTexts, ...withoutLocalPaths()];
  const env = { ...process.env, RUSTC_BOOTSTRAP: "1", CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f") };
  const { status } = spawnSync("cargo", args, { cwd: root, env, stdio: "inherit" });
  if (status !== 0) throw new Error("The crate does not compile: mend what cargo reports above, then run this again.");
}

/** Panic messages name source files: without the folders of this machine, and so the same from every machine. */
function withoutLocalPaths() {
  const { packages } = JSON.parse(run("cargo", "metadata", "--format-version", "1"));
  const downloaded = packages.filter(({ source }) => source !== null);
  const folders = new Set(downloaded.map(({ manifest_path }) => dirname(dirname(manifest_path))));
  return [...[...folders, root].map((folder) => `--remap-path-prefix=${folder}=`), asWithoutRustSource()];
}

/** Where rustup's component rust-src is installed, the standard library's files get their place on this machine, too. */
function asWithoutRustSource() {
  const [, commit] = /^commit-hash: (\w+)$/m.exec(run("rustc", "--version", "--verbose"));
  return `--remap-path-prefix=${run("rustc", "--print", "sysroot").trim()}/lib/rustlib/src/rust=/rustc/${commit}`;
}

function bind(compiled, folder, options = []) {
  rmSync(folder, { recursive: true, force: true });
  const web = ["--target", "web", "--omit-default-module-path"];
  run("wasm-bindgen", ...web, "--out-name", name, ...options, "--out-dir", folder, compiled);
}

/** The same WebAssembly, but with the names of its functions. */
function withNames(compiled, work) {
  const folder = join(work, "named");
  bind(compiled, folder);
  const result = join(work, "named.wasm");
  run("wasm-opt", ...smallest, "--debuginfo", join(folder, `${name}_bg.wasm`), "-o", result);
  return readFileSync(result);
}

/**
 * The smallest WebAssembly, and what its imports and exports are called in it. Slow, so the result is kept until the
 * input changes. Always npm's wasm-opt: Debian's breaks the module.
 */
function optimise(input, work) {
  const result = join(work, "optimised.wasm");
  const namesFile = join(work, "optimised.json");
  const keyFile = join(work, "optimised.key");
  const lockFile = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const key = createHash("sha256")
    .update(lockFile.packages["node_modules/binaryen"].version)
    .update(readFileSync(import.meta.filename))
    .update(readFileSync(input))
    .digest("hex");
  if (!existsSync(keyFile) || readFileSync(keyFile, "utf8") !== key) {
    run("wasm-opt", ...smallest, input, "-o", result);
    writeFileSync(namesFile, run("wasm-opt", "--minify-imports-and-exports-and-modules", result, "-o", result));
    writeFileSync(keyFile, key);
  }
  const names = readFileSync(namesFile, "utf8");
  const build = createHash("sha256").update(names).digest("hex").slice(0, 8);
  const wasm = Buffer.concat([readFileSync(result), customSection("build", build)]);
  const [{ module }] = WebAssembly.Module.imports(new WebAssembly.Module(wasm));
  return { wasm, names: { module, build, ...JSON.parse(names) } };
}

/** By it the JavaScript knows its own WebAssembly: the short names of another build could fit, and mean something else. */
function customSection(name, content) {
  return Buffer.from([0, 1 + name.length + content.length, name.length, ...Buffer.from(name + content)]);
}

async function assemble(generated, { wasm, names }, version, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const read = (file) => readFileSync(join(template, file), "utf8");
  const write = (file, content) => writeFileSync(join(folder, file), content);

  const entries = ["edge.js", "index.js", "inline.mjs", "node.mjs", "workerd.js"];
  const own = ["bytes.js", "driver.js", "errors.js", "exports.js", "input.js", "loading.js", "materialise.js", "text.js"];
  const asTheyAre = [...entries, ...own, "README.md"];
  for (const file of asTheyAre) write(file, read(file));
  if (existsSync(join(root, "LICENSE"))) cpSync(join(root, "LICENSE"), join(folder, "LICENSE"));
  write("package.json", read("package.json").replace('"version": "0.0.0"', `"version": "${version}"`));
  write(`${name}_bg.wasm`, wasm);
  write(`${name}.js`, adaptGlue(readFileSync(join(generated, `${name}.js`), "utf8"), names));
  write("base64.js", `export default "${wasm.toString("base64")}";\n`);
  write("base64.cjs", `module.exports = "${wasm.toString("base64")}";\n`);

  const types = declarations({
    loader: read("index.d.ts"),
    errors: read("errors.d.ts"),
    generated: readFileSync(join(generated, `${name}.d.ts`), "utf8"),
  });
  write("index.d.ts", types);
  write("index.d.cts", types);

  const { build } = await import("esbuild");
  const commonjs = { bundle: true, format: "cjs", platform: "node", target: "node20" };
  const entry = { entryPoints: [join(folder, "inline.mjs")], outfile: join(folder, "core.cjs") };
  await build({ ...commonjs, ...entry, plugins: [besideTheCode("./base64.js", "./base64.cjs")] });
  write("inline.cjs", shortCommonJS("./core.cjs", read("node.mjs")));
  await addSandbox(folder, { build });
  addSubpaths(folder);
}

/** Not in the bundle but in a file of its own. */
function besideTheCode(module, instead) {
  const setup = (build) =>
    build.onResolve({ filter: /./ }, ({ path }) => (path === module ? { path: instead, external: true } : undefined));
  return { name: "beside-the-code", setup };
}

/**
 * What `import` and `require` load in Node. Node looks through the text of a CommonJS module for its exports when it is
 * imported, and that takes as long as all the rest of loading, if the text is that of the whole package.
 */
function shortCommonJS(module, entry) {
  const names = entry.match(/^ {2}\w+(?=,$)/gm).map((name) => name.trim());
  const exported = ["default", ...names].map((name) => `exports.${name} = all.${name};\n`);
  const isModule = 'Object.defineProperty(exports, "__esModule", { value: true });';
  return `const all = require("${module}");\n${isModule}\n${exported.join("")}`;
}
