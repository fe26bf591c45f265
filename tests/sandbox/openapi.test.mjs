import assert from "node:assert/strict";
import { test } from "node:test";
import { switches } from "../../www/sandbox/options.mjs";
import { createContract } from "./contract.mjs";
import { ORIGIN, REGULAR, contractOf, fields, newUser, open } from "./support.mjs";

const described = async (call) => (await call("GET", "/v7/openapi.json", { token: "" })).body;

test("the description is served without a token, for the host that was asked, and uses up no rate limit", async () => {
  const { sandbox, call } = open({ rateLimit: 1 });
  const body = await described(call);
  assert.equal(body.openapi, "3.1.0");
  assert.deepEqual(body.servers, [{ url: `${ORIGIN}/v7` }]);
  const elsewhere = await (await sandbox.fetch("http://localhost:81/v7/openapi.json")).json();
  assert.deepEqual(elsewhere.servers, [{ url: "http://localhost:81/v7" }]);
  assert.equal((await call("GET", "/v7/users")).status, 200);
  assert.equal((await call("HEAD", "/v7/openapi.json")).status, 200);
  const refused = await call("POST", "/v7/openapi.json", { body: {} });
  assert.deepEqual([refused.status, refused.headers.get("allow")], [405, "GET, HEAD, OPTIONS"]);
});

test("every path and method that answers is described, and no other", async () => {
  const { call } = open({ rateLimit: 0 });
  const { paths } = await described(call);
  const answered = {};
  for (const path of Object.keys(paths)) {
    const { headers } = await call("OPTIONS", `/v7${path.replace("{id}", "1")}`);
    answered[path] = headers.get("allow").split(", ").filter((method) => method !== "HEAD" && method !== "OPTIONS");
  }
  const isMethod = (name) => name !== "parameters";
  const methods = Object.entries(paths).map(([path, item]) => [
    path,
    Object.keys(item).filter(isMethod).map((name) => name.toUpperCase()),
  ]);
  assert.deepEqual(answered, Object.fromEntries(methods));
});

const ids = { "/users/{id}": "5030", "/account-groups/{id}": "2006", "/roles/{id}": "405" };
const hasBody = (method) => method === "post" || method === "put";
/** What fits every request: the properties of others are ignored. */
const body = () => newUser({ accountGroupName: "Newly opened" });
const forbidden = { allAccountGroupRoleIds: [], accountGroupRoles: [{ accountGroupId: "2004", roleIds: ["405"] }] };
const nowhere = (path) => (path.includes("{id}") ? path.replace("{id}", "0") : undefined);
const fault = (status) => ({ sandbox }) => void sandbox.faults.add({ fault: "error", status });

/** How each status is brought about, where that can be done without a fault. */
const ways = {
  400: (path, method) => (hasBody(method) ? { body: { name: 7, accountGroupName: 7 } } : undefined),
  401: () => ({ token: "wrong-token" }),
  403: () => ({ token: REGULAR, before: ({ call }) => call("PUT", "/v7/users/5004", { body: forbidden }) }),
  404: (path) => (nowhere(path) ? { path: nowhere(path) } : undefined),
  406: () => ({ headers: { accept: "text/html" } }),
  413: () => ({ body: `{"name":"${"x".repeat(2_000_000)}"}` }),
  415: () => ({ headers: { "content-type": "text/plain" } }),
  429: () => ({ options: { rateLimit: 1, now: () => 0 }, before: ({ call }) => call("GET", "/v7/users") }),
};

test("every documented status of every operation can be provoked", async (t) => {
  const { paths } = await described(open().call);
  let provoked = 0;
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, { operationId, responses }] of Object.entries(operations)) {
      if (method === "parameters") continue;
      await t.test(operationId, async () => {
        for (const status of Object.keys(responses).map(Number)) {
          const way = status < 300 ? { options: { roleInUse: "take-away" } } : (ways[status]?.(path, method) ?? { before: fault(status) });
          const room = open(way.options);
          await way.before?.(room);
          const target = way.path ?? path.replace("{id}", ids[path]);
          const answer = await room.call(method.toUpperCase(), `/v7${target}`, { body: hasBody(method) ? body() : undefined, ...way });
          assert.equal(answer.status, status, `${operationId} ${status}`);
          provoked += 1;
        }
      });
    }
  }
  assert.ok(provoked > 180, String(provoked));
});

test("a validation problem and its fields are as described, whatever the switches", async () => {
  for (const [name, { values }] of Object.entries(switches)) {
    for (const value of Object.keys(values)) {
      const { call } = open({ [name]: value });
      const named = fields(await call("POST", "/v7/users", { body: { name: "", email: "" } }));
      assert.ok(named.includes("name") && named.includes("email"), value);
    }
  }
});

test("an answer that is not as described is noticed", async () => {
  const { sandbox, call } = open();
  const check = contractOf(sandbox);
  const url = `${ORIGIN}/v7/users/5001`;
  const right = await call("GET", "/v7/users/5001");
  check({ method: "GET", url }, right);
  const without = (name) => {
    const headers = new Headers(right.headers);
    headers.delete(name);
    return headers;
  };
  const wrong = [
    { ...right, status: 202 },
    { ...right, body: { ...right.body, uid: 5001 } },
    { ...right, body: { ...right.body, surprise: 1 } },
    { ...right, body: { ...right.body, lastLogin: "2026-01-01 00:00:00" } },
    { ...right, headers: without("x-organization-rate-limit-reset") },
    { ...right, headers: new Headers([...without("content-type"), ["content-type", "text/html"]]) },
  ];
  for (const answer of wrong) assert.throws(() => check({ method: "GET", url }, answer), { name: "AssertionError" });
  assert.throws(() => createContract(sandbox.options)({ method: "GET", url }, right));
});
