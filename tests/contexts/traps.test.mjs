// A trap of the WebAssembly, wherever in a call: that call rejects and gives its permit back, all others go on, and
// nothing goes uncaught.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Worker } from "node:worker_threads";

const courses = [
  "a good answer to a read",
  "a good answer to a write",
  "a good answer, with all that came",
  "an answer with an error",
  "an answer that cannot be decoded",
  "another attempt",
  "a lost connection",
  "a refreshed token",
  "an abort",
  "good answers to four calls at once",
];

function work(name, course) {
  const worker = new Worker(new URL("trapped.mjs", import.meta.url), { workerData: { work: name, course } });
  return new Promise((resolve, reject) => {
    worker.on("message", resolve);
    worker.on("error", reject);
    worker.on("exit", (code) => reject(new Error(`the worker ended with ${code}`)));
  });
}

describe("a trap at each step of a call: it rejects with internal-error, all else is as without", () => {
  for (const course of courses) {
    test(course, async (t) => {
      const { sound, steps, failed, wrong } = await work("sweep", course);
      t.diagnostic(`${steps} steps, at ${failed} of which a trap fails the call, which else ends with ${sound[0]}`);
      assert.ok(wrong.length === 0, `\n${wrong.join("\n")}`);
      assert.ok(failed > 0);
    });
  }
});

test("after more traps than permits, calls are answered as before", async () => {
  const { results, next, uncaught } = await work("repeat", "a good answer to a read");
  assert.deepEqual(results, Array(100).fill("internal-error, unknown"));
  assert.deepEqual(next, Array.from({ length: 10 }, (_, index) => `success next-${index}`));
  assert.deepEqual(uncaught, []);
});

test("a body for which there is no memory: the call rejects with internal-error, all others go on", async () => {
  const report = await work("exhaust", "a good answer to a write");
  assert.deepEqual(report, {
    result: "internal-error, unknown",
    next: "success next",
    other: "success other",
    uncaught: [],
  });
});
