import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { certificateFile, check, startSituations } from "./situations.mjs";

const execute = promisify(execFile);
const ROOT = fileURLToPath(certificateFile("root"));
const TRUST = { NODE_EXTRA_CA_CERTS: ROOT, DENO_CERT: ROOT };

/**
 * Makes the calls in a runtime, and checks each situation in a test of its own.
 * @param {{ path: Function, write: Function }} project where the package is installed
 * @param {string[]} command starts the runtime, up to the file
 * @param {(name: string, check: () => void) => unknown} test
 */
export async function checkOutcomes({ project, command: [program, ...options], runtime, test }) {
  const started = await startSituations();
  // Only Node lets a name be given addresses by hand.
  const situations = started.situations.filter(({ addresses }) => !addresses || runtime === "Node");
  await project.write("calls.mjs", await readFile(new URL("./calls.mjs", import.meta.url)));

  async function reports(trusts) {
    const chosen = situations.filter((situation) => Boolean(situation.trusts) === trusts);
    const told = JSON.stringify(chosen.map(({ host, addresses }) => ({ host, addresses })));
    const { NODE_EXTRA_CA_CERTS, DENO_CERT, ...inherited } = process.env;
    const env = { ...inherited, ...(trusts && TRUST), NO_COLOR: "1" };
    const { stdout } = await execute(program, [...options, "calls.mjs", told], { cwd: project.path(), env });
    return JSON.parse(stdout).map((report, index) => [chosen[index], report]);
  }

  try {
    const all = await Promise.all([reports(true), reports(false)]);
    for (const [situation, report] of all.flat()) await test(situation.name, () => check(situation, report, runtime));
  } finally {
    started.close();
  }
}
