import { Problem } from "./problem.mjs";

/** How many in a window, how many are left, and when it ends. */
export const RATE_LIMIT_HEADERS = ["limit", "remaining", "reset"].map((name) => `x-organization-rate-limit-${name}`);

/**
 * One window for the whole organization, which begins anew at every multiple of `rateWindow`.
 * @param {{ rateLimit: number, rateWindow: number }} options
 * @param {() => number} now
 */
export function createRateLimit({ rateLimit, rateWindow }, now) {
  let windowStart = -Infinity;
  let used = 0;

  function turn() {
    const start = Math.floor(now() / rateWindow) * rateWindow;
    if (start !== windowStart) {
      windowStart = start;
      used = 0;
    }
  }

  return {
    /** Counts one request, or refuses it. */
    consume() {
      if (rateLimit === 0) return;
      turn();
      if (used >= rateLimit) throw new Problem(429, "Wait until the time that X-Organization-Rate-Limit-Reset gives.");
      used += 1;
    },

    headers() {
      if (rateLimit === 0) return {};
      turn();
      const values = [rateLimit, rateLimit - used, Math.ceil((windowStart + rateWindow) / 1000)];
      return Object.fromEntries(RATE_LIMIT_HEADERS.map((name, index) => [name, String(values[index])]));
    },

    reset() {
      windowStart = -Infinity;
    },
  };
}
