// The recipes of the README that need other packages or servers: each is run as it stands there.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";

import { SpanKind, context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { transform } from "esbuild";

import { root } from "../../toolchain.mjs";
import { startSandbox } from "../../www/sandbox/server.mjs";
import { run } from "../environments/processes.mjs";
import { certificateFile } from "../faults/outcomes/situations.mjs";
import { example } from "../readme.mjs";
import { printing, startCorporate } from "./corporate.mjs";
import { install } from "./support.mjs";

const project = await install();
for (const name of ["@opentelemetry/api", "@tanstack/react-query", "pino", "undici"]) {
  const link = project.path("node_modules", name);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(join(root, "node_modules", name), link);
}

const server = await startSandbox({ users: 5, rateLimit: 0 });
const { sandbox } = server;
after(() => server.close());
beforeEach(() => sandbox.reset());
const credentials = { TE_API_ENDPOINT: server.url, TE_TOKEN: sandbox.options.token };
Object.assign(process.env, credentials);

const writeModule = async (name, code) => project.write(`${name}.mjs`, (await transform(code, { loader: "ts" })).code);
const load = async (name) => {
  await writeModule(name, example(name));
  return import(pathToFileURL(project.path(`${name}.mjs`)));
};
await project.write("users.js", example("server"));

test("pino has a line for each call and each retry, with an error where it failed, and no id or token", async () => {
  await writeModule("pino", example("pino"));
  await project.write("logged.mjs", `
    import { client } from "./pino.mjs";
    await client.users.getUsers();
    await client.users.getUser("987654321").catch(() => {});`);
  sandbox.faults.add({ fault: "error", status: 503 });
  const { stdout } = await project.node(["logged.mjs"], credentials);
  const lines = stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ level, msg }) => [level, msg]), [
    [40, "sent again"],
    [30, "getUsers"],
    [50, "getUser failed"],
  ]);
  const [again, read, failed] = lines;
  assert.deepEqual([again.operation, again.err.type], ["getUsers", "ServiceException"]);
  const { milliseconds, queued, ...call } = read.call;
  assert.deepEqual(call, { callId: again.callId, operation: "getUsers", method: "GET", template: "/users", attempts: 2 });
  assert.ok(milliseconds >= queued);
  assert.deepEqual([failed.call.outcome, failed.call.template], ["rejected", "/users/{id}"]);
  assert.deepEqual([failed.err.type, failed.err.code, failed.err.status], ["NotFoundException", "not-found", 404]);
  assert.ok(!("path" in failed.call));
  assert.ok(!stdout.includes(credentials.TE_TOKEN));
});

test("OpenTelemetry has spans of each call, below those of the application", async (t) => {
  const exporter = new InMemorySpanExporter();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  t.after(() => (trace.disable(), context.disable()));
  const { client } = await load("opentelemetry");
  await trace.getTracer("portal").startActiveSpan("portal", async (span) => {
    await client.users.getCurrentUser();
    span.end();
  });
  const [attempt, call, portal] = exporter.getFinishedSpans();
  assert.deepEqual([attempt.name, call.name, portal.name], ["GET /users/current", "GET /users/current", "portal"]);
  assert.deepEqual([attempt.kind, call.kind], [SpanKind.CLIENT, SpanKind.INTERNAL]);
  assert.equal(attempt.parentSpanContext.spanId, call.spanContext().spanId);
  assert.equal(call.parentSpanContext.spanId, portal.spanContext().spanId);
});

describe("behind a corporate proxy", () => {
  let corporate;
  before(async () => (corporate = await startCorporate(sandbox)));
  after(() => corporate.close());

  test("calls go through it, and trust its authority", async () => {
    await writeModule("corporate-proxy", example("corporate-proxy"));
    await project.write("proxied.mjs", `import { client } from "./corporate-proxy.mjs";${printing}`);
    const { target, tunnels, proxyUrl, env } = corporate;
    const command = [process.execPath, "--no-warnings", "proxied.mjs"];
    const call = async (more) => JSON.parse(await run(command, project.path(), { ...env, HTTPS_PROXY: proxyUrl, ...more }));
    const trusted = { CORPORATE_CA: fileURLToPath(certificateFile("root")) };
    assert.deepEqual(await call(trusted), { users: 5 });
    assert.deepEqual(tunnels.splice(0), [target]);
    assert.deepEqual(await call({ ...trusted, NO_PROXY: "localhost" }), { users: 5 });
    assert.deepEqual(tunnels.splice(0), []);
    const stranger = await call({ CORPORATE_CA: fileURLToPath(certificateFile("self-signed")) });
    assert.deepEqual([stranger.code, /certificate is not trusted/.test(stranger.message)], ["connection-failed", true]);
  });

  // That Node goes through the proxy by a variable, too, is tested in tests/environments: not every Node does.
  test("without code, Node trusts its authority by a variable", async () => {
    copyFileSync(certificateFile("root"), project.path("corporate-ca.pem"));
    await project.write("server.js", `import { users } from "./users.js"; const client = { users };${printing}`);
    const command = example("corporate-variables").trim();
    const call = async (command) => JSON.parse(await run(["sh", "-c", command], project.path(), corporate.env));
    assert.deepEqual(await call(command), { users: 5 });
    assert.equal((await call(command.replace(/NODE_EXTRA_CA_CERTS=\S+/, ""))).code, "connection-failed");
  });
});

describe("TanStack Query", () => {
  let queries, QueryObserver;
  before(async () => {
    // As in a page: elsewhere it sends nothing again by itself, and that it decides when it is loaded.
    globalThis.window = {};
    ({ QueryObserver } = await import("@tanstack/react-query"));
    queries = await load("tanstack-query");
  });
  afterEach(() => queries.queryClient.clear());
  after(() => delete globalThis.window);

  /** What `useQuery` does: gives the data or the error, and a function to leave. */
  function use() {
    const observer = new QueryObserver(queries.queryClient, queries.usersQuery);
    let leave;
    const result = new Promise((resolve, reject) => {
      leave = observer.subscribe(({ status, data, error }) => {
        if (status === "success") resolve(data);
        if (status === "error") reject(error);
      });
    });
    return { leave, result: result.finally(leave) };
  }

  test("gives what the client read", async () => {
    assert.equal((await use().result).users.length, 5);
  });

  test("sends nothing again that the client gave up", async () => {
    sandbox.faults.add({ fault: "error", status: 404, count: 10 });
    await assert.rejects(use().result, { code: "not-found" });
    assert.equal(sandbox.requests.length, 1);
  });

  test("ends the call when nobody waits for it any more", async (t) => {
    const signals = [];
    t.mock.method(globalThis, "fetch", (_, { signal }) => {
      signals.push(signal);
      return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });
    const { leave } = use();
    while (signals.length === 0) await pause(1);
    leave();
    await pause(5);
    assert.deepEqual(signals.map(({ aborted }) => aborted), [true]);
  });
});
