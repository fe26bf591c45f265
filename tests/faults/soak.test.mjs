// A great many calls of each kind: whatever becomes of them, the memory of the WebAssembly does not grow after the first,
// nor does its table of JavaScript's values, nor the heap.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { Worker } from "node:worker_threads";

import { names } from "./soak-kinds.mjs";

const CALLS = 100_000;
const WARM_UP = 10_000;
/** A leak of 50 bytes for each call would be more. */
const HEAP_MARGIN = 4_000_000;

const work = [...names.map((name) => ({ name, kinds: [name] })), { name: "all of these in turn", kinds: names }];

/** Each kind has a worker of its own, so that none meets what another one left. Two of them work at a time. */
const AT_A_TIME = 2;
const reports = new Map();
for (let index = 0; index < work.length; index += 1) {
  const before = work[index - AT_A_TIME];
  reports.set(work[index].name, Promise.resolve(reports.get(before?.name)).catch(() => {}).then(() => soak(work[index])));
}

function soak({ kinds }) {
  const worker = new Worker(new URL("soaked.mjs", import.meta.url), { workerData: { kinds, calls: CALLS, warmUp: WARM_UP } });
  return new Promise((resolve, reject) => {
    worker.on("message", resolve);
    worker.on("error", reject);
    worker.on("exit", () => reject(new Error("the worker told nothing")));
  });
}

for (const { name } of work) {
  describe(`${CALLS} calls: ${name}`, () => {
    let report;
    before(async () => (report = await reports.get(name)));

    test("each ended as it should", (t) => {
      t.diagnostic(`${name}: ${((report.seconds / report.done) * 1e6).toFixed()} µs a call, ${JSON.stringify(report.late)}`);
      assert.deepEqual(report.wrong, []);
      assert.equal(report.done, CALLS);
    });

    test("the memory of the WebAssembly stays as it was", () => assert.equal(report.late.wasm, report.early.wasm));

    test("its table of JavaScript's values stays as it was", () => assert.equal(report.late.tables, report.early.tables));

    test("the heap does not grow without bound", () => {
      assert.ok(report.late.heap - report.early.heap < HEAP_MARGIN, `${report.late.heap - report.early.heap} bytes more`);
    });
  });
}
