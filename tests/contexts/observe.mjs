/**
 * Runs the table in the Node that runs this, and prints what the observers saw, as JSON. Each observation is a span; so
 * it has both contexts: what AsyncLocalStorage gave, and the span that is its parent.
 */
import { AsyncLocalStorage } from "node:async_hooks";

import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";

import { fetches, nameOf, situations } from "./table.mjs";

/** The time limit of those who shall meet it, in milliseconds. */
const SHORT = 100;

const { setTimeout: startTimer } = globalThis;
const pause = (milliseconds) => new Promise((resolve) => startTimer(resolve, milliseconds));

/** No exporter, which would set timers of its own. */
const spans = [];
const collector = { onStart() {}, onEnd: (span) => spans.push(span), async forceFlush() {}, async shutdown() {} };
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [collector] }));
const tracer = trace.getTracer("contexts");
const store = new AsyncLocalStorage();

/** Runs something in a context of its own, of both kinds. */
function asCaller(name, work) {
  const span = tracer.startSpan(name);
  return store.run(name, () => context.with(trace.setSpan(context.active(), span), work)).finally(() => span.end());
}

/** `owner` is the call that it belongs to, where that can be seen. */
function observe(observer, owner, more = {}) {
  tracer.startSpan(observer, { attributes: { observer, owner, store: store.getStore(), ...more } }).end();
}

/** Every call has a time limit of its own, which tells whose its timers are. */
const limits = [];
const FIRST_LIMIT = 1_000_000;
const BETWEEN_LIMITS = 1000;
const limitOf = (owner) => FIRST_LIMIT + (limits.push(owner) - 0.5) * BETWEEN_LIMITS;
const ownerOfTimer = (delay) => limits[Math.floor((delay - FIRST_LIMIT) / BETWEEN_LIMITS)];

globalThis.setTimeout = (work, delay, ...given) => {
  observe("timers", ownerOfTimer(delay));
  return startTimer(work, delay, ...given);
};

const { ApiClient, UsersApi } = await import("../../pkg/node.mjs");

const counts = new Map();

/** Stands in for `fetch`; the first label of the host says which, the last part of the path whose call it is. */
async function answer(input, init) {
  const { url, headers, signal } = new Request(input, init);
  const { hostname, pathname } = new URL(url);
  const [fetch, situation] = hostname.split(".")[0].split("-");
  const owner = nameOf(fetch, situation, pathname.split("/").at(-1));
  observe("fetch", owner, { token: headers.get("authorization") });
  const { answers, opening } = situations[situation];
  const count = counts.get(owner) ?? 0;
  counts.set(owner, count + 1);
  const due = (owner.endsWith("-opener") ? opening.answers : answers)[count];
  if (due === "silence") return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  await pause(5);
  if (due === "lost") throw new TypeError("lost");
  return response(due, owner, fetch);
}

function response(due, owner, fetch) {
  const now = Math.floor(Date.now() / 1000);
  const status = due === "spent" ? 200 : due;
  const headers = new Headers({ date: new Date(now * 1000).toUTCString() });
  if (status === 429 || due === "spent") {
    headers.set("x-organization-rate-limit-limit", "240");
    headers.set("x-organization-rate-limit-remaining", "0");
    headers.set("x-organization-rate-limit-reset", String(now + 1));
  }
  const bytes = new TextEncoder().encode(JSON.stringify({ uid: "1", name: owner }));
  const read = async () => {
    observe("body", owner);
    await pause(1);
    return bytes.buffer;
  };
  if (fetch === "injected") return { status, headers, arrayBuffer: read };
  return Object.assign(new Response(bytes, { status, headers }), { arrayBuffer: read });
}

globalThis.fetch = answer;

async function run(fetch, situation) {
  const { callers, configuration, opening, isImpatient } = situations[situation];
  const owner = (caller) => nameOf(fetch, situation, caller);
  const hook = (name) => [name, ({ path }) => observe(name, owner(path.split("/").at(-1)))];
  const client = new ApiClient({
    host: `https://${fetch}-${situation}.example/v7`,
    totalTimeout: 0,
    ...configuration,
    ...Object.fromEntries(["onRequest", "onResponse", "onRetry", "onRateLimit"].map(hook)),
    ...(fetch === "injected" && { fetch: answer }),
    ...(situations[situation].grants && { rateLimitStore: storeOf(situations[situation].grants) }),
    async accessToken({ refresh }) {
      observe("accessToken", undefined);
      const token = `te-token-of-${store.getStore() ?? "nobody"}`;
      await pause(1);
      return refresh ? `${token}-refreshed` : token;
    },
  });
  const users = new UsersApi(client);
  const call = (caller, options) =>
    asCaller(owner(caller), async () => {
      const { name } = await users.getUser(caller, { timeout: isImpatient ? SHORT : limitOf(owner(caller)), ...options });
      return { name, store: store.getStore(), span: trace.getActiveSpan()?.name };
    });
  const leaving = new AbortController();
  const options = { maxRetries: 0, signal: leaving.signal, ...(opening?.end === "timeout" && { timeout: SHORT }) };
  const opened = opening && call("opener", options).catch(() => {});
  if (opening?.end) await sent(owner("opener"));
  else await opened;
  const made = Array.from({ length: callers }, (_, caller) => call(String(caller)));
  if (opening?.end === "abort") await asCaller(owner("aborter"), async () => leaving.abort("left"));
  const results = await Promise.allSettled(made);
  return results.map(({ value, reason }) => value ?? { error: String(reason?.stack ?? reason) });
}

/** A store that says something else to each caller the first time. */
function storeOf(grants) {
  const asked = new Map();
  return async ({ priority }) => {
    observe("rateLimitStore", undefined);
    await pause(2);
    const caller = store.getStore();
    const count = asked.get(caller) ?? 0;
    if (priority) asked.set(caller, count + 1);
    return { granted: grants[Math.min(count, grants.length - 1)] === "granted", wait: 100, limiters: 1 };
  };
}

async function sent(owner) {
  while (!counts.has(owner)) await pause(1);
}

const runs = fetches.flatMap((fetch) => situations.map((_, situation) => run(fetch, situation)));
const results = await Promise.all(runs);

const names = new Map(spans.map((span) => [span.spanContext().spanId, span.name]));
const observations = spans
  .filter(({ attributes }) => attributes.observer)
  .map(({ attributes, parentSpanContext }) => ({ ...attributes, span: names.get(parentSpanContext?.spanId) }));
process.stdout.write(JSON.stringify({ results, observations }), () => process.exit());
