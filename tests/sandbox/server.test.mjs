import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import { startSandbox } from "../../www/sandbox/server.mjs";
import { ADMIN, contractOf, newUser } from "./support.mjs";

const authorization = `Bearer ${ADMIN}`;

/**
 * A sandbox for one test, with a `fetch` that knows its address and the token, and looks whether the answer is as the
 * sandbox describes itself, unless a fault was met.
 */
async function serve(t, options) {
  const running = await startSandbox(options);
  t.after(() => running.close());
  const check = contractOf(running.sandbox);
  const call = async (path, { headers, ...init } = {}) => {
    const url = `${running.url}${path}`;
    const response = await fetch(url, {
      ...init,
      redirect: "manual",
      headers: { authorization, ...(init.body && { "content-type": "application/json" }), ...headers },
    });
    if (running.sandbox.requests.at(-1).faults.length > 0) return response;
    const text = await response.clone().text();
    const body = text === "" ? undefined : JSON.parse(text);
    check({ method: init.method ?? "GET", url }, { status: response.status, headers: response.headers, text, body });
    return response;
  };
  return { ...running, call, added: () => running.sandbox.state.users.length - 40 };
}

/** What the server answers to these bytes, until it closes the connection. */
async function raw({ url }, text) {
  const socket = connect(new URL(url).port, "127.0.0.1");
  const chunks = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.end(text);
  await once(socket, "close");
  return Buffer.concat(chunks).toString();
}

test("listens at 127.0.0.1 and serves the same as the handler", async (t) => {
  const { url, call } = await serve(t, { now: () => 0 });
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/v7$/);
  const created = await call("/users", { method: "POST", body: JSON.stringify(newUser()) });
  assert.equal(created.status, 201);
  const location = created.headers.get("location");
  assert.equal(location, `${url}/users/${(await created.json()).uid}`);
  const deleted = await fetch(location, { method: "DELETE", headers: { authorization } });
  assert.equal(deleted.status, 204);
  assert.equal(Date.parse(deleted.headers.get("date")), 0);
  assert.equal(deleted.headers.get("x-organization-rate-limit-remaining"), "238");
});

test("Location is at the host that was asked for", async (t) => {
  const { url } = await serve(t);
  const body = JSON.stringify(newUser());
  const headers = { authorization, host: "portal.example:8443", "content-type": "application/json" };
  const outgoing = request(`${url}/users`, { method: "POST", headers });
  outgoing.end(body);
  const [answer] = await once(outgoing, "response");
  answer.resume();
  assert.match(answer.headers.location, /^http:\/\/portal\.example:8443\/v7\/users\/\d+$/);
});

test("HEAD, redirects and large bodies", async (t) => {
  const { call } = await serve(t);
  const head = await call("/users", { method: "HEAD" });
  assert.ok(Number(head.headers.get("content-length")) > 1000);
  const moved = await call("/../v6/users");
  assert.equal(moved.status, 301);
  const body = JSON.stringify(newUser({ name: "x".repeat(10_000_000) }));
  assert.equal((await call("/users", { method: "POST", body })).status, 413);
  assert.equal((await call("/users")).status, 200);
});

test("bytes that are no proper request do no harm", async (t) => {
  const running = await serve(t);
  const head = `Host: x\r\nAuthorization: ${authorization}\r\nConnection: close\r\n\r\n`;
  assert.match(await raw(running, `TRACE /v7/users HTTP/1.1\r\n${head}`), /^HTTP\/1.1 405 /);
  const whole = await raw(running, `GET http://x/v7/users HTTP/1.1\r\n${head}`);
  assert.match(whole, /^HTTP\/1.1 200 [^]*http:\/\/x\/v7\/users"/);
  assert.match(await raw(running, `OPTIONS * HTTP/1.1\r\n${head}`), /^HTTP\/1.1 404 /);
  assert.match(await raw(running, `GET //v7/users HTTP/1.1\r\n${head}`), /^HTTP\/1.1 404 /);
  for (const host of ["a b", "x/v7/users/5001?", "user:secret@x", "x\\y", "x#y"]) {
    const unusable = `GET /v7/users HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    assert.match(await raw(running, unusable), /^HTTP\/1.1 400 /, host);
  }
  assert.match(await raw(running, "GET /v7/users HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n"), /^HTTP\/1.1 401 /);
  assert.match(await raw(running, "GET /v7/users HTTP/1.0\r\n\r\n"), /^HTTP\/1.1 401 /);
  assert.match(await raw(running, "nonsense\r\n\r\n"), /^HTTP\/1.1 400 /);
  const unfinished = `POST /v7/users HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{`;
  await raw(running, unfinished);
  assert.equal((await running.call("/users")).status, 200);
});

test("a reset connection, before and after the write", async (t) => {
  const { sandbox, call, added } = await serve(t);
  for (const [when, expected] of [["before", 0], ["after", 1]]) {
    sandbox.faults.add({ fault: "connection-reset", when });
    await assert.rejects(call("/users", { method: "POST", body: JSON.stringify(newUser()) }), (error) => {
      assert.equal(error.cause.code, "ECONNRESET");
      return true;
    });
    assert.equal(added(), expected);
  }
});

test("a body that breaks off", async (t) => {
  const { sandbox, call, added } = await serve(t);
  sandbox.faults.add({ fault: "cut-body" });
  const response = await call("/users", { method: "POST", body: JSON.stringify(newUser()) });
  assert.equal(response.status, 201);
  await assert.rejects(response.text(), TypeError);
  assert.equal(added(), 1);
});

test("a request that hangs ends when the client leaves", async (t) => {
  const answered = [];
  const { sandbox, call } = await serve(t, { onRequest: (entry) => answered.push(entry.method) });
  sandbox.faults.add({ fault: "hang" });
  await assert.rejects(call("/users", { signal: AbortSignal.timeout(50) }), { name: "TimeoutError" });
  assert.equal((await call("/users", { method: "OPTIONS" })).status, 204);
  assert.deepEqual(answered.toSorted(), ["GET", "OPTIONS"]);
});

test("close ends at once, even with a request in flight", async () => {
  const { url, sandbox, close } = await startSandbox();
  sandbox.faults.add({ fault: "hang" });
  const pending = fetch(`${url}/users`);
  const lost = assert.rejects(pending, TypeError);
  while (sandbox.requests.length === 0) await new Promise(setImmediate);
  await close();
  await lost;
  await assert.rejects(fetch(`${url}/users`), TypeError);
});

test("the control paths work from another process, but under no foreign host and for no foreign page", async (t) => {
  const { url, sandbox, call } = await serve(t);
  const control = new URL("/__sandbox/faults", url);
  const added = await fetch(control, { method: "POST", body: '{"fault":"error","status":504}' });
  assert.equal(added.status, 201);
  assert.equal((await call("/users")).status, 504);
  const outgoing = request(control, { method: "DELETE", headers: { host: "rebound.example" } });
  outgoing.end();
  const [answer] = await once(outgoing, "response");
  answer.resume();
  assert.equal(answer.statusCode, 404);
  assert.equal(sandbox.requests.length, 2);
  for (const [origin, status] of [["https://elsewhere.example", 404], ["null", 404], ["http://localhost:5173", 204]]) {
    assert.equal((await fetch(control, { method: "DELETE", headers: { origin } })).status, status, origin);
  }
});
