import assert from "node:assert/strict";

/** What every case expects unless it says otherwise. */
const always = { strayed: [], leaks: [], after: "success" };

/** Compares what a case reported with what it expects on a platform. */
export function check(report, { chromium, ...expected }, platform) {
  const { gap, ...wanted } = { ...always, ...expected, ...(platform === "chromium" && chromium) };
  const seen = Object.fromEntries(Object.keys(wanted).map((key) => [key, report[key]]));
  assert.deepEqual(seen, wanted, JSON.stringify(report));
  // Timers count in whole milliseconds, clocks do not.
  if (gap !== undefined) assert.ok(report.gap > gap - 10, `sent again after ${report.gap} ms instead of ${gap} ms`);
}
