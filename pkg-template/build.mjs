/**
 * `npm run build`: compiles the crate and fills pkg/ with what is published. With `--record-sizes`, at a release, the
 * sizes become those that later builds are compared with. With `--modules` it tells what each module of src/ weighs.
 */
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { crate, ensure, root, run } from "../toolchain.mjs";
import { declarations } from "./build/declarations.mjs";
import { adaptGlue } from "./build/glue.mjs";
import { modules } from "./build/modules.mjs";
import { npmPage } from "./build/npm-page.mjs";
import { addProxy } from "./build/proxy.mjs";
import { measure, record, table } from "./build/sizes.mjs";
import { addStores } from "./build/stores.mjs";
import { addJournal, addModule, addSubpaths } from "./build/subpaths.mjs";

const name = "thousandeyes_admin";
const template = import.meta.dirname;
// What users load is compressed. Large functions put into one another, squeezed by -Oz or stripped of zeros are smaller
// before that only; next to others of a like name they are smaller behind it. Small ones put into their callers are
// smaller, and a call is faster. Functions that differ in a few constants become one that is told them.
const inlined = ["--one-caller-inline-max-function-size=30", "--always-inline-max-function-size=3"];
const alike = ["--merge-similar-functions", "--code-folding"];
const compressible = [...inlined, "--skip-pass=memory-packing", "--skip-pass=simplify-locals", ...alike, "--reorder-functions-by-name"];
// The lowest kilobyte is the far end of the stack, where no pointer points.
const smallest = ["-O2", "--converge", "--low-memory-unused", ...compressible, "--strip-target-features", "--strip-producers"];

// A trap leaves its part of the stack behind (nothing unwinds there), 2 KB and more each time. Twice the usual stack bears
// about a thousand of them; what nobody touches takes no memory.
const stack = "-Clink-arg=-zstack-size=2097152";

try {
  ensure(["wasm32", "wasm-bindgen", "npm"]);
  const { version, targetFolder } = crate();
  const work = join(targetFolder, "npm");
  const generated = join(work, "bindgen");
  const staged = join(work, "pkg");
  const published = join(root, "pkg");

  // Two of one crate: that of the client, and that of the jobs of administration, which is loaded when the first one begins.
  const parts = [
    { name, features: [] },
    { name: "thousandeyes_jobs", features: ["--features", "jobs"] },
  ];
  for (const part of parts) {
    step(`compile ${part.name}`, () => compile(part.features));
    const compiled = join(targetFolder, "wasm32-unknown-unknown/release", `${name}.wasm`);
    step("generate the bindings", () => bind(compiled, generated, part.name));
    part.bound = join(generated, `${part.name}_bg.wasm`);
    part.wasm = step("optimise the WebAssembly", () => optimise(part.bound, join(work, part.name)));
  }
  await step("assemble the package", () => assemble(generated, parts, version, staged));
  // Only now, and at one stroke: a failed build leaves the last good package in its place.
  rmSync(published, { recursive: true, force: true });
  renameSync(staged, published);

  const measured = await measure(published);
  if (process.argv.includes("--record-sizes")) record(version, measured);
  console.log(`\nthousandeyes-admin ${version} is in pkg/\n\n${table(measured)}`);
  if (process.argv.includes("--modules")) {
    for (const { name, bound } of parts) console.log(`\n${name}\n${modules(withNames(bound, join(work, name)))}`);
  }
} catch (error) {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}

function step(what, work) {
  console.log(what);
  return work();
}

/** As `cargo build --release` compiles the crate anywhere, without a word of this machine in it. */
function compile(features) {
  const args = ["build", "--release", "--quiet", "--target", "wasm32-unknown-unknown", "--lib", ...features];
  const env = { ...process.env, CARGO_ENCODED_RUSTFLAGS: [...withoutLocalPaths(), stack].join("\x1f") };
  const { status } = spawnSync("cargo", args, { cwd: root, env, stdio: "inherit" });
  if (status !== 0) throw new Error("The crate does not compile: correct what cargo reports above, then run this again.");
}

/**
 * Panic messages name source files, with the folders that they lie in on this machine: nobody's business, and another
 * WebAssembly from every machine (wasm-bindgen#3422). Cargo's own means against it, trim-paths, is not stable yet
 * (rust-lang/rust#111540).
 */
function withoutLocalPaths() {
  const { packages } = JSON.parse(run("cargo", "metadata", "--format-version", "1"));
  const downloaded = packages.filter(({ source }) => source !== null);
  const folders = new Set(downloaded.map(({ manifest_path }) => dirname(dirname(manifest_path))));
  return [...[...folders].map((folder) => `--remap-path-prefix=${folder}=`), asWithoutRustSource()];
}

/** Where rustup's component rust-src is installed, the standard library's files get their place on this machine, too. */
function asWithoutRustSource() {
  const [, commit] = /^commit-hash: (\w+)$/m.exec(run("rustc", "--version", "--verbose"));
  return `--remap-path-prefix=${run("rustc", "--print", "sysroot").trim()}/lib/rustlib/src/rust=/rustc/${commit}`;
}

function bind(compiled, folder, as) {
  const web = ["--target", "web", "--omit-default-module-path"];
  run("wasm-bindgen", ...web, "--out-name", as, "--out-dir", folder, compiled);
}

/** The same WebAssembly, but with the names of its functions. */
function withNames(input, work) {
  const result = join(work, "named.wasm");
  run("wasm-opt", ...smallest, "--debuginfo", input, "-o", result);
  return readFileSync(result);
}

/** Slow, so the result is kept until the input changes. Always npm's wasm-opt: Debian's breaks the module. */
function optimise(input, work) {
  mkdirSync(work, { recursive: true });
  const result = join(work, "optimised.wasm");
  const keyFile = join(work, "optimised.key");
  const lockFile = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const key = createHash("sha256")
    .update(lockFile.packages["node_modules/binaryen"].version)
    .update(readFileSync(import.meta.filename))
    .update(readFileSync(input))
    .digest("hex");
  if (!existsSync(keyFile) || readFileSync(keyFile, "utf8") !== key) {
    run("wasm-opt", ...smallest, "--strip-debug", input, "-o", result);
    writeFileSync(keyFile, key);
  }
  return readFileSync(result);
}

async function assemble(generated, parts, version, folder) {
  const [client, jobs] = parts;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const read = (file) => readFileSync(join(template, file), "utf8");
  const write = (file, content) => writeFileSync(join(folder, file), content);

  const scripts = readdirSync(template).filter((file) => /\.m?js$/.test(file) && file !== "build.mjs");
  for (const file of scripts) write(file, read(file));
  for (const file of ["CHANGELOG.md", "LICENSE"]) cpSync(join(root, file), join(folder, file));
  write("README.md", npmPage(read("README.md"), readFileSync(join(root, "README.md"), "utf8")));
  write("package.json", read("package.json").replace('"version": "0.0.0"', `"version": "${version}"`));
  for (const { name, wasm } of parts) write(`${name}_bg.wasm`, wasm);
  const glue = readFileSync(join(generated, `${name}.js`), "utf8");
  write(`${name}.js`, adaptGlue(glue));
  cpSync(join(generated, `${jobs.name}.js`), join(folder, `${jobs.name}.js`));
  for (const [file, { wasm }] of [["base64", client], ["jobs64", jobs]]) {
    write(`${file}.js`, `export default "${wasm.toString("base64")}";\n`);
    write(`${file}.cjs`, `module.exports = "${wasm.toString("base64")}";\n`);
  }

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
  await build({ ...commonjs, ...entry, plugins: [besideTheCode("base64"), besideTheCode("jobs64")] });
  write("inline.cjs", shortCommonJS("./core.cjs", read("node.mjs")));
  // Not before the npm packages are there, which it uses.
  const { addSandbox } = await import("./build/sandbox.mjs");
  await addSandbox(folder, { build, version });
  await addProxy(folder, { build });
  await addModule(folder, "opentelemetry", { build, version });
  await addJournal(folder, { build });
  await addStores(folder, { build });
  addSubpaths(folder);
}

/** Not in the bundle but in a file of its own. */
function besideTheCode(module) {
  const setup = (build) =>
    build.onResolve({ filter: /./ }, ({ path }) => (path === `./${module}.js` ? { path: `./${module}.cjs`, external: true } : undefined));
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
