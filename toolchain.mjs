/**
 * What building and testing need on a machine, and how it gets there. Nothing that is installed already is changed:
 * our own copies of Rust tools go to target/tools. Only Node's own modules here, because this runs before `npm ci`.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

export const root = import.meta.dirname;

const toolsFolder = join(root, "target/tools");
const environmentsFolder = join(root, "tests/environments");
const benchFolder = join(root, "tests/bench");
const ours = [join(toolsFolder, "bin"), join(root, "node_modules/.bin")];
process.env.PATH = [...ours, process.env.PATH, join(homedir(), ".cargo/bin")].join(delimiter);

/** The one compiler that everything is built with. */
const rustVersion = /^channel = "(.+)"$/m.exec(readFileSync(join(root, "rust-toolchain.toml"), "utf8"))[1];
// Left to itself, rustup installs it in silence, at the first command that needs it.
process.env.RUSTUP_AUTO_INSTALL = "0";

/** Checks an API against its OpenAPI description. Python, in an environment of its own. */
export const schemathesis = join(toolsFolder, "python/bin/schemathesis");
const schemathesisRequirements = join(root, "tests/conformance/requirements.txt");

/** Python with the vendor's own client. */
export const vendorPython = join(toolsFolder, "vendor-sdk/bin/python");
const vendorRequirements = join(root, "tests/conformance/vendor-sdk-requirements.txt");

/** Makes clients of an OpenAPI description. Java, which comes from the same place, in an environment of its own. */
export const openapiGenerator = join(toolsFolder, "openapi-generator/bin/openapi-generator-cli");
const openapiGeneratorRequirements = join(root, "tests/bench/requirements.txt");

const tools = {
  rust: {
    isThere: () => isRust() || useRustByAnotherName(),
    doing: `installing Rust ${rustVersion} with rustup: about a minute`,
    install: () => run("rustup", "toolchain", "install", rustVersion, "--profile", "minimal", "--no-self-update"),
    otherwise:
      `Rust ${rustVersion}, which rust-toolchain.toml names, is not installed: get rustup from https://rustup.rs, ` +
      `run \`rustup toolchain install ${rustVersion}\`, then run this again.`,
  },
  rustfmt: {
    needs: ["rust"],
    isThere: () => succeeds("cargo", "fmt", "--version"),
    doing: "installing rustfmt with rustup: a few seconds",
    install: () => run("rustup", "component", "add", "rustfmt"),
    otherwise: "rustfmt is not installed: run `rustup component add rustfmt`, then run this again.",
  },
  clippy: {
    needs: ["rust"],
    isThere: () => succeeds("cargo", "clippy", "--version"),
    doing: "installing clippy with rustup: a few seconds",
    install: () => run("rustup", "component", "add", "clippy"),
    otherwise: "clippy is not installed: run `rustup component add clippy`, then run this again.",
  },
  wasm32: {
    needs: ["rust"],
    isThere: () => existsSync(output("rustc", "--print", "target-libdir", "--target", "wasm32-unknown-unknown").trim()),
    doing: "installing Rust's wasm32-unknown-unknown target with rustup: half a minute",
    install: () => run("rustup", "target", "add", "wasm32-unknown-unknown"),
    otherwise:
      "Rust cannot compile to WebAssembly: run `rustup target add wasm32-unknown-unknown`, then run this again.",
  },
  "wasm-bindgen": {
    needs: ["rust"],
    isThere: () => output("wasm-bindgen", "--version").trim() === `wasm-bindgen ${wasmBindgenVersion()}`,
    doing: () => `installing wasm-bindgen ${wasmBindgenVersion()} with cargo: about 2 minutes on 2 cores`,
    install: () => cargoInstall("wasm-bindgen-cli", wasmBindgenVersion()),
    otherwise: () =>
      `wasm-bindgen ${wasmBindgenVersion()} could not be installed: run ` +
      `\`cargo install wasm-bindgen-cli --locked --version ${wasmBindgenVersion()}\`, then run this again.`,
  },
  "wasm-pack": {
    needs: ["rust"],
    isThere: () => output("wasm-pack", "--version").trim() === "wasm-pack 0.15.1",
    doing: "installing wasm-pack 0.15.1 with cargo: about 3 minutes on 2 cores",
    install: () => cargoInstall("wasm-pack", "0.15.1"),
    otherwise:
      "wasm-pack 0.15.1 could not be installed: run `cargo install wasm-pack --locked --version 0.15.1`, " +
      "then run this again.",
  },
  "cargo-mutants": {
    needs: ["rust"],
    isThere: () => output("cargo", "mutants", "--version").trim() === "cargo-mutants 27.1.0",
    doing: "installing cargo-mutants 27.1.0 with cargo: about 2 minutes on 2 cores",
    install: () => cargoInstall("cargo-mutants", "27.1.0"),
    otherwise:
      "cargo-mutants 27.1.0 could not be installed: run `cargo install cargo-mutants --locked --version 27.1.0`, " +
      "then run this again.",
  },
  npm: {
    isThere: () => npmPackagesAreThere(root),
    doing: "installing the npm packages of package-lock.json: about 20 seconds",
    install: () => run("npm", "ci", "--no-audit", "--no-fund"),
    otherwise: "The npm packages could not be installed: run `npm ci`, then run this again.",
  },
  schemathesis: {
    isThere: () => output(schemathesis, "--version").includes(pinned("schemathesis", schemathesisRequirements)),
    doing: () => `installing schemathesis ${pinned("schemathesis", schemathesisRequirements)} with pip: about 20 seconds`,
    install: () => pipInstall("python", schemathesisRequirements),
    otherwise:
      "schemathesis could not be installed: install Python 3.10 or later with its venv module " +
      "(Debian: `apt-get install python3-venv`), then run this again.",
  },
  "vendor-sdk": {
    isThere: () =>
      output(vendorPython, "-m", "pip", "freeze").includes(`thousandeyes-sdk-administrative==${vendorVersion()}\n`),
    doing: () => `installing the vendor's Python client ${vendorVersion()} with pip: about 20 seconds`,
    install: () => pipInstall("vendor-sdk", vendorRequirements),
    otherwise:
      "The vendor's Python client could not be installed: install Python 3.10 or later with its venv module " +
      "(Debian: `apt-get install python3-venv`), then run this again.",
  },
  environments: {
    isThere: () => npmPackagesAreThere(environmentsFolder),
    doing: "installing the runtimes, bundlers and frameworks of tests/environments with npm: about two minutes, 1.7 GB",
    // `npm ci` refuses a lock file that lacks other systems' optional packages (npm/cli#4828).
    install: () => run("npm", "install", "--no-save", "--no-audit", "--no-fund", "--prefix", environmentsFolder),
    otherwise:
      "The runtimes, bundlers and frameworks of tests/environments could not be installed: run `npm install` in that folder, " +
      "then run this again.",
  },
  peers: {
    isThere: () => npmPackagesAreThere(benchFolder),
    doing: "installing the npm packages that tests/bench/ compares with: a few seconds",
    install: () => run("npm", "ci", "--no-audit", "--no-fund", "--prefix", benchFolder),
    otherwise: "The npm packages of tests/bench/ could not be installed: run `npm ci` in that folder, then run this again.",
  },
  "openapi-generator": {
    isThere: () => output(openapiGenerator, "version").trim() === openapiGeneratorVersion(),
    doing: () => `installing openapi-generator ${openapiGeneratorVersion()} and its Java with pip: half a minute, 160 MB`,
    install: () => pipInstall("openapi-generator", openapiGeneratorRequirements),
    otherwise:
      "openapi-generator could not be installed: install Python 3.10 or later with its venv module " +
      "(Debian: `apt-get install python3-venv`), then run this again.",
  },
  browser: {
    isThere: () => succeeds("chromium", "--version") && succeeds("chromedriver", "--version"),
    doing: "installing Chromium and chromedriver with apt-get: about a minute",
    install: () => aptInstall("chromium", "chromium-driver"),
    otherwise:
      "Chromium and chromedriver are not installed: install both, then run this again " +
      "(Debian: `apt-get install chromium chromium-driver`).",
  },
  redis: {
    isThere: () => succeeds("redis-server", "--version"),
    doing: "installing Redis with apt-get: a few seconds",
    install: () => aptInstall("redis-server"),
    otherwise: "Redis is not installed: install it, then run this again (Debian: `apt-get install redis-server`).",
  },
  firefox: {
    isThere: () => succeeds("firefox-esr", "--version"),
    doing: "installing Firefox with apt-get: about a minute",
    install: () => aptInstall("firefox-esr"),
    otherwise:
      "Firefox is not installed: install it, then run this again (Debian: `apt-get install firefox-esr`).",
  },
  webkit: {
    isThere: () => webkitBrowser() !== undefined && succeeds("which", "xvfb-run", "xauth"),
    doing: "installing WebKit's small browser and Xvfb with apt-get: about a minute",
    install: () => aptInstall("webkit2gtk-driver", "xvfb", "xauth"),
    otherwise:
      "WebKit's MiniBrowser and Xvfb are not installed: install both, then run this again " +
      "(Debian: `apt-get install webkit2gtk-driver xvfb xauth`).",
  },
};

/** Sees to it that the named tools are there. Throws the sentence that says what to do when one cannot be had. */
export function ensure(names, log = console.log) {
  for (const name of names) {
    const { needs = [], isThere, doing, install, otherwise } = tools[name];
    ensure(needs, log);
    if (isThere()) continue;
    if (install) {
      log(text(doing));
      try {
        install();
      } catch (error) {
        log(error.message);
      }
    }
    if (!install || !isThere()) throw new Error(text(otherwise));
  }
}

/** Runs a command to its end and gives what it printed; a failure throws, with the end of what it printed. */
export function run(command, ...args) {
  const result = spawnSync(command, args, { cwd: root, encoding: "utf8", maxBuffer: 1e9 });
  if (result.status === 0) return result.stdout;
  const printed = result.error?.message ?? (result.stdout + result.stderr).trim().split("\n").slice(-40).join("\n");
  throw new Error(`${[command, ...args].join(" ")} failed:\n${printed}`);
}

/** What cargo knows of the crate: version, dependencies, and where its output goes. */
export function crate() {
  const { packages, target_directory } = JSON.parse(run("cargo", "metadata", "--no-deps", "--format-version", "1"));
  return { ...packages[0], targetFolder: target_directory };
}

function isRust(...toolchain) {
  return output("rustc", ...toolchain, "--version").startsWith(`rustc ${rustVersion} `);
}

/** rustup knows the same release by several names, such as `stable`, and would install it once more for another one. */
function useRustByAnotherName() {
  const names = output("rustup", "toolchain", "list").match(/^\S+/gm) ?? [];
  const same = names.find((name) => isRust(`+${name}`));
  if (same) process.env.RUSTUP_TOOLCHAIN = same;
  return Boolean(same);
}

/** The tool must be the very release of the crate, so Cargo.toml pins it: `wasm-bindgen = "=…"`. */
function wasmBindgenVersion() {
  return crate()
    .dependencies.find(({ name }) => name === "wasm-bindgen")
    .req.replace(/^=/, "");
}

function cargoInstall(name, version) {
  run("cargo", "install", name, "--locked", "--version", version, "--root", toolsFolder);
}

function aptInstall(...packages) {
  const asRoot = process.getuid() === 0 ? [] : ["sudo", "-n"];
  const aptGet = [...asRoot, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
  run(...aptGet, "update");
  run(...aptGet, "install", "-y", "--no-install-recommends", ...packages);
}

/** The version of a Python package that a file of requirements names. */
function pinned(name, requirements) {
  return new RegExp(`^${name}==(.+)$`, "m").exec(readFileSync(requirements, "utf8"))[1];
}

function vendorVersion() {
  return pinned("thousandeyes-sdk-administrative", vendorRequirements);
}

function openapiGeneratorVersion() {
  return pinned("openapi-generator-cli", openapiGeneratorRequirements);
}

/** Into an environment of its own. */
function pipInstall(name, requirements) {
  const environment = join(toolsFolder, name);
  run("python3", "-m", "venv", "--clear", environment);
  run(join(environment, "bin/pip"), "install", "--quiet", "--disable-pip-version-check", "-r", requirements);
}

/** Where Debian puts WebKit's own small browser, which is on no PATH. */
export function webkitBrowser() {
  return output("dpkg", "--listfiles", "libwebkit2gtk-4.1-0").match(/^.*\/MiniBrowser$/m)?.[0];
}

/** Whether node_modules holds what package-lock.json names; npm's own list of it may lack other systems' packages. */
function npmPackagesAreThere(folder) {
  const installedList = join(folder, "node_modules/.package-lock.json");
  if (!existsSync(installedList)) return false;
  const installed = readPackages(installedList);
  return Object.entries(readPackages(join(folder, "package-lock.json"))).every(
    ([place, { version, optional }]) => place === "" || optional || installed[place]?.version === version,
  );
}

function readPackages(lockFile) {
  return JSON.parse(readFileSync(lockFile, "utf8")).packages;
}

function succeeds(command, ...args) {
  return spawnSync(command, args, { cwd: root }).status === 0;
}

function output(command, ...args) {
  return spawnSync(command, args, { cwd: root, encoding: "utf8" }).stdout ?? "";
}

function text(value) {
  return typeof value === "function" ? value() : value;
}
