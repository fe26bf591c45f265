import { VERSION, createApi, templateOf } from "./api.mjs";
import { readBytes } from "./body.mjs";
import { createClock } from "./clock.mjs";
import { answerControl, isControlPath, isFromHere } from "./control.mjs";
import { withFaults } from "./faults/apply.mjs";
import { createFaults } from "./faults/faults.mjs";
import { resolveOptions, tokensOf } from "./options.mjs";
import { Problem } from "./problem.mjs";
import { createRateLimit } from "./rate-limit.mjs";
import { createRequestLog } from "./request-log.mjs";
import { toResponse } from "./response.mjs";
import { createStore } from "./store.mjs";

const WRITES = new Set(["POST", "PUT", "DELETE"]);

/**
 * A ThousandEyes that remembers what it was told. It uses nothing but web standards, so `fetch` may be given to a
 * client in place of the real one, in Node as in a page.
 * @param {object} given the options of options.mjs, and these:
 * @param {string | number | Date | (() => number)} [given.now] a clock, or the time at which it starts
 * @param {object[]} [given.faults] the faults from the start
 * @param {(entry: object) => void} [given.onRequest] gets every log entry once it is complete
 * @param {object} [given.dataFile] what `openDataFile` gives
 */
export function createSandbox({ now: givenNow, faults: initial, onRequest = () => {}, dataFile, ...given } = {}) {
  const options = resolveOptions(given);
  const tokens = tokensOf(options);
  const faults = createFaults(options.seed, initial);
  const clock = createClock(givenNow);
  const { now } = clock;
  const rateLimit = createRateLimit(options, now);
  const log = createRequestLog(now, tokens);
  /** Node forgets to abort the signal of a Request that nothing refers to any more: nodejs/undici#3644 and #4068. */
  const inFlight = new Set();
  const store = createStore(options, clock.start(), dataFile);
  let api;

  /** Everything but the store and the clock. */
  function start() {
    api = createApi({ store, options, rateLimit, now });
    rateLimit.reset();
    faults.reset();
    log.clear();
  }
  start();

  /** Whatever goes wrong becomes a result; 500 means a mistake in the sandbox. */
  function execute(request, bytes, entry) {
    try {
      const result = api(request, bytes);
      entry.executed = WRITES.has(request.method);
      return result;
    } catch (error) {
      if (!(error instanceof Problem)) entry.error = String(error?.stack ?? error);
      const problem = error instanceof Problem ? error : new Problem(500, "This is a mistake in the sandbox.");
      return problem.toResult(new URL(request.url).pathname);
    }
  }

  async function exchange(request, bytes, entry) {
    const url = new URL(request.url);
    const below = url.pathname.startsWith(`${VERSION}/`) ? url.pathname.slice(VERSION.length) : url.pathname;
    const taken = faults.take({ method: request.method, paths: [below, templateOf(url)] });
    entry.faults = taken.map(({ fault }) => fault);
    const facts = { signal: request.signal, path: url.pathname, url: url.href, time: now() };
    const result = await withFaults(taken, facts, () => execute(request, bytes, entry));
    entry.status = result.status;
    return toResponse(result, request, { options, rateLimit, now });
  }

  async function answer(request) {
    const url = new URL(request.url);
    const bytes = await readBytes(request, options.bodyLimit);
    if (isControlPath(url.pathname) && isFromHere(request)) return answerControl(sandbox, request, bytes);
    const entry = log.open(request, bytes);
    try {
      return await exchange(request, bytes, entry);
    } finally {
      onRequest(entry);
    }
  }

  const sandbox = {
    options,
    faults,

    /**
     * Back to the start: the seeded users with dates up to the time that the clock now starts at, no requests, the
     * faults that were given, a new window of the rate limit.
     */
    reset() {
      store.seed(clock.start());
      start();
    },

    /** The sandbox's own time, in milliseconds since the epoch. */
    get time() {
      return now();
    },

    /** Lets time pass: the sandbox's clock is so many milliseconds further ahead from now on. */
    advance: (milliseconds) => clock.advance(milliseconds),

    /** A copy of the organization as it is now. */
    get state() {
      return store.snapshot();
    },

    /** Every request so far: time, method, path, body of a write, status, whether the write was executed, faults. */
    get requests() {
      return structuredClone(log.entries);
    },

    /** How many users there are, for where a copy of them all would be too much. */
    get userCount() {
      return store.users.size;
    },

    clearRequests: () => log.clear(),

    /** What a user does who follows the link in the mail about a new e-mail address. */
    confirmEmail(uid) {
      const user = store.users.get(uid);
      if (user) store.put({ ...user, emailConfirmed: true });
    },

    /** @type {typeof globalThis.fetch} */
    async fetch(input, init) {
      const request = new Request(input, init);
      request.signal.throwIfAborted();
      const held = [input, request];
      inFlight.add(held);
      try {
        return await answer(request);
      } finally {
        inFlight.delete(held);
      }
    },
  };
  return sandbox;
}
