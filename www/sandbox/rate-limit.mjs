import { Problem } from "./problem.mjs";

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
      return {
        "x-organization-rate-limit-limit": String(rateLimit),
        "x-organization-rate-limit-remaining": String(rateLimit - used),
        "x-organization-rate-limit-reset": String(Math.ceil((windowStart + rateWindow) / 1000)),
      };
    },

    reset() {
      windowStart = -Infinity;
    },
  };
}
