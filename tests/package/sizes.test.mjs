// What users load stays within the budget of pkg-template/sizes.json, and the build says how it changed.
import assert from "node:assert/strict";
import { test } from "node:test";

import { budget, lastRelease, measure, overBudget, table } from "../../pkg-template/build/sizes.mjs";
import { install } from "./support.mjs";

const project = await install();
const measured = await measure(project.packagePath());

test("each entry is within its budget", () => {
  assert.ok(Object.keys(budget).length > 0);
  assert.deepEqual(overBudget(measured), []);
});

test("an entry over its budget is told, by how much", () => {
  const { brotli } = measured["browser, both"];
  assert.deepEqual(overBudget(measured, { "browser, both": brotli }), []);
  assert.deepEqual(overBudget(measured, { "browser, both": brotli - 1 }), [
    `OVER BUDGET: browser, both has ${brotli} bytes of brotli, and may have ${brotli - 1}.`,
  ]);
});

test("the table tells raw, gzip and brotli of all entries, with the change since the last release", () => {
  const before = { version: "0.0.9", sizes: structuredClone(measured) };
  before.sizes["inline entry"].gzip -= 1500;
  before.sizes["the .wasm file"].brotli += 2500;
  delete before.sizes["the first job"];
  const lines = table(measured, before).split("\n");
  assert.match(lines[0], /raw +gzip +brotli/);
  assert.match(lines[1], /^the \.wasm file .+\(\+0\.0\).+\(\+0\.0\).+\(-2\.5\)$/);
  assert.match(lines[4], /^inline entry .+\(\+0\.0\).+\(\+1\.5\).+\(\+0\.0\)$/);
  assert.match(lines[5], /^the first job .+\(new\).+\(new\).+\(new\)$/);
  assert.match(lines[6], /since 0\.0\.9/);
  assert.deepEqual(Object.keys(lastRelease.sizes).filter((what) => !measured[what]), []);
});
