/**
 * `npm test`: runs every part of the tests and adds up what their runners counted. `--only rust,package` runs a few,
 * `--verbose` shows what passing parts print, too. The last line is always `total: N passed, N failed`.
 */
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";

import { ensure, root } from "../toolchain.mjs";

const parts = [
  { name: "format", needs: ["rustfmt"], command: "cargo fmt --check", count: oneCheck },
  { name: "lint", needs: ["clippy"], command: "cargo clippy --all-targets -- -D warnings", count: oneCheck },
  {
    name: "lint-wasm",
    needs: ["clippy", "wasm32"],
    // Each of the two WebAssemblies has modules that the other one lacks.
    command: ["", " --features jobs"]
      .map((features) => `cargo clippy --target wasm32-unknown-unknown --lib${features} -- -D warnings`)
      .join(" && "),
    count: oneCheck,
  },
  { name: "rust", needs: ["rust"], command: "cargo test", count: rustTests },
  {
    name: "runs",
    needs: ["rust"],
    command: "STEPS=10000 cargo test --test runs steps_with_faults -- --nocapture",
    count: rustTests,
    show: /^seed .*/m,
  },
  {
    name: "wasm-node",
    needs: ["wasm32", "wasm-bindgen", "wasm-pack"],
    command: "wasm-pack test --node",
    count: rustTests,
  },
  {
    name: "wasm-browser",
    needs: ["wasm32", "wasm-bindgen", "wasm-pack", "browser"],
    command: "wasm-pack test --headless --chrome",
    count: rustTests,
  },
  { name: "differential", needs: ["wasm32", "wasm-bindgen", "npm"], command: nodeTest("tests/differential"), count: nodeTests },
  { name: "build", needs: [], command: "node pkg-template/build.mjs", count: oneCheck },
  { name: "sandbox", needs: ["npm"], command: nodeTest("tests/sandbox"), count: nodeTests },
  { name: "conformance", needs: ["npm", "schemathesis", "vendor-sdk"], command: nodeTest("tests/conformance"), count: nodeTests },
  { name: "package", needs: ["npm"], after: "build", command: nodeTest("tests/package"), count: nodeTests },
  { name: "proxy", needs: ["npm"], after: "build", command: nodeTest("tests/proxy"), count: nodeTests },
  { name: "journal", needs: ["npm"], after: "build", command: nodeTest("tests/journal"), count: nodeTests },
  { name: "types", needs: ["npm"], after: "build", command: nodeTest("tests/package/types"), count: nodeTests },
  { name: "browser", needs: ["npm", "browser"], after: "build", command: nodeTest("tests/browser"), count: nodeTests },
  { name: "faults", needs: ["npm", "browser"], after: "build", command: nodeTest("tests/faults"), count: nodeTests },
  {
    name: "administration",
    needs: ["npm"],
    after: "build",
    command: nodeTest("tests/administration"),
    count: nodeTests,
    show: /^┌.*(?:\n[│├└].*)*/m,
  },
  {
    name: "fleet",
    needs: ["npm", "redis"],
    after: "build",
    command: nodeTest("tests/fleet"),
    count: nodeTests,
    show: /^▶ eight[^]*?^. eight.*$/m,
  },
  { name: "contexts", needs: ["npm", "environments"], after: "build", command: nodeTest("tests/contexts"), count: nodeTests },
  { name: "bench", needs: ["npm", "browser"], after: "build", command: nodeTest("tests/bench"), count: nodeTests },
  {
    name: "environments",
    needs: ["npm"], // Each environment sees to its own, so that one that cannot be installed fails alone.
    after: "build",
    command: nodeTest("tests/environments", "--test-concurrency=1", ...reporter("./tests/environments/table.mjs")),
    count: nodeTests,
    show: /^environment .*(?:\n.+)*/m,
  },
];

const { only, verbose } = parseArgs({ options: { only: { type: "string" }, verbose: { type: "boolean" } } }).values;
const wanted = only ? select(only.split(",")) : parts;
const total = { passed: 0, failed: 0 };
const broken = new Set();

for (const part of wanted) {
  console.log(`${part.name}: ${part.command}`);
  const start = performance.now();
  const { passed, failed, output } = await judge(part);
  if (failed > 0) broken.add(part.name);
  if (failed > 0 || verbose) console.log(`\n${output.trim()}\n`);
  else if (part.show) console.log(`\n${part.show.exec(output)?.[0]}\n`);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${failed > 0 ? "FAILED" : "ok"}: ${passed} passed, ${failed} failed, in ${seconds} s\n`);
  total.passed += passed;
  total.failed += failed;
}

if (broken.size > 0) console.log(`failed parts: ${[...broken].join(", ")}`);
console.log(`total: ${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** Runs a part. One whose command failed, or that ran no test at all, has at least one failure. */
async function judge({ needs, after, command, count }) {
  if (broken.has(after)) return { passed: 0, failed: 1, output: `Not run, because the part ${after} failed.` };
  try {
    ensure(needs);
  } catch (error) {
    return { passed: 0, failed: 1, output: error.message };
  }
  const { succeeded, output } = await execute(command);
  const { passed, failed } = count(output, succeeded);
  if (!succeeded) return { passed, failed: Math.max(failed, 1), output };
  if (passed + failed === 0) return { passed, failed: 1, output: `${output}\nNo test was run.` };
  return { passed, failed, output };
}

function execute(command) {
  const { FORCE_COLOR, ...inherited } = process.env;
  const env = { ...inherited, NO_COLOR: "1", CARGO_TERM_COLOR: "never" };
  const options = { shell: true, cwd: root, env, stdio: ["ignore", "pipe", "pipe"], timeout: 30 * 60 * 1000 };
  return new Promise((resolve) => {
    const child = spawn(command, options);
    let output = "";
    const collect = (text) => (output += text);
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    child.on("error", (error) => resolve({ succeeded: false, output: error.message }));
    child.on("close", (status) => resolve({ succeeded: status === 0, output }));
  });
}

function nodeTest(folder, ...options) {
  return ["node --test", ...reporter("spec"), ...options, `${folder}/*.test.mjs`].join(" ");
}

function reporter(name) {
  return [`--test-reporter=${name}`, "--test-reporter-destination=stdout"];
}

function oneCheck(_output, succeeded) {
  return succeeded ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** cargo test and wasm-bindgen's runner end each binary with the same line. An ignored test did not pass. */
function rustTests(output) {
  const counts = /^test result: .*?(?<passed>\d+) passed; (?<failed>\d+) failed; (?<ignored>\d+) ignored/gm;
  return sum(output.matchAll(counts));
}

/** node:test ends with one line for each outcome. A test that was skipped or left for later did not pass. */
function nodeTests(output) {
  return sum(output.matchAll(/^ℹ (?:pass (?<passed>\d+)|(?:fail|cancelled|skipped|todo) (?<failed>\d+))$/gm));
}

function sum(matches) {
  const result = { passed: 0, failed: 0 };
  for (const { groups } of matches) {
    result.passed += Number(groups.passed ?? 0);
    result.failed += Number(groups.failed ?? 0) + Number(groups.ignored ?? 0);
  }
  return result;
}

/** The parts by these names, in their order, with the parts that they come after. */
function select(names) {
  const unknown = names.filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0) {
    console.error(`There is no part ${unknown.join(", ")}; the parts are ${parts.map(({ name }) => name).join(", ")}.`);
    process.exit(1);
  }
  const chosen = parts.filter(({ name }) => names.includes(name));
  return parts.filter((part) => chosen.includes(part) || chosen.some(({ after }) => after === part.name));
}
