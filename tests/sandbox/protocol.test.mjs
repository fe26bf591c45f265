import assert from "node:assert/strict";
import { test } from "node:test";
import { ORIGIN, newUser, open } from "./support.mjs";

test("a version that does not exist is redirected to the one that does", async () => {
  const { call } = open();
  for (const [path, to] of [["/v6/users?aid=1", "/v7/users?aid=1"], ["/v6", "/v7"], ["/v70/users/1", "/v7/users/1"]]) {
    const { status, headers } = await call("GET", path, { token: "" });
    assert.equal(status, 301);
    assert.equal(headers.get("location"), `${ORIGIN}${to}`);
  }
});

test("unknown paths and ids are 404 as problem+json", async () => {
  const { call } = open();
  const paths = [
    "/", "/users", "/v7", "/v7/", "/v7/user", "/v7/users/", "/v7/users//", "/v7/users/1/roles", "/v7/users/0",
    "/v7/users/a%2Fb", "/v7/users/%2e%2e", "/v7/users/..", "/v7/users/constructor", "/v7/users/%00",
    "/v7/users/5001%20", "/v7/users/05001", `/v7/users/${"9".repeat(5000)}`, "/v7/roles/0",
    "/v7/account-groups/0", "/v7/permissions/1", "/v7/audit-user-events/1",
  ];
  for (const path of paths) {
    const { status, headers, body } = await call("GET", path);
    assert.equal(status, 404, path);
    assert.equal(headers.get("content-type"), "application/problem+json");
    assert.deepEqual(Object.keys(body), ["type", "title", "status", "detail", "instance"]);
  }
});

test("an escaped path means what it says", async () => {
  const { call } = open();
  assert.equal((await call("GET", "/v7/users/%35%30%30%31")).body.uid, "5001");
  assert.equal((await call("GET", "/v7/users/%ff")).status, 400);
});

test("a method that a path does not have: 405 with Allow", async () => {
  const { call } = open();
  const cases = [
    ["PATCH", "/v7/users", "GET, POST, HEAD, OPTIONS"],
    ["DELETE", "/v7/users/current", "GET, HEAD, OPTIONS"],
    ["POST", "/v7/users/5001", "GET, PUT, DELETE, HEAD, OPTIONS"],
    ["POST", "/v7/permissions", "GET, HEAD, OPTIONS"],
    ["PATCH", "/v7/roles/33", "GET, PUT, DELETE, HEAD, OPTIONS"],
    ["CONSTRUCTOR", "/v7/roles", "GET, POST, HEAD, OPTIONS"],
  ];
  for (const [method, path, allow] of cases) {
    const answer = await call(method, path);
    assert.deepEqual([answer.status, answer.headers.get("allow")], [405, allow]);
  }
});

test("HEAD is GET without the body, OPTIONS tells the methods without a token", async () => {
  const { call } = open();
  const get = await call("GET", "/v7/users");
  const head = await call("HEAD", "/v7/users");
  assert.deepEqual([head.status, head.text], [200, ""]);
  assert.equal(head.headers.get("content-length"), get.headers.get("content-length"));
  const options = await call("OPTIONS", "/v7/users/5001", { token: "" });
  assert.deepEqual([options.status, options.headers.get("allow")], [204, "GET, PUT, DELETE, HEAD, OPTIONS"]);
});

test("the answer's media type is one that was accepted, or 406", async () => {
  const { call } = open();
  const cases = [
    ["application/hal+json, application/json, application/problem+json", "application/hal+json"],
    ["application/json", "application/json"],
    ["APPLICATION/JSON; charset=utf-8", "application/json"],
    ["text/html, */*;q=0.1", "application/hal+json"],
    ["application/*", "application/hal+json"],
    ["", "application/hal+json"],
    ["application/hal+json;q=0, application/json", "application/json"],
    ["application/hal+json;q=0, */*", "application/json"],
    ["application/hal+json;q=0.1, application/json;q=0.9", "application/json"],
    ["*/*;q=0.1, text/html", "application/hal+json"],
  ];
  for (const [accept, type] of cases) {
    assert.equal((await call("GET", "/v7/users", { headers: { accept } })).headers.get("content-type"), type, accept);
  }
  for (const accept of ["text/html", "application/xml, text/*", "*/*;q=0"]) {
    assert.equal((await call("GET", "/v7/users", { headers: { accept } })).status, 406, accept);
  }
  const headers = { accept: "application/json, application/problem+json" };
  assert.equal((await call("DELETE", "/v7/users/5030", { headers })).status, 204);
});

test("a refused Accept header keeps a write from being executed", async () => {
  const { sandbox, call } = open();
  assert.equal((await call("DELETE", "/v7/users/5030", { headers: { accept: "text/html" } })).status, 406);
  assert.equal(sandbox.state.users.length, 40);
});

test("a body of another media type: 415", async () => {
  const { call } = open();
  const body = newUser();
  for (const type of ["text/plain", "application/xml", "application/jsonp", "application/x-www-form-urlencoded"]) {
    assert.equal((await call("POST", "/v7/users", { body, headers: { "content-type": type } })).status, 415, type);
  }
  const type = "Application/JSON; charset=UTF-8";
  assert.equal((await call("POST", "/v7/users", { body, headers: { "content-type": type } })).status, 201);
});

test("a body with a content encoding: 415", async () => {
  const { call } = open();
  for (const [coding, status] of [["gzip", 415], ["br, gzip", 415], ["Identity", 201]]) {
    assert.equal((await call("POST", "/v7/users", { body: newUser(), headers: { "content-encoding": coding } })).status, status);
  }
});

test("a body above the limit: 413", async () => {
  const { call } = open({ bodyLimit: 1000 });
  assert.equal((await call("POST", "/v7/users", { body: newUser({ note: "x".repeat(2000) }) })).status, 413);
  assert.equal((await call("POST", "/v7/users", { body: newUser() })).status, 201);
});

const latin1 = '{"name":"\u00ff","email":"latin1@example.com"}';
const notUtf8 = Uint8Array.from(latin1, (character) => character.charCodeAt(0));
const nested = (depth) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

test("a body that is not a JSON object: 400", async () => {
  const { call } = open();
  const json = { headers: { "content-type": "application/json" } };
  const bodies = [
    "", "{", "null", "[]", '"text"', "7", '{"name":}', "{'name':'x'}", "\u0000", nested(5000), "[".repeat(500_000),
    notUtf8, '{"\\ud800":1}', '{"accountGroupRoles":[{"half \\udfff":1}]}', `{"accountGroupRoles":${"[".repeat(400)}${"]".repeat(400)}}`,
  ];
  for (const body of bodies) {
    for (const [method, path] of [["POST", "/v7/users"], ["PUT", "/v7/users/5030"]]) {
      const answer = await call(method, path, { body, ...json });
      assert.equal(answer.status, 400, String(body).slice(0, 40));
      assert.equal(answer.headers.get("content-type"), "application/problem+json");
    }
  }
  assert.equal((await call("POST", "/v7/users", json)).status, 400, "no body");
});

test("whatever comes, nothing is a mistake of the sandbox", async () => {
  const { sandbox, call } = open({ rateLimit: 0, unknownProperty: "reject" });
  const values = [
    null, true, -1, 1e308, 2 ** 53, "", "\ud800", "\u0000", [], {}, [[]], [null], [{}], "__proto__", "x".repeat(70_000),
    [{ accountGroupId: {}, roleIds: [[]] }], { length: 3 }, ["toString"],
  ];
  const bodies = [
    [
      ["POST /v7/users", "PUT /v7/users/5030"],
      newUser(),
      ["email", "loginAccountGroupId", "accountGroupRoles", "allAccountGroupRoleIds"],
    ],
    [["POST /v7/account-groups", "PUT /v7/account-groups/2002"], {}, ["accountGroupName", "agents"]],
    [["POST /v7/roles", "PUT /v7/roles/405"], { name: "A" }, ["permissions"]],
  ];
  for (const [targets, usual, names] of bodies) {
    for (const name of [...names, "name", "toString"]) {
      for (const value of values) {
        for (const [method, path] of targets.map((target) => target.split(" "))) {
          await call(method, path, { body: { ...usual, [name]: value } });
        }
      }
    }
  }
  const queries = [
    "window=", "window=-1d", "window=9".padEnd(900, "9"), "startDate=x", "useAllPermittedAids=yes", "cursor=e30",
    "cursor=%00", "aid=&cursor=",
  ];
  for (const query of queries) await call("GET", `/v7/audit-user-events?${query}`);
  for (const path of ["?aid=%ED%A0%80", "?aid=1&aid=2", "?%", "?aid=1".repeat(2000), "#x", "/%2F", "/%5C..%5C", "/💥", "?expand=__proto__"]) {
    const bases = ["/v7/users", "/v7/account-groups/2001", "/v7/roles", "/v7/audit-user-events"];
    for (const base of bases) await call("GET", base + path);
  }
  const mistakes = sandbox.requests.filter(({ status, error }) => status >= 500 || error);
  assert.deepEqual(mistakes, []);
});

test("the date is on every answer and comes from the clock", async () => {
  const { call } = open({ now: () => Date.UTC(2030, 0, 2, 3, 4, 5) });
  for (const path of ["/v7/users", "/v6/users", "/nowhere"]) {
    assert.equal((await call("GET", path)).headers.get("date"), "Wed, 02 Jan 2030 03:04:05 GMT");
  }
});
