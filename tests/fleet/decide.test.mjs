// What a store decides, step by step. redis.test.mjs shows that the script of Redis decides alike.
import assert from "node:assert/strict";
import { test } from "node:test";

import { decide, newWindow } from "../../pkg-template/tabs/decide.mjs";

const NOW = 1_800_000_000_000;
const quiet = { underWay: 0, waiting: 0, timeout: 30_000, limit: 10 };
const told = (remaining, resetIn = 60_000, resetAt = NOW + 60_000) => ({ remaining, resetAt, resetIn });

/** A window, and how many of so many requests it grants. */
function open() {
  const window = newWindow();
  const ask = (report, at = 0) => decide(window, { ...quiet, limiter: "one", priority: "interactive", ...report }, NOW + at);
  const granted = (count, report, at) => Array.from({ length: count }, () => ask(report, at)).filter((answer) => answer.granted).length;
  const tell = (report, at) => ask({ priority: undefined, ...report }, at);
  return { ask, granted, tell };
}

test("by our own count no more than the limit goes in a window, whoever asks", () => {
  const { ask, granted } = open();
  assert.equal(granted(6, { limiter: "one" }), 6);
  assert.equal(granted(6, { limiter: "two" }), 4);
  assert.deepEqual(ask({ limiter: "two" }, 20_000), { granted: false, wait: 40_000, limiters: 2 });
});

test("what the server says is left counts, less what is under way, if that is fewer", () => {
  const { ask, granted, tell } = open();
  tell({ limiter: "two", underWay: 3 });
  // It does not know yet what it was granted.
  assert.equal(granted(9, { underWay: 0, ...told(5) }), 2);
  // Soon, when those under way are answered.
  assert.equal(ask().wait, 250);
  tell({ limiter: "two", underWay: 0 });
  tell({ underWay: 1 });
  assert.equal(granted(9, { underWay: 1 }), 4);
  assert.deepEqual(ask(told(0)), { granted: false, wait: 60_000, limiters: 2 });
});

test("an interactive call that is refused waits, so bulk calls of others yield when something is left again", () => {
  const { ask, tell } = open();
  tell({ limiter: "two", underWay: 1, ...told(1) });
  assert.equal(ask({ limiter: "one" }).granted, false);
  tell({ limiter: "two", underWay: 0 });
  assert.deepEqual(ask({ limiter: "two", priority: "bulk" }), { granted: false, wait: 250, limiters: 2 });
  assert.equal(ask({ limiter: "one" }).granted, true);
});

test("what is under way counts no more after its timeout, if its limiter says nothing", () => {
  const { ask, tell } = open();
  tell({ limiter: "gone", underWay: 4, timeout: 5000, ...told(4) });
  assert.equal(ask({}, 4999).granted, false);
  assert.equal(ask({}, 5000).granted, true);
});

test("what is under way at the reset counts in the new window", () => {
  const { granted, tell } = open();
  tell({ limiter: "two", underWay: 3, timeout: 0, ...told(3) });
  assert.equal(granted(20, {}, 60_000), 7);
  // The same, where an answer tells the new window before our clock does.
  const early = open();
  early.tell({ limiter: "two", underWay: 3, timeout: 0, ...told(3) });
  assert.equal(early.granted(20, told(10, 60_000, NOW + 120_000), 59_000), 7);
});

test("one answer with an odd reset says nothing of later windows", () => {
  for (const odd of [NOW + 1e12, NOW + 100_000]) {
    const { ask, granted, tell } = open();
    tell(told(8, 60_000, odd));
    // Whoever had it tells it to the end.
    tell(told(7, 1, odd), 59_999);
    assert.equal(granted(1, {}, 60_000), 1);
    tell(told(4, 59_000, NOW + 120_000), 61_000);
    assert.equal(granted(20, {}, 61_000), 4);
    // One that is late is of the window before, and says nothing as ever.
    assert.equal(ask({}, 120_000).granted, true);
    tell(told(0, 1, NOW + 120_000), 120_000);
    assert.equal(ask({}, 120_000).granted, true);
  }
});

test("a clock that is set back stalls nobody", () => {
  // What may still be under way counts, unless that was long ago, or seems to be to come.
  for (const [back, count] of [[60_000, 7], [1e7, 10]]) {
    const { ask, granted, tell } = open();
    tell({ limiter: "gone", underWay: 3, ...told(0) });
    assert.equal(ask({}).granted, false);
    assert.equal(granted(20, {}, -back), count);
  }
});

test("an answer of an older window says nothing, and of one window the smallest number counts", () => {
  const { granted, tell } = open();
  tell(told(8));
  tell(told(0, 1, NOW));
  tell(told(9));
  assert.equal(granted(20, {}), 8);
});

test("bulk calls let the interactive calls of others go first, but one in ten goes", () => {
  const { ask, granted, tell } = open();
  tell({ limiter: "two", waiting: 12, limit: 100, ...told(12) });
  const bulk = { limiter: "one", priority: "bulk", limit: 100 };
  const interactive = { limiter: "two", waiting: 12, limit: 100 };
  assert.deepEqual([ask(bulk).granted, ask(bulk).wait], [false, 250]);
  assert.equal(granted(9, interactive), 9);
  assert.deepEqual([ask(bulk).granted, ask(bulk).granted], [true, false]);
  // Where there is enough for all, nobody waits.
  tell({ limiter: "two", waiting: 1, limit: 100 });
  assert.equal(ask(bulk).granted, true);
});

test("calls that wait hold nobody back for longer when their limiter is gone", () => {
  const bulk = { limiter: "one", priority: "bulk" };
  const { ask, tell } = open();
  tell({ limiter: "gone", waiting: 300, ...told(10) });
  assert.deepEqual([ask(bulk, 4999).granted, ask(bulk, 5000).granted], [false, true]);
  // Where the window is spent they ask when the next one begins.
  const spent = open();
  spent.tell({ limiter: "gone", waiting: 300, ...told(0) });
  assert.deepEqual([spent.ask(bulk, 64_999).granted, spent.ask(bulk, 65_000).granted], [false, true]);
});

test("who says nothing for two windows is forgotten", () => {
  const { ask } = open();
  ask({ limiter: "two" });
  assert.equal(ask({ limiter: "one" }, 120_000).limiters, 2);
  assert.equal(ask({ limiter: "one" }, 120_001).limiters, 1);
});

test("before the limit is known, all go", () => {
  const { granted } = open();
  assert.equal(granted(500, { limit: undefined }), 500);
});
