// What became of a request that got no answer, from the packed package in Node, against real servers.
import assert from "node:assert/strict";
import { test } from "node:test";

import { install } from "../package/support.mjs";
import { checkOutcomes } from "./outcomes/run.mjs";

const project = await install();
let checked = 0;

test("what became of a request that got no answer", { timeout: 60_000 }, async (t) => {
  const count = (name, check) => t.test(name, check).then(() => (checked += 1));
  await checkOutcomes({ project, command: [process.execPath], runtime: "Node", test: count });
  assert.ok(checked > 12);
});
