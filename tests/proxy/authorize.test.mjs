// Who may do what, and with which token: whatever is no clear yes is a no.
import assert from "node:assert/strict";
import { test } from "node:test";

import { createProxy, ofPage, origin, startProxy, token, basePath } from "./support.mjs";

const post = { method: "POST", headers: ofPage, body: "{}" };

test("false is 403, and nothing is sent", async () => {
  const { ask, sent } = await startProxy({ authorize: async () => false });
  const answer = await ask("/users");
  assert.deepEqual([answer.status, answer.headers.get("content-type")], [403, "application/problem+json"]);
  assert.match((await answer.json()).detail, /not permitted to use getUsers/);
  assert.deepEqual(sent, []);
});

test("the request that authorize sees is the one that came, with its cookies", async () => {
  const seen = [];
  const { proxy } = await startProxy({ authorize: (request) => seen.push(request) > 0 });
  const request = new Request(`${origin}${basePath}/users`, { headers: { cookie: "session=1" } });
  await proxy(request);
  assert.equal(seen[0], request);
});

test("a token for one call goes with that call, and aid stands in for the page's", async () => {
  const authorize = (_request, { operation }) => ({ accessToken: `token-of-${operation}`, ...(operation !== "getRoles" && { aid: 7 }) });
  const { ask, sent } = await startProxy({ authorize });
  for (const path of ["/users?aid=2001", "/users", "/users/current", "/roles?aid=2001"]) await ask(path);
  assert.deepEqual(
    sent.map(({ line, headers }) => [line, headers.authorization]),
    [
      ["GET /v7/users?aid=7", "Bearer token-of-getUsers"],
      ["GET /v7/users?aid=7", "Bearer token-of-getUsers"],
      ["GET /v7/users/current", "Bearer token-of-getCurrentUser"],
      ["GET /v7/roles?aid=2001", "Bearer token-of-getRoles"],
    ],
  );
});

test("an account group that authorize has set is not left by useAllPermittedAids", async () => {
  const { ask, sent } = await startProxy({ authorize: () => ({ accessToken: token, aid: "7" }) });
  assert.equal((await ask("/audit-user-events?useAllPermittedAids=true")).status, 403);
  assert.equal((await ask("/audit-user-events?useAllPermittedAids=false")).status, 200);
  assert.deepEqual(sent.map(({ line }) => line), ["GET /v7/audit-user-events?aid=7&useAllPermittedAids=false"]);
});

test("a function gives the token of the options at each call", async () => {
  let count = 0;
  const { ask, sent } = await startProxy({ accessToken: async () => `token-${(count += 1)}` });
  await ask("/users");
  await ask("/users");
  assert.deepEqual(sent.map(({ headers }) => headers.authorization), ["Bearer token-1", "Bearer token-2"]);
});

const unclear = { undefined, null: null, 1: 1, text: "yes", "an object without a token": {}, "an empty token": { accessToken: "" } };
for (const [name, value] of Object.entries(unclear)) {
  test(`authorize gave ${name}: an error, and nothing is sent`, async () => {
    const { ask, sent } = await startProxy({ authorize: () => value });
    await assert.rejects(ask("/users"), TypeError);
    assert.deepEqual(sent, []);
  });
}

test("what authorize or the token function throws comes out as it is", async () => {
  const reason = new Error("the session store is gone");
  const fail = () => {
    throw reason;
  };
  for (const options of [{ authorize: fail }, { authorize: async () => fail() }, { accessToken: fail }]) {
    const { ask, sent } = await startProxy(options);
    await assert.rejects(ask("/users"), (error) => error === reason);
    assert.deepEqual(sent, []);
  }
});

test("no error names a token that is wrong", async () => {
  const bad = "secret-token\r\nX-Admin: 1";
  for (const options of [{ accessToken: () => bad }, { authorize: () => ({ accessToken: bad }) }]) {
    const { ask, sent } = await startProxy(options);
    await assert.rejects(ask("/users"), (error) => error instanceof TypeError && !error.stack.includes("secret-token"));
    assert.deepEqual(sent, []);
  }
  assert.throws(() => createProxy({ origin, authorize: () => true, accessToken: bad }), (error) => !error.stack.includes("secret-token"));
});

test("an aid of authorize's that is no id is an error", async () => {
  for (const aid of ["7&x=1", "", null, {}, "../7"]) {
    const { ask, sent } = await startProxy({ authorize: () => ({ accessToken: token, aid }) });
    await assert.rejects(ask("/users"), /`aid` that `authorize` gave is no id/, String(aid));
    assert.deepEqual(sent, []);
  }
});

test("true without a token of the options is an error that says so", async () => {
  const { ask } = await startProxy({ accessToken: undefined });
  await assert.rejects(ask("/users"), /^TypeError: `accessToken` is no token/);
});

test("authorize may look at the body of a clone, and an error says so where it took the body itself", async () => {
  const looks = await startProxy({ authorize: async (request) => (await request.clone().json()).name === "Ada" });
  assert.equal((await looks.ask("/users", { ...post, body: '{"name":"Ada"}' })).status, 200);
  assert.equal(looks.sent[0].body, '{"name":"Ada"}');
  assert.equal((await looks.ask("/users", post)).status, 403);

  const takes = await startProxy({ authorize: async (request) => (await request.json()) !== undefined });
  await assert.rejects(takes.ask("/users", post), /`authorize` has read the body of the request: read that of request\.clone\(\)/);
  assert.deepEqual(takes.sent, []);
});

test("a request whose body was read before is an error that says so", async () => {
  const { proxy, sent } = await startProxy();
  const request = new Request(`${origin}${basePath}/users`, post);
  await request.text();
  await assert.rejects(proxy(request), /was read before the proxy got it/);
  assert.deepEqual(sent, []);
});

test("an authorize that never answers is given up in time", async () => {
  const { ask, sent } = await startProxy({ authorize: () => new Promise(() => {}), timeout: 50 });
  assert.equal((await ask("/users")).status, 504);
  assert.deepEqual(sent, []);
});

const wrong = {
  "no options": undefined,
  "no origin": { origin: undefined },
  "no list of origins": { origin: [] },
  "an origin that is none": { origin: "portal.example" },
  "an origin with a path": { origin: "https://portal.example/app" },
  "an origin with a name": { origin: "https://ada@portal.example" },
  "a wildcard": { origin: "*" },
  "null": { origin: "null" },
  "a list with a wrong origin": { origin: [origin, "x"] },
  "no authorize": { authorize: undefined },
  "an authorize that is none": { authorize: true },
  "a basePath without a slash": { basePath: "te-api" },
  "a basePath with one at its end": { basePath: "/te-api/" },
  "a basePath with dots": { basePath: "/a/../b" },
  "a host without a scheme": { host: "api.thousandeyes.com/v7" },
  "a host without TLS": { host: "http://api.thousandeyes.com/v7" },
  "a host with a query": { host: "https://api.thousandeyes.com/v7?" },
  "a host with a password": { host: "https://a:b@api.thousandeyes.com/v7" },
  "a path as host": { host: "/v7" },
  "an operation that does not exist": { allow: ["getUserz"] },
  "an allow that is no list": { allow: "getUsers" },
  "a bodyLimit of 0": { bodyLimit: 0 },
  "an answerLimit of a half": { answerLimit: 0.5 },
  "a timeout that no timer takes": { timeout: 2 ** 31 },
  "a fetch that is none": { fetch: {} },
  "an option that does not exist": { authorise: () => true },
  "a token with a space": { accessToken: "a b" },
};
for (const [name, options] of Object.entries(wrong)) {
  test(`${name}: createProxy says what is wrong`, () => {
    const all = options && { origin, authorize: () => true, ...options };
    assert.throws(() => createProxy(all), (error) => {
      assert.ok(error instanceof TypeError);
      assert.match(error.message, new RegExp(`createProxy.*\`${Object.keys(options ?? { origin })[0]}\``));
      return true;
    });
  });
}
