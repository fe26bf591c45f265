// What somebody tries who is not the portal's page, or who is, and wants more than it may have. Nothing of it is sent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Hono } from "hono";
import { serve } from "@hono/node-server";

import { basePath, listen, ofPage, origin, raw, startProxy, toNodeHandler, token } from "./support.mjs";

/** A proxy over HTTP, at the address that it takes for its own. */
async function startServer(options) {
  let handler;
  const url = await listen((request, response) => handler(request, response));
  const started = await startProxy({ origin: url, ...options });
  handler = toNodeHandler(started.proxy);
  const lines = (first, headers) => {
    const all = { Host: new URL(url).host, Connection: "close", ...headers };
    return [first, ...Object.entries(all).map((pair) => pair.join(": "))];
  };
  /** A request as it stands, whatever a client would make of it; the connection ends with the answer. */
  const send = async (first, headers, body = "") => {
    const answer = await raw(url, [...lines(first, headers), "", body].join("\r\n"));
    return { status: Number(answer.split(" ")[1]), answer };
  };
  return { ...started, url, send };
}

const server = await startServer();
const { send, sent, url } = server;
const refused = async (first, headers, body, statuses = [400, 403, 404, 405]) => {
  const before = sent.length;
  const { status, answer } = await send(first, headers, body);
  assert.ok(statuses.includes(status), `${first}: ${answer}`);
  assert.equal(sent.length, before, `${first} was sent`);
  assert.ok(!answer.includes(token));
  return answer;
};

// Paths.

const paths = [
  "/te-api/v7/users/..%2f..%2fadmin",
  "/te-api/v7/users/%2e%2e",
  "/te-api/v7/users/%2e%2e/roles",
  "/te-api/v7/users/..",
  "/te-api/v7/users/../roles",
  "/te-api/v7/./users",
  "/te-api/v7/x/../users",
  "/x/../te-api/v7/users",
  "/te-api/v7//users",
  "//te-api/v7/users",
  "/te-api/v7\\users",
  "/te-api/v7/users\\..\\roles",
  "/te-api/v7/users/%5c..%5croles",
  "/te-api/v7/users/17%2froles",
  "/te-api/v7/users/17%252froles",
  "/te-api/v7/users/%252e%252e%252froles",
  "/te-api/v7/users/17%00",
  "/te-api/v7/users/17%0d%0aX-Evil:1",
  "/te-api/v7/users/17%3faid=1",
  "/te-api/v7/users/17%23",
  "/te-api/v7/users/17;aid=1",
  "/te-api/v7/users/17@evil.example",
  "/te-api/v7/users/%e2%80%ae17",
  "/te-api/v7/users/%ff",
  "/te-api/v7/users/%",
  "/te-api/v7/users/.",
  "/te-api/v7/users/a.b",
  "/te-api/v7/users/%31%37",
  "/te-api/v7/%75sers",
  "/te-api%2fv7/users",
  "/te-api/v7/users#/roles",
  "/te-api/v7/users/" + "1".repeat(129),
];
for (const path of paths) test(`the path ${path.slice(0, 60)} leads nowhere`, () => refused(`GET ${path} HTTP/1.1`));

const targets = [
  "http://evil.example/te-api/v7/users",
  "https://api.thousandeyes.com/te-api/v7/users",
  `${url}${basePath}/users`,
  "evil.example:443",
  "*",
  "@evil.example/te-api/v7/users",
  ":80/te-api/v7/users",
];
for (const target of targets) test(`the target ${target} is no path`, () => refused(`GET ${target} HTTP/1.1`));

test("neither CONNECT nor TRACE does anything", async () => {
  await refused(`TRACE ${basePath}/users HTTP/1.1`);
  // Node ends the connection of a CONNECT that nobody listens for.
  const before = sent.length;
  await send("CONNECT api.thousandeyes.com:443 HTTP/1.1");
  assert.equal(sent.length, before);
});

// Queries.

const queries = [
  ["GET /users?aid=1&aid=2", "given once"],
  ["GET /users?aid=1&%61id=2", "given once"],
  ["GET /users?aid=1&AID=2", "takes these"],
  ["GET /users?aid[]=1", "takes these"],
  ["GET /users?aid=1;aid=2", "a value that is none"],
  ["GET /users?aid=1%26aid=2", "a value that is none"],
  ["GET /users?aid=1%2526aid%253d2", "a value that is none"],
  ["GET /users?aid=", "a value that is none"],
  ["GET /users?aid", "a value that is none"],
  ["GET /users?aid=%20%31", "a value that is none"],
  ["GET /users?aid=1%00", "a value that is none"],
  ["GET /users?aid=1&debug=true", "takes these parameters and no other: aid"],
  ["GET /users?__proto__=1", "takes these"],
  ["GET /users??aid=1", "takes these"],
  ["GET /audit-user-events?window=7d&?cursor=x", "takes these"],
  ["GET /audit-user-events?cursor=1&curso%72=2", "given once"],
  ["GET /users?constructor=1", "takes these"],
  ["GET /users/current?aid=1", "takes no parameters"],
  ["GET /account-groups/7?expand=user,everything", "a value that is none"],
  ["GET /account-groups/7?expand=user&expand=agent", "given once"],
  ["GET /audit-user-events?useAllPermittedAids=TRUE", "a value that is none"],
  ["GET /audit-user-events?useAllPermittedAids=1", "a value that is none"],
  ["GET /audit-user-events?window=7d%0d%0a", "a value that is none"],
  ["GET /audit-user-events?startDate=2026-01-31T12:00:00+02:00", "a value that is none"],
  ["GET /audit-user-events?cursor=a%0d%0aX-Evil:1", "a value that is none"],
];
for (const [line, why] of queries) {
  test(`${line} is refused`, async () => {
    const answer = await refused(`${line.replace(" ", ` ${basePath}`)} HTTP/1.1`, {}, "", [400]);
    assert.ok(answer.includes(why), answer);
  });
}

// Another name for this machine, and another site's page.

const read = `GET ${basePath}/users HTTP/1.1`;
const write = `POST ${basePath}/users HTTP/1.1`;
const json = { Origin: url, "Content-Type": "application/json", "Content-Length": 2 };

const { port } = new URL(url);
const names = ["rebound.example", "127.0.0.1", "127.0.0.1.rebound.example", `localhost:${port}`, "", "127.0.0.1:99999", `127.0.0.1:${port}.`];
for (const host of names) {
  test(`the Host "${host}" is not known`, () => refused(read, { Host: host }, "", [400, 403]));
}

test("a Host is not made known by those who forward", () => {
  const { host } = new URL(url);
  return refused(read, { Host: "rebound.example", "X-Forwarded-Host": host, Forwarded: `host=${host}` }, "", [403]);
});

test("of two Hosts neither counts", async () => {
  const { host } = new URL(url);
  const answer = await raw(url, `${read}\r\nHost: ${host}\r\nHost: rebound.example\r\nConnection: close\r\n\r\n`);
  assert.match(answer, /^HTTP\/1\.1 400 /);
  assert.deepEqual(await raw(url, `GET ${basePath}/users HTTP/1.0\r\n\r\n`).then((text) => text.split(" ")[1]), "400");
});

const foreign = {
  "no Origin": { Origin: undefined },
  "the Origin null": { Origin: "null" },
  "another Origin": { Origin: "https://evil.example" },
  "another port": { Origin: "http://127.0.0.1:1" },
  "another scheme": { Origin: url.replace("http:", "https:") },
  "an Origin that only begins like ours": { Origin: `${url}.evil.example` },
  "two Origins": { Origin: `${url}, ${url}` },
  "a page of another site": { "Sec-Fetch-Site": "cross-site" },
  "a page of a neighbour": { "Sec-Fetch-Site": "same-site" },
  "no page at all": { "Sec-Fetch-Site": "none" },
  "a site and another one": { "Sec-Fetch-Site": "same-origin, cross-site" },
};
const present = (headers) => Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
for (const [name, headers] of Object.entries(foreign)) {
  test(`a write with ${name} is 403`, () => refused(write, present({ ...json, ...headers }), "{}", [403]));
}

for (const [name, headers] of Object.entries({
  "another Origin": { Origin: "https://evil.example" },
  "the Origin null": { Origin: "null" },
  "a page of another site": { "Sec-Fetch-Site": "cross-site" },
  "a page of a neighbour": { "Sec-Fetch-Site": "same-site" },
})) {
  test(`a read with ${name} is 403`, () => refused(read, headers, "", [403]));
}

test("what the portal's page sends goes through, and so does reading by hand", async () => {
  const before = sent.length;
  for (const headers of [json, { ...json, "Sec-Fetch-Site": "same-origin" }]) assert.equal((await send(write, headers, "{}")).status, 200);
  for (const headers of [{}, { Origin: url }, { "Sec-Fetch-Site": "none" }, { "Sec-Fetch-Site": "same-origin" }]) {
    assert.equal((await send(read, headers)).status, 200);
  }
  assert.equal(sent.length, before + 6);
});

const forms = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", ""];
for (const type of [...forms, "application/json-patch+json", "text/plain; application/json"]) {
  test(`a form cannot write: the type "${type}" is 415`, () => refused(write, { ...json, "Content-Type": type }, "{}", [415]));
}

// Headers.

test("nothing of the request's headers is passed on, and the token is ours", async () => {
  await send(`PUT ${basePath}/users/17 HTTP/1.1`, {
    ...json,
    "Content-Type": "application/json; charset=utf-16",
    Authorization: "Bearer of-the-page",
    Cookie: "session=1",
    Accept: "text/html",
    Referer: `${url}/secret`,
    Range: "bytes=0-1",
    "If-None-Match": "x",
    "X-HTTP-Method-Override": "DELETE",
    "X-Forwarded-For": "10.0.0.1",
    "X-Original-URL": "/admin",
    "X-Organization-Id": "1",
    "Proxy-Authorization": "Basic eA==",
    Connection: "close, authorization",
    "TE-Anything": "1",
  }, "{}");
  const { line, headers } = sent.at(-1);
  assert.equal(line, "PUT /v7/users/17");
  const { host, connection, "accept-language": _language, "accept-encoding": _encoding, "user-agent": agent, ...rest } = headers;
  assert.deepEqual(rest, {
    accept: "application/hal+json, application/json, application/problem+json",
    authorization: `Bearer ${token}`,
    "content-length": "2",
    "content-type": "application/json",
    "sec-fetch-mode": "cors", // Node's own fetch adds it
    ...("cache-control" in headers && { pragma: "no-cache", "cache-control": "no-cache" }),
  });
  assert.ok(host.startsWith("127.0.0.1:") && connection !== "close, authorization" && agent === "node");
});

const chunked = { Origin: url, "Content-Type": "application/json", "Transfer-Encoding": "chunked" };
const smuggled = "0\r\n\r\nDELETE /te-api/v7/users/17 HTTP/1.1\r\nHost: x\r\n\r\n";

test("a request within a request does not arrive", async () => {
  await refused(write, { ...chunked, "Content-Length": 6 }, smuggled, [400]);
  await refused(write, { ...json, "Content-Length": "2, 60" }, `{}${smuggled}`, [400]);
  await refused(write, { ...chunked, "Transfer-Encoding": "chunked, identity" }, smuggled, [400]);
  await refused(`DELETE ${basePath}/users/17 HTTP/1.1`, { Origin: url, "Content-Length": 60 }, smuggled.padEnd(60), [400]);
  await refused(read, { "Content-Length": 60 }, smuggled.padEnd(60), [400]);
  await refused(`DELETE ${basePath}/users/17 HTTP/1.1`, { Origin: url, "Transfer-Encoding": "chunked" }, smuggled, [400]);
});

test("a body that is compressed is refused, as nobody would know that it is", () =>
  refused(write, { ...json, "Content-Encoding": "gzip" }, "{}", [415]));

// The answer.

test("of the answer's headers only those are passed on that the client goes by", async () => {
  const told = {
    "content-type": "application/hal+json;charset=UTF-8",
    "x-organization-rate-limit-limit": "240",
    "x-organization-rate-limit-remaining": "17",
    "x-organization-rate-limit-reset": "1800000000",
    "retry-after": "3",
    allow: "GET",
    date: "Fri, 15 Jan 2027 08:00:00 GMT",
    "set-cookie": "api=1",
    "access-control-allow-origin": "*",
    "content-security-policy": "default-src *",
    "clear-site-data": '"*"',
    "service-worker-allowed": "/",
    refresh: "0; url=https://evil.example",
    link: "<https://evil.example/x.css>; rel=stylesheet",
    location: "https://evil.example/",
    "www-authenticate": "Basic",
    "x-powered-by": "x",
  };
  const { ask } = await startProxy({}, (_request, response) => response.writeHead(200, told).end("{}"));
  const answer = await ask("/users");
  assert.deepEqual(Object.fromEntries(answer.headers), {
    ...Object.fromEntries(Object.entries(told).slice(0, 7)),
    "content-type": "application/hal+json",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
  });
});

test("a gateway's page is text, and nothing in it can run on the portal's origin", async () => {
  const page = "<script>alert(document.domain)</script>";
  const kinds = [[503, "text/html"], [200, "text/html"], [200, "image/svg+xml"], [200, "application/xhtml+xml"], [404, ""]];
  for (const [status, type] of kinds) {
    const { ask } = await startProxy({}, (_request, response) => response.writeHead(status, { "content-type": type }).end(page));
    const answer = await ask("/users");
    assert.deepEqual([answer.status, answer.headers.get("content-type")], [status, "text/plain"]);
    assert.deepEqual([answer.headers.get("x-content-type-options"), await answer.text()], ["nosniff", page]);
  }
});

for (const status of [301, 302, 303, 307, 308, 300, 304]) {
  test(`a redirect by ${status} is neither followed nor passed on`, async () => {
    const elsewhere = await startProxy();
    const location = `${elsewhere.host}/users`;
    const { ask } = await startProxy({}, (_request, response) => response.writeHead(status, { location }).end());
    const answer = await ask("/users", { method: "POST", headers: ofPage, body: "{}" });
    assert.deepEqual([answer.status, answer.headers.get("location"), elsewhere.sent], [502, null, []]);
    assert.match((await answer.json()).detail, /redirect, which is not followed/);
  });
}

test("a status that no Response can have is 502", async () => {
  for (const status of [600, 999]) {
    const { ask } = await startProxy({}, (_request, response) => response.writeHead(status, { "content-type": "text/plain" }).end("x"));
    const answer = await ask("/users");
    assert.deepEqual([answer.status, (await answer.json()).detail], [502, "The API answered with a status that is none."]);
  }
  for (const response of [Response.error(), { status: 101, type: "default", headers: new Headers(), body: null }]) {
    const { ask } = await startProxy({ fetch: async () => response });
    assert.equal((await ask("/users")).status, 502);
  }
});

test("the token is in no answer, though the API repeats it", async () => {
  const repeat = (status) => (request, response) => {
    const { authorization } = request.headers;
    const location = `https://x.example/?${authorization}`;
    response.writeHead(status, { "content-type": "application/json", location, allow: authorization });
    response.end(JSON.stringify({ said: authorization, again: [token, token + token] }));
  };
  for (const status of [200, 201, 401, 500]) {
    const { ask } = await startProxy({}, repeat(status));
    const answer = await ask("/users", { method: "POST", headers: ofPage, body: "{}" });
    const text = await answer.text();
    assert.ok(!text.includes(token) && !JSON.stringify([...answer.headers]).includes(token));
    assert.deepEqual(JSON.parse(text), { said: "Bearer (token)", again: ["(token)", "(token)(token)"] });
  }
});

test("an API that is not there is 502 without a word of where it is or what was sent", async () => {
  const { ask } = await startProxy({ host: "http://127.0.0.1:1/v7" });
  const text = await (await ask("/users")).text();
  assert.match(text, /"status":502,"detail":"The proxy got no answer from the API/);
  assert.doesNotMatch(text, new RegExp(`127\\.0\\.0\\.1|${token}`));
  const failing = async (_address, { headers }) => {
    throw Object.assign(new TypeError(`failed with ${JSON.stringify(headers)}`), { code: `E_${token}` });
  };
  const own = await startProxy({ fetch: failing });
  assert.ok(!(await (await own.ask("/users")).text()).includes(token));
});

// The same behind Hono, which makes the request itself.

test("behind Hono, too, no path, host or query gets further", async (t) => {
  const { proxy, sent } = await startProxy({ origin: "http://127.0.0.1:8443" });
  const app = new Hono().all(`${basePath}/*`, (c) => proxy(c.req.raw));
  const server = await new Promise((resolve) => {
    const listener = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, () => resolve(listener));
  });
  t.after(() => server.close());
  const address = `http://127.0.0.1:${server.address().port}`;
  const status = async (target, host = "127.0.0.1:8443") =>
    Number((await raw(address, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).split(" ")[1]);
  assert.equal(await status(`${basePath}/users?aid=7`), 200);
  for (const path of paths.filter((path) => !/\.\.?(?:\/|$)|%2e|#/.test(path))) assert.ok((await status(path)) >= 400, path);
  assert.equal(await status(`${basePath}/users`, "rebound.example"), 403);
  assert.equal(await status("http://evil.example/te-api/v7/users", "evil.example"), 403);
  assert.equal(await status(`${basePath}/users?aid=1&aid=2`), 400);
  // What the platform's URL makes of a path with dots is read as if it had come like that.
  assert.equal(await status(`${basePath}/x/../roles`), 200);
  assert.equal(await status(`${basePath}/../../admin`), 404);
  assert.deepEqual(sent.map(({ line }) => line), ["GET /v7/users?aid=7", "GET /v7/roles"]);
});
