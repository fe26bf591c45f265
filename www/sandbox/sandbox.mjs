import { VERSION, createApi, templateOf } from "./api.mjs";
import { readBytes } from "./body.mjs";
import { CONTROL_PATH, answerControl, isLoopback } from "./control.mjs";
import { withFaults } from "./faults/apply.mjs";
import { createFaults } from "./faults/faults.mjs";
import { resolveOptions } from "./options.mjs";
import { Problem } from "./problem.mjs";
import { createRateLimit } from "./rate-limit.mjs";
import { createRequestLog } from "./request-log.mjs";
import { toResponse } from "./response.mjs";
import { createStore } from "./store.mjs";

/**
 * A ThousandEyes that remembers what it was told. It uses nothing but web standards, so `fetch` may be given to a
 * client in place of the real one, in Node as in a page.
 * @param {Record<string, unknown> & { now?: () => number, onRequest?: (entry: object) => void }} given the options of
 *   options.mjs, a clock, and a listener that gets every log entry once it is complete
 */
export function createSandbox({ now = Date.now, onRequest = () => {}, ...given } = {}) {
  const options = resolveOptions(given);
  const tokens = [options.token, options.accountAdminToken, options.readerToken, options.regularToken];
  const faults = createFaults(options.seed);
  const rateLimit = createRateLimit(options, now);
  const log = createRequestLog(now, tokens);
  /** Node forgets to abort the signal of a Request that nothing refers to any more: nodejs/undici#3644 and #4068. */
  const inFlight = new Set();
  let store;
  let api;

  function reset() {
    store = createStore(options);
    api = createApi({ store, options, rateLimit, now });
    rateLimit.reset();
    faults.clear();
    log.clear();
  }
  reset();

  /** Whatever goes wrong becomes a result; 500 means a mistake in the sandbox. */
  function execute(request, bytes, entry) {
    try {
      const result = api(request, bytes);
      entry.executed = ["POST", "PUT", "DELETE"].includes(request.method) && result.status < 300;
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
    if (url.pathname.startsWith(CONTROL_PATH) && isLoopback(url)) return answerControl(sandbox, request, bytes);
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
    reset,

    /** A copy of the organization as it is now. */
    get state() {
      return store.snapshot();
    },

    /** Every request so far: time, method, path, body of a write, status, whether the write was executed, faults. */
    get requests() {
      return structuredClone(log.entries);
    },

    /** What a user does who follows the link in the mail about a new e-mail address. */
    confirmEmail(uid) {
      const user = store.users.get(uid);
      if (user) user.emailConfirmed = true;
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
