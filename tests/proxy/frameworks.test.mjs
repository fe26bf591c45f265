// The client of the package through the proxy, in the servers that portals are made with: it works as without, errors, rate
// limit and outcomes included.
import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import http2 from "node:http2";
import { after, beforeEach, test } from "node:test";
import { serve } from "@hono/node-server";
import express from "express";
import { Hono } from "hono";

import { startSandbox } from "../../www/sandbox/server.mjs";
import { basePath, createProxy, eventually, listen, ofPage, project } from "./support.mjs";
import { readOperations, toNodeHandler, token, writeOperations } from "./support.mjs";

const te = await project.import("thousandeyes-admin");
const required = project.require("thousandeyes-admin/proxy");
const sandboxServer = await startSandbox({ port: 0, token, eventsPerPage: 20 });
const { sandbox } = sandboxServer;
after(() => sandboxServer.close());
beforeEach(() => sandbox.reset());

const proxyAt = (origin, options, make = createProxy) =>
  make({
    origin,
    host: sandboxServer.url,
    accessToken: token,
    allow: [...readOperations, ...writeOperations],
    authorize: () => true,
    ...options,
  });

/** Each gives the address where a proxy is served that is made for it. */
const servers = {
  "node:http": async (options, make) => {
    let handler;
    const url = await listen((request, response) => handler(request, response));
    handler = toNodeHandler(proxyAt(url, options, make));
    return url;
  },
  Express: async (options) => {
    const app = express();
    const url = await listen(app);
    app.use(basePath, toNodeHandler(proxyAt(url, options)));
    app.use(express.json());
    app.use((error, _request, response, _next) => response.status(500).type("text").send(error.message));
    return url;
  },
  Hono: async (options) => {
    const app = new Hono();
    const server = await new Promise((resolve) => {
      const listener = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, () => resolve(listener));
    });
    after(() => server.close());
    const url = `http://127.0.0.1:${server.address().port}`;
    const proxy = proxyAt(url, options);
    app.all(`${basePath}/*`, (c) => proxy(c.req.raw));
    return url;
  },
  "node:http, by require": (options) => servers["node:http"](options, required.createProxy),
};

const clientAt = (url, more) => new te.ApiClient({ host: url + basePath, headers: { Origin: url }, ...more });

for (const [name, start] of Object.entries(servers)) {
  test(`${name}: the client works as without a proxy`, async () => {
    const url = await start();
    const client = clientAt(url);
    const { data, location, rateLimit } = await client.users.createUserWithHttpInfo({ name: "Åsa 山田", email: "asa@example.com" });
    assert.equal(location, `${url}${basePath}/users/${data.uid}`);
    assert.equal(rateLimit.known, true);
    assert.equal((await client.users.updateUser(data.uid, { name: "Åsa" })).name, "Åsa");
    await client.users.deleteUser(data.uid);
    await assert.rejects(client.users.getUser(data.uid), { code: "not-found", outcome: "rejected" });
    const { accountGroups } = await client.accountGroups.getAccountGroups();
    const whole = await client.accountGroups.getAccountGroup(accountGroups[0].aid, { expand: ["user", "agent"] });
    assert.ok(whole.users.length > 0 && whole.agents.length > 0);
    assert.ok((await client.roles.getRoles({ aid: accountGroups[0].aid })).roles.length > 0);
    let events = 0;
    for await (const _event of client.userEvents.userEvents({ window: "365d" })) events += 1;
    const pages = sandbox.requests.filter(({ path }) => path.includes("audit-user-events"));
    assert.ok(events > 20 && pages.length > 1 && pages.at(-1).path.includes("cursor="));
  });

  test(`${name}: its errors, its limiter and its outcomes are the same`, async () => {
    const client = clientAt(await start(), { maxRetries: 0 });
    const errorOf = (call) => call.then(() => assert.fail("it was answered"), (error) => error);
    const taken = sandbox.state.users[0].email;
    const invalid = await errorOf(client.users.createUser({ name: "Twice", email: taken }));
    assert.deepEqual([invalid.code, invalid.fieldErrors[0].path], ["bad-request", ["email"]]);

    sandbox.faults.add({ fault: "too-many-requests", retryAfter: 30 });
    const spent = await errorOf(client.users.getUsers());
    assert.equal(spent.code, "too-many-requests");
    assert.ok(Math.abs(spent.retryAt - Date.now() - 30_000) < 5000);
    assert.equal(client.rateLimit.known, true);
  });

  test(`${name}: what is lost behind the proxy is unknown to the client, and what the proxy refuses is rejected`, async () => {
    const client = clientAt(await start({ allow: [...readOperations, "createUser"], authorize: (_request, { aid }) => aid !== "13" }));
    sandbox.faults.add({ fault: "connection-reset", when: "after", match: { method: "POST" } });
    const lost = await client.users.createUser({ name: "Lost", email: "lost@example.com" }).catch((error) => error);
    assert.deepEqual([lost.code, lost.status, lost.outcome], ["service-error", 502, "unknown"]);
    assert.match(lost.message, /The proxy got no answer from the API/);
    const before = sandbox.requests.length;
    const cases = [
      [client.users.deleteUser("5001"), /does not allow deleteUser/],
      [client.users.getUsers({ aid: "13" }), /not permitted to use getUsers/],
      [client.request({ method: "POST", path: "/tests", body: {} }), /operations that have a method of their own, and nothing else/],
    ];
    for (const [call, message] of cases) await assert.rejects(call, { code: "forbidden", outcome: "rejected", message });
    const other = clientAt(await start(), { headers: { Origin: "https://evil.example" } });
    const message = /Only pages of this origin/;
    await assert.rejects(other.users.deleteUser("5001"), { code: "forbidden", outcome: "rejected", message });
    assert.equal(sandbox.requests.length, before);
  });
}

test("a client that gives up ends the call behind each of these servers", async () => {
  for (const [name, start] of Object.entries(servers)) {
    const ends = [];
    const fetch = (address, init) => {
      init.signal.addEventListener("abort", () => ends.push(name));
      return new Promise(() => {});
    };
    const client = clientAt(await start({ fetch }));
    const leaving = new AbortController();
    const call = client.users.getUsers({ signal: leaving.signal });
    call.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 100));
    leaving.abort("left the page");
    await assert.rejects(call, (reason) => reason === "left the page");
    await eventually(() => ends.length === 1);
  }
});

// toNodeHandler.

const body = JSON.stringify({ name: "Ada", email: "ada@example.com" });
const post = (url) => fetch(`${url}${basePath}/users`, { method: "POST", headers: { ...ofPage, origin: url }, body });

/** Express with something before the proxy, and what its handler of errors got. */
async function startExpress(...before) {
  const [app, errors] = [express(), []];
  const url = await listen(app);
  app.use(...before);
  app.use(basePath, toNodeHandler(proxyAt(url)));
  app.use((error, _request, response, _next) => {
    errors.push(error.message);
    response.status(500).end();
  });
  return { url, errors };
}

for (const [name, parser] of Object.entries({
  "express.json()": express.json(),
  "express.text()": express.text({ type: "*/*" }),
  "a reader that keeps nothing": async (request, _response, next) => {
    for await (const _part of request);
    next();
  },
})) {
  test(`a body that ${name} has read is an error that says so, and a read has none`, async () => {
    const { url, errors } = await startExpress(parser);
    assert.equal((await post(url)).status, 500);
    assert.equal(errors.length, 1);
    assert.match(errors[0], /^The body of the request was read before the proxy got it: mount the proxy before express\.json\(\)/);
    assert.equal((await fetch(`${url}${basePath}/users`)).status, 200);
    assert.deepEqual(sandbox.requests.map(({ method }) => method), ["GET"]);
  });
}

test("a parser behind the proxy takes nothing from it", async () => {
  assert.equal((await post(await servers.Express())).status, 201);
});

test("without next, an error goes to the log, and is answered with 500 that does not tell it", async (t) => {
  const log = t.mock.method(console, "error", () => {});
  const reason = new Error("the session store is gone");
  const url = await servers["node:http"]({
    authorize: () => {
      throw reason;
    },
  });
  const answer = await fetch(`${url}${basePath}/users`);
  assert.deepEqual([answer.status, (await answer.json()).detail], [500, "The proxy failed: its log says why."]);
  assert.deepEqual(log.mock.calls.map((call) => call.arguments), [[reason]]);
});

test("a path that Express has mounted the proxy at counts as a whole", async () => {
  const app = express();
  const url = await listen(app);
  app.use("/admin", express.Router().use("/api", toNodeHandler(proxyAt(url, { basePath: "/admin/api" }))));
  assert.equal((await fetch(`${url}/admin/api/users`)).status, 200);
});

test("it takes only what createProxy gives", () => {
  assert.throws(() => toNodeHandler({ fetch }), /toNodeHandler needs what createProxy gives/);
});

test("HTTP/2 has the host elsewhere, and works the same", async (t) => {
  let handler;
  const server = http2.createServer((request, response) => handler(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}`;
  handler = toNodeHandler(proxyAt(url));
  const session = http2.connect(url);
  t.after(() => (session.destroy(), server.close()));
  const status = async (headers, sent) => {
    const stream = session.request(headers);
    stream.end(sent);
    const [answer] = await once(stream, "response");
    stream.resume();
    return answer[":status"];
  };
  assert.equal(await status({ ":path": `${basePath}/users` }), 200);
  assert.equal(await status({ ":path": `${basePath}/users`, ":authority": "rebound.example" }), 403);
  const length = { "content-length": Buffer.byteLength(body) };
  const headers = { ":path": `${basePath}/users`, ":method": "POST", ...ofPage, origin: url, ...length };
  assert.equal(await status(headers, body), 201);
});

test("an answer as big as they come is passed on at the speed of its reader", async () => {
  const big = "x".repeat(8 * 2 ** 20);
  const fetched = async () => new Response(big, { headers: { "content-type": "application/json" } });
  const url = await servers["node:http"]({ fetch: fetched });
  const request = http.get(`${url}${basePath}/users`);
  const [response] = await once(request, "response");
  await new Promise((resolve) => setTimeout(resolve, 100));
  let size = 0;
  for await (const part of response) size += part.length;
  assert.equal(size, big.length);
});
