// Each declared operation goes through, made anew of what was parsed; nothing else does.
import assert from "node:assert/strict";
import { test } from "node:test";

import { basePath, createProxy, ofPage, operations, origin, readOperations, startProxy, token, writeOperations } from "./support.mjs";

/** A value of each form, by the schema of the parameter. */
const values = { id: "2001", "date-time": "2026-01-31T12:00:00.000Z", boolean: "true", array: "user,agent", cursor: "a/b=+%&c#d?é" };
const valueOf = ({ name, schema: { format, type } }) => (name === "window" ? "7d" : (values[format] ?? values[type] ?? values[name]));

const { ask, sent, asked } = await startProxy();

for (const { operationId, method, path, query, body } of operations) {
  test(`${operationId} arrives as it was meant, and authorize sees what was parsed`, async () => {
    const parameters = Object.fromEntries(query.map((parameter) => [parameter.name, valueOf(parameter)]));
    assert.ok(Object.values(parameters).every((value) => value !== undefined));
    const address = path.replace("{id}", "17") + (query.length > 0 ? `?${new URLSearchParams(parameters)}` : "");
    const json = body ? '{"name":"Ümit"}' : undefined;
    const response = await ask(address, { method, headers: ofPage, ...(json && { body: json }) });
    assert.equal(response.status, 200, await response.clone().text());

    const { line, headers, body: received } = sent.at(-1);
    const url = new URL(line.split(" ")[1], "http://api.example");
    assert.deepEqual([line.split(" ")[0], url.pathname], [method, `/v7${path.replace("{id}", "17")}`]);
    assert.deepEqual(Object.fromEntries(url.searchParams), parameters);
    assert.equal(received, json ?? "");
    assert.equal(headers["content-type"], json && "application/json");
    assert.equal(headers.authorization, `Bearer ${token}`);

    const { aid, ...others } = parameters;
    const params = { ...(path.includes("{id}") && { id: "17" }), ...others };
    assert.deepEqual(asked.at(-1), { operation: operationId, method, params, aid });
    assert.ok(Object.isFrozen(asked.at(-1).params));
  });
}

const cursors = ["a+b", "%FFx", "a%20b", "%2b%2B", "a/b=:@?~!$()*,;", "%E2%80%AE", "%25%36%31", "eyJvIjoxfQ=="];
for (const cursor of cursors) {
  test(`the cursor ${cursor} goes as it came`, async () => {
    assert.equal((await ask(`/audit-user-events?aid=7&cursor=${cursor}`)).status, 200);
    assert.equal(sent.pop().line, `GET /v7/audit-user-events?aid=7&cursor=${cursor}`);
    assert.equal(asked.at(-1).params.cursor, new URLSearchParams(`cursor=${cursor}`).get("cursor"));
  });
}

for (const cursor of ["", "%", "a%2", "a%zz", "%00", "a%0Ab", "%C2%85", "a|b", "{}", "a\\b", "[1]", "a^b"]) {
  test(`the cursor "${cursor}" is refused`, async () => {
    const before = sent.length;
    assert.equal((await ask(`/audit-user-events?cursor=${cursor}`)).status, 400);
    assert.equal(sent.length, before);
  });
}

test("reads are allowed, and each write by its name alone", async () => {
  const reads = operations.filter(({ method }) => method === "GET").map(({ operationId }) => operationId);
  assert.deepEqual(readOperations, reads);
  const usual = await startProxy({ allow: undefined });
  const one = await startProxy({ allow: ["updateRole"] });
  for (const { operationId, method, path, body } of operations) {
    const [address, init] = [path.replace("{id}", "17"), { method, headers: ofPage, ...(body && { body: "{}" }) }];
    assert.equal((await usual.ask(address, init)).status, reads.includes(operationId) ? 200 : 403, operationId);
    const answer = await one.ask(address, init);
    assert.equal(answer.status, operationId === "updateRole" ? 200 : 403, operationId);
    if (answer.status === 403) assert.match((await answer.json()).detail, new RegExp(`does not allow ${operationId}`));
  }
  assert.deepEqual([usual.sent.length, one.sent.length], [reads.length, 1]);
  assert.equal(writeOperations.length, operations.length - reads.length);
});

const undeclared = ["/tests", "/users/17/roles", "/users/17/", "/users/", "/", "//users", "/openapi.json", "/Users", "/users;a=1"];
for (const path of undeclared) {
  test(`${path} is not forwarded`, async () => {
    const { status } = await ask(path, { headers: ofPage });
    assert.ok([400, 403].includes(status), String(status));
    assert.equal(sent.length, operations.length);
  });
}

test("a path outside of basePath is none of the proxy's", async () => {
  const proxy = createProxy({ origin, authorize: () => assert.fail("asked"), fetch: () => assert.fail("sent") });
  for (const path of ["/users", basePath, "/te-api/v70/users", "/x/te-api/v7/users", "/te-api/V7/users"]) {
    assert.equal((await proxy(new Request(origin + path))).status, 404, path);
  }
});

test("another method than the declared ones is refused, and the answer names these", async () => {
  const own = [["PUT", "/users/current"], ["DELETE", "/users/current"]];
  const cases = [["PATCH", "/users/17"], ["HEAD", "/users"], ["OPTIONS", "/users"], ...own];
  const allowed = { "/users/17": "DELETE, GET, PUT", "/users": "POST, GET", "/users/current": "GET" };
  for (const [method, path] of cases) {
    const answer = await ask(path, { method, headers: ofPage });
    assert.deepEqual([answer.status, answer.headers.get("allow")], [405, allowed[path]], `${method} ${path}`);
    assert.equal(answer.headers.get("access-control-allow-origin"), null);
  }
  assert.equal(sent.length, operations.length);
});

test("basePath and host can be others", async () => {
  const { host, sent, proxy } = await startProxy({ basePath: "/admin/api", origin: ["https://a.example", "http://b.example:8080/"] });
  assert.equal((await proxy(new Request("http://b.example:8080/admin/api/users"))).status, 200);
  assert.equal((await proxy(new Request("https://a.example/admin/api/users"))).status, 200);
  assert.equal((await proxy(new Request("http://b.example/admin/api/users"))).status, 403);
  assert.deepEqual(sent.map(({ line }) => line), ["GET /v7/users", "GET /v7/users"]);
  const answer = createProxy({ origin, host: `${host}///`, authorize: () => true, accessToken: () => token });
  assert.equal((await answer(new Request(`${origin}${basePath}/roles`))).status, 200);
  assert.equal(sent.at(-1).line, "GET /v7/roles");
});

test("without host the public API is asked", async () => {
  const fetched = [];
  const fetch = async (address, init) => {
    fetched.push([address, init.method, init.redirect, init.cache]);
    return Response.json({});
  };
  const proxy = createProxy({ origin, authorize: () => true, accessToken: token, fetch });
  await proxy(new Request(`${origin}${basePath}/users?aid=7`));
  assert.deepEqual(fetched, [["https://api.thousandeyes.com/v7/users?aid=7", "GET", "manual", "no-store"]]);
});
