// Spans and metrics of calls, as the exporters of OpenTelemetry's own SDK get them.
import assert from "node:assert/strict";
import { once } from "node:events";
import { symlinkSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { SpanKind, SpanStatusCode, context, metrics, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";

import { crate, root } from "../../toolchain.mjs";
import { install } from "./support.mjs";

const project = await install();
symlinkSync(join(root, "node_modules/@opentelemetry"), project.path("node_modules/@opentelemetry"));
const { ApiClient, UsersApi } = await project.import("thousandeyes-admin");
const { instrument } = await project.import("thousandeyes-admin/opentelemetry");

const { INTERNAL, CLIENT } = SpanKind;
const { ERROR, UNSET } = SpanStatusCode;
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

const spanExporter = new InMemorySpanExporter();
const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spanExporter)] });
const tracer = tracerProvider.getTracer("application");
beforeEach(() => spanExporter.reset());

/** Metrics that begin with a test. */
function meters(temporality = AggregationTemporality.CUMULATIVE) {
  const exporter = new InMemoryMetricExporter(temporality);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000, exportTimeoutMillis: 1000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  after(() => meterProvider.shutdown());
  return {
    meterProvider,
    /** What there is of a metric of ours, or of another scope, at the moment. */
    async collect(name, scopeName = "thousandeyes-admin") {
      exporter.reset();
      await meterProvider.forceFlush();
      const scopes = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
      const all = scopes.filter(({ scope }) => scope.name === scopeName).flatMap((scope) => scope.metrics);
      return all.find(({ descriptor }) => descriptor.name === name);
    },
  };
}

const host = "https://te.example/v7";
const json = (body, init) => new Response(JSON.stringify(body), init);
const user = async () => json({ uid: "1" });
const configuration = { host, accessToken: "te-secret-token" };
const client = (fetch, more) => new ApiClient(instrument({ ...configuration, fetch, ...more }, { tracerProvider }));

/** Runs something as a caller with a span of its own. */
function asCaller(name, work) {
  const span = tracer.startSpan(name);
  return context.with(trace.setSpan(context.active(), span), work).finally(() => span.end());
}

const finished = () => spanExporter.getFinishedSpans();
const idOf = (span) => span.spanContext().spanId;
const childrenOf = (span) => finished().filter(({ parentSpanContext }) => parentSpanContext?.spanId === idOf(span));
const ours = () => finished().filter(({ instrumentationScope }) => instrumentationScope.name === "thousandeyes-admin");
const callSpans = () => ours().filter(({ kind }) => kind === INTERNAL);

const http = {
  "http.request.method": "GET",
  "server.address": "te.example",
  "server.port": 443,
  "url.template": "/users/{id}",
  "url.full": "https://te.example/v7/users/{id}",
};

describe("spans", () => {
  test("a call is a span below the caller's, and its request a span below that", async () => {
    await asCaller("caller", () => client(user).users.getUser("1"));
    const caller = finished().find(({ name }) => name === "caller");
    const [call, ...others] = childrenOf(caller);
    assert.deepEqual(others, []);
    assert.deepEqual([call.name, call.kind, call.status.code, call.events], ["GET /users/{id}", INTERNAL, UNSET, []]);
    const { "thousandeyes.queued": queued, ...attributes } = call.attributes;
    assert.deepEqual(attributes, { ...http, "thousandeyes.operation": "getUser", "thousandeyes.attempts": 1 });
    assert.ok(queued >= 0 && queued < 1);
    assert.deepEqual(call.instrumentationScope, { name: "thousandeyes-admin", version: crate().version, schemaUrl: undefined });

    const [attempt, ...more] = childrenOf(call);
    assert.deepEqual(more, []);
    assert.deepEqual([attempt.name, attempt.kind, attempt.status.code, attempt.events], ["GET /users/{id}", CLIENT, UNSET, []]);
    assert.deepEqual(attempt.attributes, { ...http, "http.response.status_code": 200 });
  });

  test("each request that is sent again is a span of its own, and a call that succeeds at last is no error", async () => {
    const answers = [json({}, { status: 503 }), json({ uid: "1" })];
    await client(async () => answers.shift()).users.getUser("1");
    const [call] = callSpans();
    const [first, second] = childrenOf(call);
    assert.deepEqual([call.status.code, call.attributes["thousandeyes.attempts"], call.events], [UNSET, 2, []]);
    assert.deepEqual(first.attributes, { ...http, "http.response.status_code": 503, "error.type": "503" });
    assert.deepEqual(first.status, { code: ERROR });
    assert.deepEqual(second.attributes, { ...http, "http.response.status_code": 200, "http.request.resend_count": 1 });
    assert.equal(second.status.code, UNSET);
  });

  test("what is sent to any path has the template that was given, or none", async () => {
    const request = (options) => client(user).request({ method: "GET", ...options });
    await request({ path: "/tests/42", template: "/tests/{id}", query: { window: "7d" } });
    await request({ path: "/tests/42" });
    const [known, unknown] = callSpans();
    assert.deepEqual([known.name, known.attributes["url.full"]], ["GET /tests/{id}", "https://te.example/v7/tests/{id}"]);
    assert.deepEqual([unknown.name, unknown.attributes["url.full"]], ["GET", "https://te.example/v7/{path}"]);
    assert.ok(!("url.template" in unknown.attributes));
  });

  test("the address is the one that requests go to, by default the vendor's", async () => {
    const hosts = [undefined, "http://127.0.0.1:8700/v7/", "https://TE.example:8443/proxy/v7", "/te-api/v7"];
    const urls = [];
    for (const host of hosts) {
      await client(async (url) => (urls.push(url), user()), { host }).users.getUser("1");
    }
    const told = callSpans().map(({ attributes }) => ["url.full", "server.address", "server.port"].map((name) => attributes[name]));
    assert.deepEqual(told, [
      ["https://api.thousandeyes.com/v7/users/{id}", "api.thousandeyes.com", 443],
      ["http://127.0.0.1:8700/v7/users/{id}", "127.0.0.1", 8700],
      ["https://te.example:8443/proxy/v7/users/{id}", "te.example", 8443],
      // Nobody knows of what origin, outside of a page.
      [undefined, undefined, undefined],
    ]);
    const templates = urls.slice(0, 3).map((url) => new URL(url).href.replace(/1$/, "{id}"));
    assert.deepEqual(told.slice(0, 3).map(([full]) => full), templates);
  });

  const never = (_, { signal }) => new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const refused = () => Promise.reject(Object.assign(new TypeError("fetch failed"), { cause: Object.assign(new Error("no"), { code: "ECONNREFUSED" }) }));
  const once = { maxRetries: 0 };

  /** What fails: how, what its spans say, of the attempt and of the call, and what exceptions they have. */
  const failures = {
    "an answer of error": [
      async () => json({}, { status: 404 }),
      (users) => users.getUser("1"),
      { attempt: "404", call: "not-found", outcome: "rejected", exceptions: ["NotFoundException not-found"] },
    ],
    "a limit that is spent for long": [
      async () => json({}, { status: 429, headers: { "retry-after": "300" } }),
      (users) => users.getUser("1"),
      { attempt: "429", call: "too-many-requests", outcome: "rejected", exceptions: ["TooManyRequestsException too-many-requests"] },
    ],
    "a connection that is refused": [
      refused,
      (users) => users.getUser("1", once),
      {
        attempt: "connection-failed",
        call: "connection-failed",
        outcome: "not-sent",
        exceptions: ["ConnectionException connection-failed", "TypeError ECONNREFUSED"],
      },
    ],
    "a time limit": [
      never,
      (users) => users.getUser("1", { ...once, timeout: 5 }),
      { attempt: "timeout", call: "timeout", outcome: "unknown", exceptions: ["TimeoutException timeout"] },
    ],
    "a body that ends too early": [
      async () => ({ status: 200, headers: {}, arrayBuffer: () => Promise.reject(new TypeError("terminated")) }),
      (users) => users.getUser("1", once),
      { attempt: "connection-failed", call: "connection-failed", outcome: "unknown", exceptions: ["ConnectionException connection-failed"] },
    ],
    "an answer that is no JSON": [
      async () => new Response("<html>"),
      (users) => users.getUser("1"),
      { attempt: undefined, call: "invalid-response", outcome: "unknown", exceptions: ["DecodeException invalid-response"] },
    ],
    "an abort": [
      never,
      (users) => users.getUser("1", { signal: AbortSignal.timeout(5) }),
      { attempt: "TimeoutError", call: "TimeoutError", outcome: "unknown", exceptions: ["TimeoutError undefined"] },
    ],
    "an abort for a reason that is no error": [
      never,
      (users) => {
        const leaving = new AbortController();
        setTimeout(() => leaving.abort("ada@example.com"), 5);
        return users.getUser("1", { signal: leaving.signal });
      },
      { attempt: "_OTHER", call: "_OTHER", outcome: "unknown", exceptions: ["_OTHER undefined"] },
    ],
    "no token": [
      never,
      (users) => users.getUser("1", { accessToken: () => Promise.reject(new Error("no session of ada@example.com")) }),
      { call: "invalid-value", outcome: "not-sent", exceptions: ["ApiValueError invalid-value"] },
    ],
  };

  for (const [what, [fetch, make, expected]] of Object.entries(failures)) {
    test(`${what}: class and code, and that it is an error`, async () => {
      await assert.rejects(make(client(fetch).users), () => true);
      await pause(5);
      const [call, ...others] = callSpans();
      assert.deepEqual(others, []);
      const attempts = childrenOf(call);
      assert.equal(attempts.length, "attempt" in expected ? 1 : 0);
      assert.deepEqual(attempts.map(({ attributes }) => attributes["error.type"]), "attempt" in expected ? [expected.attempt] : []);
      for (const attempt of attempts) assert.equal(attempt.status.code, expected.attempt ? ERROR : UNSET);
      assert.deepEqual(call.status, { code: ERROR }, "no message");
      const { "error.type": type, "thousandeyes.outcome": outcome } = call.attributes;
      assert.deepEqual([type, outcome], [expected.call, expected.outcome]);
      const exceptions = [call, ...attempts].flatMap(({ events }) => events);
      for (const { name, attributes } of exceptions) {
        assert.equal(name, "exception");
        assert.deepEqual(Object.keys(attributes).filter((key) => !["exception.type", "thousandeyes.error.code"].includes(key)), []);
      }
      const told = exceptions.map(({ attributes }) => `${attributes["exception.type"]} ${attributes["thousandeyes.error.code"]}`);
      assert.deepEqual(told, expected.exceptions);
    });
  }

  test("a request that a hook aborts before it is sent has no span, and is not measured", async () => {
    for (const sent of [0, 1]) {
      spanExporter.reset();
      const { meterProvider, collect } = meters();
      const leaving = new AbortController();
      const onRequest = ({ attempt }) => void (attempt > sent && leaving.abort(new Error("left")));
      const given = { ...configuration, fetch: async () => json({}, { status: 503 }), onRequest };
      const { users } = new ApiClient(instrument(given, { tracerProvider, meterProvider }));
      await assert.rejects(users.getUser("1", { signal: leaving.signal }), /left/);
      await pause(5);
      const [call] = callSpans();
      assert.equal(call.attributes["thousandeyes.attempts"], sent);
      assert.deepEqual(childrenOf(call).map(({ attributes }) => attributes["error.type"]), sent ? ["503"] : []);
      const duration = await collect("http.client.request.duration");
      assert.deepEqual(duration?.dataPoints.map(({ value }) => value.count) ?? [], sent ? [1] : []);
    }
  });

  test("a request that was sent again after a time limit says so", async () => {
    let requests = 0;
    const fetch = (url, init) => (++requests === 1 ? never(url, init) : user());
    await client(fetch).users.getUser("1", { timeout: 20 });
    const attempts = childrenOf(callSpans()[0]);
    assert.deepEqual(attempts.map(({ attributes }) => attributes["error.type"]), ["timeout", undefined]);
  });
});

describe("contexts", () => {
  /** Answers some requests late and refuses some of the first, and notes in which span each was made. */
  function flaky(seen) {
    const refused = new Set();
    return async (url) => {
      const uid = url.split("/").at(-1);
      seen.push([uid, trace.getActiveSpan()]);
      await pause(Number(uid) % 3);
      if (Number(uid) % 4 === 0 && !refused.has(uid)) {
        refused.add(uid);
        return json({}, { status: 503 });
      }
      return json({ uid });
    };
  }

  test("concurrent callers of one client each have their own spans, active while fetch is called", async () => {
    const seen = [];
    const { users } = client(flaky(seen), { maxConcurrency: 3 });
    const uids = Array.from({ length: 30 }, (_, index) => `${index}`);
    await Promise.all(uids.map((uid) => asCaller(uid, () => users.getUser(uid))));
    assert.equal(callSpans().length, 30);
    for (const uid of uids) {
      const [call, ...others] = childrenOf(finished().find(({ name }) => name === uid));
      assert.deepEqual(others, []);
      const attempts = childrenOf(call);
      assert.equal(attempts.length, Number(uid) % 4 === 0 ? 2 : 1);
      const active = seen.filter(([sent]) => sent === uid).map(([, span]) => idOf(span));
      assert.deepEqual(active, attempts.map(idOf));
    }
  });

  test("a caller's calls at once are told apart, also those of two clients of one configuration", async () => {
    const seen = [];
    const shared = instrument({ ...configuration, fetch: flaky(seen), maxConcurrency: 3 }, { tracerProvider });
    const clients = [new UsersApi(shared), new UsersApi(shared)];
    const uids = Array.from({ length: 20 }, (_, index) => `${index}`);
    await asCaller("caller", () => Promise.all(uids.map((uid) => clients[uid % 2].getUser(uid))));
    const calls = childrenOf(finished().find(({ name }) => name === "caller"));
    assert.equal(calls.length, 20);
    const active = new Map(seen.map(([uid, span]) => [idOf(span), uid]));
    assert.equal(active.size, 25, "every request has a span of its own");
    for (const call of calls) {
      const requests = childrenOf(call).map((attempt) => active.get(idOf(attempt)));
      assert.equal(new Set(requests).size, 1);
      assert.equal(requests.length, Number(requests[0]) % 4 === 0 ? 2 : 1);
    }
  });

  describe("with instrumentation-undici", () => {
    const undici = new UndiciInstrumentation();
    const server = createServer((request, response) => {
      response.setHeader("content-type", "application/json");
      setTimeout(() => response.end('{"uid":"1"}'), Number(request.url.at(-1)));
    });
    const { meterProvider, collect } = meters();
    before(async () => {
      undici.setTracerProvider(tracerProvider);
      undici.setMeterProvider(meterProvider);
      undici.enable();
      await once(server.listen(0, "127.0.0.1"), "listening");
    });
    after(() => {
      undici.disable();
      server.close();
    });

    test("its span of each request is the child of ours", async () => {
      const host = `http://127.0.0.1:${server.address().port}/v7`;
      const { users } = new ApiClient(instrument({ ...configuration, host }, { tracerProvider, meterProvider }));
      const uids = ["1", "2", "3", "4", "5", "6"];
      await Promise.all(uids.map((uid) => asCaller(uid, () => users.getUser(uid))));
      for (const uid of uids) {
        const [call] = childrenOf(finished().find(({ name }) => name === uid));
        const [attempt] = childrenOf(call);
        const [request, ...others] = childrenOf(attempt);
        assert.deepEqual(others, []);
        assert.match(request.instrumentationScope.name, /undici/);
        assert.equal(request.attributes["url.path"], `/v7/users/${uid}`);
      }
      // Both measure it, each under its own name.
      for (const scope of ["thousandeyes-admin", "@opentelemetry/instrumentation-undici"]) {
        const { dataPoints } = await collect("http.client.request.duration", scope);
        assert.deepEqual(dataPoints.map(({ value }) => value.count), [6], scope);
      }
    });
  });
});

describe("what must not be told", () => {
  const secrets = {
    email: "ada.secret@example.com",
    name: "Ada Secretname",
    uid: "98765432",
    aid: "87654321",
    cursor: "cursor-of-secrets",
    token: "te-secret-token",
    header: "value-of-a-header",
    body: "body-of-an-answer",
    reason: "reason-of-an-abort",
  };
  const { email, name, uid, aid, cursor, header, body, reason } = secrets;

  /** Whatever a span or a metric may hold, but for its ids, which are chance. */
  const told = (all) => JSON.stringify(all, (key, value) => (/^_?(spanContext|parentSpanContext|spanProcessor|resource)$/.test(key) ? undefined : value));

  test("is told nowhere, however the calls end", async () => {
    const { meterProvider, collect } = meters();
    const everything = { title: body, detail: `${email} ${uid}`, uid, email, name, errors: [{ field: email, message: name }] };
    const answers = [
      () => json(everything),
      () => new Response(`<html>${email} ${body}`),
      () => json(everything, { status: 400, headers: { "x-secret": header } }),
      () => json(everything, { status: 500, statusText: email }),
      () => Promise.reject(Object.assign(new TypeError(`${email} ${uid}`), { code: email, name: `Of ${name}` })),
      () => Promise.reject(Object.assign(new Error(body), { code: `user-${uid}`, name: `User${uid}` })),
      () => Promise.reject(email),
      () => Promise.reject(Object.assign(new Error(body, { cause: { code: uid } }), { name: aid })),
    ];
    const calls = [
      (it) => it.users.getUser(uid, { aid }),
      (it) => it.users.createUser({ name, email }),
      (it) => it.users.updateUser(uid, { name, email }),
      (it) => it.users.deleteUser(uid),
      (it) => it.userEvents.getUserEvents({ window: "31d", cursor, aid }),
      (it) => it.request({ method: "PATCH", path: `/tests/${uid}`, query: { cursor }, body: { email } }, { aid }),
      (it) => it.request({ method: "GET", path: `/tests/${uid}`, template: "/tests/{id}" }, { aid }),
      (it) => it.users.getUser(uid, { accessToken: () => Promise.reject(new Error(email)) }),
      (it) => it.users.getUser(uid, { signal: AbortSignal.abort(reason) }),
      (it) => it.users.getUser(uid, { signal: AbortSignal.abort(Object.assign(new Error(email), { name: email, code: uid })) }),
      (it) => it.users.getUser(uid, { signal: AbortSignal.abort({ name: "Ada", code: "Secretname" }) }),
    ];
    let ended = 0;
    for (const answer of answers) {
      const given = { ...configuration, fetch: async () => answer(), maxRetries: 0, aid, headers: { "x-team": header } };
      const instrumented = new ApiClient(instrument(given, { tracerProvider, meterProvider }));
      for (const call of calls) await call(instrumented).catch(() => {}).then(() => (ended += 1));
    }
    await pause(5);
    assert.equal(callSpans().length, ended);
    assert.ok(ours().length > ended);
    const duration = await collect("http.client.request.duration");
    const texts = [told(ours()), told(duration)];
    for (const [what, secret] of [...Object.entries(secrets), ["window", "31d"], ["stack", ".mjs"], ["reason", '"Ada"']]) {
      for (const text of texts) {
        const at = text.indexOf(secret);
        assert.equal(at, -1, `${what}: ${text.slice(at - 200, at + 100)}`);
      }
    }
    assert.match(texts[0], /"exception.type":"BadRequestException"/);
    assert.match(texts[0], /"url.full":"https:\/\/te.example\/v7\/users\/\{id\}"/);
    assert.ok(duration.dataPoints.length > 3);
  });
});

describe("metrics", () => {
  test("the duration of each request, in seconds and in the buckets of the convention", async () => {
    const { meterProvider, collect } = meters();
    const answers = [json({}, { status: 503 }), json({ uid: "1" }), json({ uid: "1" })];
    const fetch = async () => (await pause(30), answers.shift());
    const { users } = new ApiClient(instrument({ ...configuration, fetch }, { tracerProvider, meterProvider }));
    await users.getUser("1");
    await users.getUser("2");
    const { descriptor, dataPoints } = await collect("http.client.request.duration");
    assert.equal(descriptor.unit, "s");
    const { "url.full": _, ...attributes } = http;
    const told = dataPoints.map(({ attributes, value }) => [attributes, value.count]);
    assert.deepEqual(told, [
      [{ ...attributes, "http.response.status_code": 503, "error.type": "503" }, 1],
      [{ ...attributes, "http.response.status_code": 200 }, 2],
    ]);
    const [{ value }] = dataPoints;
    assert.deepEqual(value.buckets.boundaries, [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]);
    assert.ok(value.sum >= 0.029 && value.sum < 5, `${value.sum} s`);
  });

  test("what is left of the window, for each server, and the limit when the window is over", async (t) => {
    const { meterProvider, collect } = meters();
    const getMeter = t.mock.method(meterProvider, "getMeter");
    t.mock.timers.enable({ apis: ["Date"], now: 1_800_000_000_000 });
    let elapsed = 0;
    t.mock.method(performance, "now", () => elapsed);
    const answer = (remaining, reset) => {
      const headers = { "x-organization-rate-limit-limit": "240", "x-organization-rate-limit-remaining": remaining };
      return json({ uid: "1" }, { headers: { ...headers, "x-organization-rate-limit-reset": reset } });
    };
    const asked = (host, fetch) => new ApiClient(instrument({ ...configuration, host, fetch }, { tracerProvider, meterProvider })).users.getUser("1");
    const gauge = async () => {
      const { dataPoints = [], descriptor } = (await collect("thousandeyes.rate_limit.remaining")) ?? {};
      if (descriptor) assert.equal(descriptor.unit, "{request}");
      return dataPoints.map(({ attributes, value }) => [attributes["server.address"], attributes["server.port"], value]);
    };

    await asked("https://one.example/v7", async () => answer("17", "1800000020"));
    await asked("https://one.example/v7", async () => answer("16", "1800000020"));
    // By a clock that is days ahead.
    await asked("http://two.example:8080/v7", async () => answer("0", "1800500000"));
    await asked("https://silent.example/v7", user);
    assert.deepEqual(await gauge(), [["one.example", 443, 16], ["two.example", 8080, 0]]);
    elapsed = 20_000;
    assert.deepEqual(await gauge(), [["one.example", 443, 240], ["two.example", 8080, 0]]);
    elapsed = 60_000;
    assert.deepEqual(await gauge(), [["one.example", 443, 240], ["two.example", 8080, 240]]);
    await asked("https://one.example/v7", async () => answer("239", "1800000080"));
    assert.deepEqual(await gauge(), [["one.example", 443, 239], ["two.example", 8080, 240]]);
    assert.equal(getMeter.mock.callCount(), 1, "one gauge for all clients");

    // Each key has a window of its own, the client's as a call's.
    const keyed = instrument({ ...configuration, host: "https://one.example/v7", rateLimitKey: "org-1", fetch: async () => answer("100", "1800000080") }, { tracerProvider, meterProvider });
    const client = new ApiClient(keyed);
    await client.users.getUser("1");
    await client.users.getUser("1", { rateLimitKey: "org-2" });
    const { dataPoints } = await collect("thousandeyes.rate_limit.remaining");
    assert.deepEqual(dataPoints.map(({ attributes }) => attributes["thousandeyes.rate_limit.key"]), [undefined, undefined, "org-1", "org-2"]);
  });
});

describe("keys of the rate limit that are used no more", () => {
  const limited = async () =>
    json({ uid: "1" }, { headers: { "x-organization-rate-limit-limit": "240", "x-organization-rate-limit-remaining": "17" } });

  /** Asks with a key, by a clock that stands still but for `elapsed`. */
  function start(t, meterProvider) {
    const clock = { elapsed: 0 };
    t.mock.method(performance, "now", () => clock.elapsed);
    const { users } = new ApiClient(instrument({ ...configuration, fetch: limited }, { tracerProvider, meterProvider }));
    return { clock, ask: (rateLimitKey) => users.getUser("1", { rateLimitKey }) };
  }

  test("are told no more two windows after their end", async (t) => {
    const { meterProvider, collect } = meters(AggregationTemporality.DELTA);
    const { clock, ask } = start(t, meterProvider);
    const told = async () => (await collect("thousandeyes.rate_limit.remaining"))?.dataPoints.map(({ value }) => value);
    for (let index = 0; index < 200; index += 1) await ask(`org-${index}`);
    assert.deepEqual(await told(), Array(200).fill(17));
    clock.elapsed = 179_999;
    await ask("org-7");
    assert.deepEqual(await told(), [...Array(7).fill(240), 17, ...Array(192).fill(240)]);
    clock.elapsed = 180_000;
    assert.equal((await told()).length, 200);
    assert.deepEqual(await told(), [17]);
    clock.elapsed = 400_000;
    assert.deepEqual(await told(), [240]);
    assert.equal(await told(), undefined);
  });

  /** A meter that is read by hand: it gives what is told at the moment. */
  function byHand() {
    let callback;
    const gauge = { addCallback: (added) => (callback = added) };
    const meter = { createHistogram: () => ({ record() {} }), createObservableGauge: () => gauge };
    const read = () => {
      const told = {};
      callback({ observe: (value, attributes) => (told[attributes["thousandeyes.rate_limit.key"]] = value) });
      return told;
    };
    return { meterProvider: { getMeter: () => meter }, read };
  }

  test("are not kept where nobody collects", async (t) => {
    const { meterProvider, read } = byHand();
    const { clock, ask } = start(t, meterProvider);
    for (let index = 0; index < 200; index += 1) await ask(`org-${index}`);
    clock.elapsed = 180_000;
    await ask("org-new");
    assert.deepEqual(read(), { "org-new": 17 });
  });

  test("are told as whole before they go, however seldom somebody collects: an SDK may repeat what it was told last", async (t) => {
    const { meterProvider, read } = byHand();
    const { clock, ask } = start(t, meterProvider);
    await ask("org-old");
    assert.deepEqual(read(), { "org-old": 17 });
    clock.elapsed = 600_000;
    await ask("org-new");
    assert.deepEqual(read(), { "org-old": 240, "org-new": 17 });
    assert.deepEqual(read(), { "org-new": 17 });
  });
});

describe("what the configuration has itself", () => {
  test("own hooks and the own fetch are called as ever, with the span active that is about them", async () => {
    const events = [];
    const answers = [json({}, { status: 429, headers: { "retry-after": "1" } }), json({ uid: "1" })];
    const names = ["onCallStart", "onRequest", "onResponse", "onRetry", "onRateLimit", "onCallEnd"];
    const own = Object.fromEntries(names.map((name) => [name, (event) => events.push([name, event, trace.getActiveSpan()])]));
    const given = Object.freeze({ ...configuration, ...own, fetch: async () => answers.shift() });
    await asCaller("caller", () => new UsersApi(instrument(given, { tracerProvider })).getUser("1"));
    await pause(5);
    assert.deepEqual(
      events.map(([name]) => name),
      ["onCallStart", "onRequest", "onResponse", "onRateLimit", "onRetry", "onRequest", "onResponse", "onCallEnd"],
    );
    const [call] = callSpans();
    const [first, second] = childrenOf(call);
    const expected = { onRequest: [first, second] };
    for (const name of names) {
      const seen = events.filter((event) => event[0] === name);
      for (const [index, [, event, span]] of seen.entries()) {
        assert.equal(event.operation, "getUser");
        assert.equal(idOf(span), idOf(expected[name]?.[index] ?? call), name);
      }
    }
  });

  test("an own hook that sends the request does so within the span", async () => {
    const seen = [];
    const onRequest = ({ attempt }) => async (send) => {
      seen.push(["before", attempt, trace.getActiveSpan()]);
      const answer = await send();
      seen.push(["after", answer.status]);
      return answer;
    };
    assert.equal((await client(user, { onRequest }).users.getUser("1")).uid, "1");
    const [attempt] = childrenOf(callSpans()[0]);
    assert.deepEqual(seen.map(([when, what]) => [when, what]), [["before", 1], ["after", 200]]);
    assert.equal(idOf(seen[0][2]), idOf(attempt));
  });

  test("an own hook that throws or rejects changes nothing", async (t) => {
    const rejections = [];
    const listen = (reason) => rejections.push(reason);
    process.on("unhandledRejection", listen);
    t.after(() => process.off("unhandledRejection", listen));
    const fail = () => {
      throw new Error("no");
    };
    const reject = async () => fail();
    for (const hook of [fail, reject]) {
      const hooks = { onCallStart: hook, onRequest: hook, onResponse: hook, onCallEnd: hook };
      assert.equal((await client(user, hooks).users.getUser("1")).uid, "1");
    }
    await pause(5);
    assert.equal(callSpans().length, 2);
    assert.equal(ours().length, 4);
    assert.deepEqual(rejections, []);
  });

  test("a failure of the providers changes nothing", async () => {
    const fail = () => {
      throw new Error("no SDK");
    };
    const broken = { tracerProvider: { getTracer: fail }, meterProvider: { getMeter: fail } };
    const seen = [];
    const { users } = new ApiClient(instrument({ ...configuration, fetch: user, onCallEnd: () => seen.push("end") }, broken));
    assert.equal((await users.getUser("1")).uid, "1");
    await pause(5);
    assert.deepEqual(seen, ["end"]);
  });

  test("what the client refuses it refuses still, and says the same", () => {
    class Settings {
      host = host;
    }
    for (const refused of [{ onRequest: "yes" }, { host: "te.example" }, { hosts: host }, new Settings()]) {
      const message = (configuration) => {
        try {
          return new ApiClient(configuration).close();
        } catch (error) {
          return error.message;
        }
      };
      assert.ok(message(refused));
      assert.equal(message(instrument(refused)), message(refused));
    }
  });

  test("a failure says the same as without spans, also where the platform's own fetch is used", async () => {
    const messageOf = async (configuration) => {
      const { message, outcome, code } = await new UsersApi(configuration).getUser("1", { maxRetries: 0 }).catch((error) => error);
      return [message, outcome, code];
    };
    for (const host of ["http://127.0.0.1:1/v7", "/te-api/v7"]) {
      const plain = await messageOf({ host });
      assert.equal(plain[2], "connection-failed");
      assert.deepEqual(await messageOf(instrument({ host }, { tracerProvider })), plain);
    }
  });
});

describe("without providers of its own", () => {
  after(() => {
    trace.disable();
    metrics.disable();
  });

  test("calls go on where there is no SDK, and are told to one that starts later", async () => {
    const users = new UsersApi(instrument({ ...configuration, fetch: user }));
    assert.equal((await users.getUser("1")).uid, "1");
    const { meterProvider, collect } = meters();
    trace.setGlobalTracerProvider(tracerProvider);
    metrics.setGlobalMeterProvider(meterProvider);
    await users.getUser("2");
    assert.equal(ours().length, 2);
    assert.equal((await collect("http.client.request.duration")).dataPoints[0].value.count, 1);
  });

  test("require gives the same function, and a client needs no configuration", async (t) => {
    t.mock.method(globalThis, "fetch", user);
    const required = project.require("thousandeyes-admin/opentelemetry");
    assert.deepEqual(Object.keys(required), ["instrument"]);
    await new UsersApi(required.instrument()).getUser("1");
    assert.equal(ours().length, 2);
  });
});
