/** What a store decides: a report comes in, and perhaps a request is granted. */

/** An entry of a limiter that says nothing more is dropped after two windows. */
const FORGOTTEN = 120_000;
/** How long a window is that nobody told the end of. */
const WINDOW = 60_000;
/** No window is longer: one that seems to be began before the clock was set back. */
const LONGEST = 65_000;
/** In so many milliseconds requests under way are answered, or other calls have gone. */
const SOON = 250;
/** Calls that wait ask again within so many milliseconds of when they may, unless their limiter is gone. */
const ASKS_AGAIN = 5_000;
/** So many interactive calls go before a bulk call goes in any case. */
const PASSED = 9;

export const newWindow = () => ({ used: 0, ends: 0, reset: 0, isAssumed: true, passed: 0, limiters: new Map() });

/** Takes the report into the window, and says whether a request may go. */
export function decide(window, report, now) {
  const { limiter, priority, underWay, waiting, timeout, limit, remaining, resetAt, resetIn } = report;
  const { limiters } = window;
  for (const [id, { seen }] of limiters) if (Math.abs(now - seen) > FORGOTTEN) limiters.delete(id);
  // Whoever asks may not know yet what it was granted a moment ago.
  const before = limiters.get(limiter);
  const granted = priority && before && now < before.ends ? before.underWay : 0;
  // After its time a request is under way no more, whatever became of its limiter.
  const own = { seen: now, underWay: Math.max(underWay, granted), waiting, ends: now + (timeout || FORGOTTEN), asks: Infinity };
  limiters.set(limiter, own);
  const all = [...limiters.values()];
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const allUnderWay = sum(all.map(({ underWay, ends }) => (now < ends ? underWay : 0)));
  const allWaiting = sum(all.map(({ waiting, asks }) => (now < asks ? waiting : 0)));

  // What is under way when a window begins counts in it.
  if (now >= window.ends || window.ends - now > LONGEST) {
    Object.assign(window, { ends: now + WINDOW, isAssumed: true, used: allUnderWay, told: undefined });
  }
  if (limit !== undefined) window.limit = limit;
  // An answer that comes late is of the window before: if it seems to be older, the last reset was an odd one.
  const isOdd = window.isAssumed && window.reset - resetAt > FORGOTTEN;
  if (resetIn > 0 && (resetAt > window.reset || isOdd)) {
    if (!window.isAssumed) window.used = allUnderWay;
    Object.assign(window, { told: remaining, ends: now + resetIn, reset: resetAt, isAssumed: false });
  } else if (resetIn > 0 && resetAt === window.reset && !window.isAssumed) {
    window.told = Math.min(window.told ?? remaining, remaining);
  }

  const left = (window.limit ?? Infinity) - window.used;
  const free = Math.min(left, (window.told ?? Infinity) - allUnderWay);
  const isSpent = left <= 0 || window.told === 0;
  own.asks = (isSpent ? window.ends : now) + ASKS_AGAIN;
  const answer = (granted, wait) => ({ granted, wait, limiters: limiters.size });
  if (!priority) return answer(false, 0);
  const yields = priority === "bulk" && free <= allWaiting && window.passed < PASSED;
  if (free <= 0 || yields) {
    // It waits from now on, which no report says.
    if (priority === "interactive") own.waiting += 1;
    return answer(false, isSpent ? window.ends - now : SOON);
  }
  window.passed = priority === "bulk" ? 0 : window.passed + 1;
  window.used += 1;
  own.underWay += 1;
  return answer(true, 0);
}
