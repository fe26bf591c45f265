import { Hono } from "hono";
import { cors } from "hono/cors";
import { VERSION, createApp, templateOf } from "./app.mjs";
import { readBytes } from "./body.mjs";
import { createClock } from "./clock.mjs";
import { CONTROL_PATH, createControl, isFromHere } from "./control.mjs";
import { NoAnswer, withFaults } from "./faults/apply.mjs";
import { createFaults } from "./faults/faults.mjs";
import { resolveOptions, tokensOf } from "./options.mjs";
import { RATE_LIMIT_HEADERS, createRateLimit } from "./rate-limit.mjs";
import { createRequestLog } from "./request-log.mjs";
import { createStore } from "./store.mjs";

/** Hono's own takes every OPTIONS for a preflight; here those that are none tell the methods. */
function crossOrigin(options) {
  const allow = cors({
    allowMethods: ["GET", "POST", "PUT", "DELETE"],
    exposeHeaders: options.cors === "any" ? ["date", "location", "retry-after", ...RATE_LIMIT_HEADERS] : [],
    maxAge: 600,
  });
  const isPlainOptions = ({ req }) => req.method === "OPTIONS" && !req.header("access-control-request-method");
  return (c, next) => (isPlainOptions(c) ? next() : allow(c, next));
}

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
  const faults = createFaults(options.seed, initial);
  const clock = createClock(givenNow);
  const { now } = clock;
  const rateLimit = createRateLimit(options, now);
  const log = createRequestLog(now, tokensOf(options));
  /** Node forgets to abort the signal of a Request that nothing refers to any more: nodejs/undici#3644 and #4068. */
  const inFlight = new Set();
  const store = createStore(options, clock.start(), dataFile);
  let api;

  /** Everything but the store and the clock. */
  function start() {
    api = createApp({ store, options, rateLimit, now });
    rateLimit.reset();
    faults.reset();
    log.clear();
  }
  start();

  /** Around everything: what comes in and what goes out. */
  async function logged(c, next) {
    const bytes = await readBytes(c.req.raw, options.bodyLimit);
    const entry = log.open(c.req.raw, bytes);
    c.set("exchange", { bytes, entry, hidden: new Set() });
    try {
      await next();
      entry.status = c.res.status;
    } finally {
      onRequest(entry);
    }
  }

  /** What every answer has, unless it has something else there or a fault hides it. */
  async function withUsualHeaders(c, next) {
    await next();
    const usual = { date: new Date(now()).toUTCString(), "cache-control": "no-store", ...rateLimit.headers() };
    const { hidden } = c.var.exchange;
    for (const [name, value] of Object.entries(usual)) {
      if (!hidden.has(name) && !c.res.headers.has(name)) c.res.headers.set(name, value);
    }
  }

  /** The API, and what goes wrong on the way to it and back. */
  async function answer(c) {
    const { raw } = c.req;
    const { pathname, href } = new URL(raw.url);
    const { bytes, entry, hidden } = c.var.exchange;
    const below = pathname.startsWith(`${VERSION}/`) ? pathname.slice(VERSION.length) : pathname;
    const taken = faults.take({ method: raw.method, paths: [below, templateOf(api, raw)] });
    entry.faults = taken.map(({ fault }) => fault);
    const hide = (...names) => names.forEach((name) => hidden.add(name));
    const exchange = { signal: raw.signal, path: pathname, url: href, time: now(), hide };
    return withFaults(taken, exchange, () => api.fetch(raw, { bytes, entry }));
  }

  const sandbox = {
    options,
    faults,

    /**
     * Back to the start: the seeded organization with dates up to the time that the clock now starts at, no requests,
     * the faults that were given, a new window of the rate limit.
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
      if (user) store.commit({ put: { users: [{ ...user, emailConfirmed: true }] } });
    },

    /** @type {typeof globalThis.fetch} */
    async fetch(input, init) {
      const request = new Request(input, init);
      request.signal.throwIfAborted();
      const held = [input, request];
      inFlight.add(held);
      try {
        return await app.fetch(request);
      } catch (error) {
        throw error instanceof NoAnswer ? error.reason : error;
      } finally {
        inFlight.delete(held);
      }
    },
  };

  const control = createControl(sandbox);
  const app = new Hono();
  app.use(`${CONTROL_PATH}/*`, (c, next) => (isFromHere(c.req.raw) ? control.fetch(c.req.raw) : next()));
  app.use(logged, withUsualHeaders);
  if (options.cors !== "none") app.use(crossOrigin(options));
  app.all("*", answer);
  return sandbox;
}
