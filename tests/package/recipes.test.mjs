// The recipes of the README that need other packages or servers: each is run as it stands there.
import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFileSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { createServer as createProxy } from "node:http";
import { createServer } from "node:https";
import { connect } from "node:net";
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
  const certificate = (name) => readFileSync(certificateFile(name));
  const tunnels = [];
  const proxy = createProxy().on("connect", (request, socket, head) => {
    tunnels.push(request.url);
    const { hostname, port } = new URL(`https://${request.url}`);
    const target = connect(port, hostname, () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      target.write(head);
      target.pipe(socket).pipe(target);
    });
    target.on("error", () => socket.destroy());
    socket.on("error", () => target.destroy());
  });
  /** As the vendor's, but for the certificate, which an authority has signed that nobody knows. */
  const api = createServer({ key: certificate("key"), cert: certificate("good") }, async (request, response) => {
    const answer = await sandbox.fetch(`https://localhost${request.url}`, { headers: request.headers });
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  });
  const open = async (server) => (await once(server.listen(0, "127.0.0.1"), "listening"), server.address().port);
  after(() => [proxy, api].forEach((server) => server.close()));

  async function settings() {
    const ports = [proxy, api].map((server) => server.address()?.port ?? open(server));
    const [proxyPort, apiPort] = await Promise.all(ports);
    // What this machine has itself.
    const names = ["HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "NODE_EXTRA_CA_CERTS"];
    const env = { ...Object.fromEntries(names.map((name) => [name, undefined])), TE_API_ENDPOINT: `https://localhost:${apiPort}/v7` };
    return { apiPort, proxyUrl: `http://127.0.0.1:${proxyPort}`, env };
  }

  const print = `
    const print = ({ users, code, message }) => console.log(JSON.stringify({ users: users?.length, code, message }));
    print(await client.users.getUsers({ maxRetries: 0 }).catch((error) => error));`;

  test("calls go through it, and trust its authority", async () => {
    await writeModule("corporate-proxy", example("corporate-proxy"));
    await project.write("proxied.mjs", `import { client } from "./corporate-proxy.mjs";${print}`);
    const { apiPort, proxyUrl, env } = await settings();
    const call = async (more) => JSON.parse(await run([process.execPath, "--no-warnings", "proxied.mjs"], project.path(), { ...env, ...more }));
    const trusted = { CORPORATE_CA: fileURLToPath(certificateFile("root")) };
    assert.deepEqual(await call({ ...trusted, HTTPS_PROXY: proxyUrl }), { users: 5 });
    assert.deepEqual(tunnels.splice(0), [`localhost:${apiPort}`]);
    assert.deepEqual(await call({ ...trusted, HTTPS_PROXY: proxyUrl, NO_PROXY: "localhost" }), { users: 5 });
    assert.deepEqual(tunnels.splice(0), []);
    const stranger = await call({ CORPORATE_CA: fileURLToPath(certificateFile("self-signed")), HTTPS_PROXY: proxyUrl });
    assert.deepEqual([stranger.code, /certificate is not trusted/.test(stranger.message)], ["connection-failed", true]);
  });

  test("without code, Node trusts its authority by a variable", async () => {
    copyFileSync(certificateFile("root"), project.path("corporate-ca.pem"));
    await project.write("server.js", `import { users } from "./users.js"; const client = { users };${print}`);
    const { env } = await settings();
    const command = example("corporate-ca").trim();
    const shell = async (command) => JSON.parse(await run(["sh", "-c", command], project.path(), env));
    assert.deepEqual(await shell(command), { users: 5 });
    const [, plain] = /^NODE_EXTRA_CA_CERTS=\S+ (.+)$/.exec(command);
    assert.equal((await shell(plain)).code, "connection-failed");
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
