/**
 * `npm run mutants`: changes the core in one place at a time (cargo-mutants), and runs the native tests on each change.
 * A change that no test notices must be in survivors.json, with the reason why nobody else would notice it, either.
 * Further arguments go to cargo-mutants: `-- --file src/retry.rs`, `-- --shard 0/20`, `-- --jobs 2`.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { ensure, root } from "../../toolchain.mjs";
import { judge, limit } from "./judge.mjs";

const output = join(root, "target");

ensure(["rust", "cargo-mutants"]);
const { status } = spawnSync(
  "cargo",
  ["mutants", "--config", join(import.meta.dirname, "mutants.toml"), "--output", output, ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: "inherit",
    // A mutant is found by examples or by few generated ones; debugging information would only cost time.
    env: { CARGO_PROFILE_DEV_DEBUG: "0", PROPTEST_CASES: "32", ...process.env },
  },
);
// 2 says that mutants survived, 3 that some ended in a time limit: both are judged here.
if (![0, 2, 3].includes(status)) process.exit(status ?? 1);

const { outcomes } = JSON.parse(readFileSync(join(output, "mutants.out/outcomes.json"), "utf8"));
const survivors = JSON.parse(readFileSync(join(import.meta.dirname, "survivors.json"), "utf8"));
const { viable, survived, unknown, outdated } = judge(outcomes, survivors, (file) => readFileSync(join(root, file), "utf8"));

const share = viable === 0 ? 0 : survived / viable;
console.log(`${survived} of ${viable} viable mutants survived: ${(share * 100).toFixed(1)} %, of at most ${limit * 100} %.`);
for (const { file, line, mutant } of unknown) console.log(`Not in survivors.json: ${file}: ${mutant}, in: ${line}`);
for (const { file, line, mutant } of outdated) console.log(`To be taken out of survivors.json: ${file}: ${mutant}, in: ${line}`);
// Of a part of them the share says little.
const isAll = process.argv.length === 2;
process.exit(unknown.length > 0 || outdated.length > 0 || (isAll && share > limit) ? 1 : 0);
