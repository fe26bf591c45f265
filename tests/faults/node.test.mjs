// The fault matrix in Node.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { inspect } from "node:util";
import { runInNewContext } from "node:vm";

import * as pkg from "../../pkg/node.mjs";
import { cases } from "./cases/index.mjs";
import { check } from "./check.mjs";
import { MARK, runCase } from "./run-case.mjs";
import { startFaultyServer } from "./server/server.mjs";

const printed = [];
for (const level of ["debug", "log", "info", "warn", "error"]) {
  console[level] = (...given) => printed.push(inspect(given, { depth: Infinity, showHidden: true }));
}

const server = await startFaultyServer();
after(() => server.close());

const platform = {
  name: "node",
  origin: server.url,
  pkg,
  inspect: (error) => inspect(error, { depth: Infinity, showHidden: true }),
  ForeignError: runInNewContext("Error"),
  foreignPromise: runInNewContext('() => Promise.reject(new Error("foreign"))'),
};

describe("the fault matrix in Node", { concurrency: 8 }, () => {
  for (const [index, { name, expected }] of cases.entries()) {
    test(name, async () => check(await runCase(index, platform), expected, "node"));
  }
});

test("nothing on the console shows a token", () => {
  assert.ok(printed.length > 0);
  assert.deepEqual(printed.filter((text) => text.includes(MARK)), []);
});
