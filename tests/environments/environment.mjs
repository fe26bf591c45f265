// What the tests of all environments share: the package in a fresh project, a sandbox, and the rows of the table.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, beforeEach, describe, test } from "node:test";
import { pathToFileURL } from "node:url";

import { ensure } from "../../toolchain.mjs";
import { startSandbox } from "../../www/sandbox/server.mjs";
import { install } from "../package/support.mjs";

export const token = "te-token-of-the-environments";
export const project = await install();
export const server = await startSandbox({ port: 0, token });
export const credentials = { TE_API_ENDPOINT: server.url, TE_TOKEN: token };
after(() => server.close());
beforeEach(() => {
  server.sandbox.reset();
  server.sandbox.faults.add({ fault: "hang", match: { path: "/users/current" } });
});

await project.write("exercise.js", readFileSync(join(import.meta.dirname, "exercise.js")));

/**
 * A row of the table. What cannot be installed is a failed row, which says what is missing.
 * @param {string[]} tools names in toolchain.mjs
 * @param {() => string} version asked once the tools are there
 * @param {(test: (name: string, check: (t: object) => unknown) => void) => void} checks
 */
export function environment(name, { tools = ["environments"], version }, checks) {
  const limited = (what, check) => test(what, { timeout: 5 * 60_000 }, check);
  try {
    ensure(tools, () => {});
    describe(`${name} ${version()}`, () => checks(limited));
  } catch (error) {
    describe(`${name} missing`, () => limited("is installed", () => assert.fail(error.message)));
  }
}

/** Whether the calls and the jobs of exercise.js came out right, and arrived at the sandbox. */
export function assertExercised(result) {
  assert.deepEqual(result, {
    added: 1,
    name: "Ümit Überall 山田",
    missing: "NotFoundException",
    isNotFoundException: true,
    status: 404,
    aborted: "left the page",
    found: "Ümit Überall 山田",
    foundNobody: true,
  });
  const sent = server.sandbox.requests.map(({ method, path }) => `${method} ${path}`);
  for (const call of ["GET /v7/users", "POST /v7/users", "GET /v7/users/987654321", "GET /v7/users/current"]) {
    assert.ok(sent.includes(call), `${call} is in ${sent}`);
  }
}

/** A file of the npm packages that only these tests need. */
export const installed = (...names) => join(import.meta.dirname, "node_modules", ...names);
export const versionOf = (name) => JSON.parse(readFileSync(installed(name, "package.json"), "utf8")).version;
/** Some need a newer Node than the oldest one that the package supports. */
export const newerNode = installed("node-24/bin/node");
export const load = (...names) => import(pathToFileURL(installed(...names)));
