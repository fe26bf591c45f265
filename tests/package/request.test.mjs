// client.request: any other path of the API, with all that a call of a declared operation has.
import assert from "node:assert/strict";
import { test } from "node:test";

import { install } from "./support.mjs";

const project = await install();
const { ApiClient, NotFoundException } = await project.import("thousandeyes-admin");

/** A client under a host with a path, and what it sent. */
function recording(answer = () => new Response(null, { status: 204 }), configuration = {}) {
  const sent = [];
  const fetch = async (url, init) => {
    sent.push({ url, ...init });
    return answer();
  };
  const client = new ApiClient({ host: "https://proxy.example/te/v7", accessToken: "the-token", fetch, ...configuration });
  return { client, sent };
}

const typed = (body, type, status = 200) => () => new Response(body, { status, headers: type ? { "content-type": type } : {} });

test("method, path, query, body, accept and account group are sent as they were given", async () => {
  const { client, sent } = recording();
  const body = { name: "é", list: [1.5, null, 1e21], nested: { at: new Date(0), gone: undefined } };
  const query = { q: ["a b", 5], all: true, since: new Date(0), none: undefined };
  await client.request({ method: "PATCH", path: "/tests/a%2Fb", query, body, accept: "text/csv" }, { aid: 12 });
  const [{ url, method, headers, body: json }] = sent;
  assert.equal(url, "https://proxy.example/te/v7/tests/a%2Fb?q=a%20b&q=5&all=true&since=1970-01-01T00%3A00%3A00.000Z&aid=12");
  assert.equal(method, "PATCH");
  assert.equal(json, JSON.stringify(body));
  assert.deepEqual(headers, { Accept: "text/csv", Authorization: "Bearer the-token", "Content-Type": "application/json" });
});

test("the client's account group goes along, unless the call says otherwise", async () => {
  const { client, sent } = recording(undefined, { aid: "7" });
  await client.request({ method: "GET", path: "/tests" });
  await client.request({ method: "GET", path: "/tests" }, { aid: null });
  assert.deepEqual(sent.map(({ url }) => new URL(url).search), ["?aid=7", ""]);
});

test("the media type of the answer says what it is", async () => {
  const given = (...answer) => recording(typed(...answer)).client.request({ method: "GET", path: "/x" });
  assert.deepEqual(await given('{"a":[1.5,null],"__proto__":1}', "application/json"), JSON.parse('{"a":[1.5,null],"__proto__":1}'));
  assert.equal(await given("5", "application/hal+json; charset=utf-8"), 5);
  assert.equal(await given("a,b", "text/csv; header=present"), "a,b");
  assert.deepEqual(await given(new Uint8Array([0, 255]), "application/zip"), new Uint8Array([0, 255]));
  assert.deepEqual(await given(new Uint8Array([1])), new Uint8Array([1]));
  assert.equal(await given(null, undefined, 204), undefined);
  assert.equal(await given("", "application/json"), undefined);
  await assert.rejects(given("<html>", "application/json"), { code: "invalid-response" });
});

test("requestWithHttpInfo gives what came beside it", async () => {
  const answer = await recording(typed("[]", "application/json")).client.requestWithHttpInfo({ method: "GET", path: "/x" });
  assert.deepEqual(answer, { data: [], statusCode: 200, headers: { "content-type": "application/json" }, rateLimit: { known: false }, drift: [] });
});

test("errors are those of every call", async () => {
  const { client } = recording(typed('{"title":"gone"}', "application/problem+json", 404));
  const error = await client.request({ method: "GET", path: "/tests/5", query: { secret: "x" } }).then(assert.fail, (error) => error);
  assert.ok(error instanceof NotFoundException);
  assert.equal(error.operation, "request");
  assert.equal(error.url, "/tests/5?secret");
});

test("hooks see the template, and never the path", async () => {
  const events = [];
  const hook = (event) => events.push(event);
  const { client } = recording(undefined, { onCallStart: hook, onRequest: hook, onResponse: hook, onCallEnd: hook });
  await client.request({ method: "GET", path: "/tests/secret-id", template: "/tests/{id}" });
  await client.request({ method: "GET", path: "/tests/secret-id" });
  await client.users.deleteUser("5");
  assert.ok(!JSON.stringify(events).includes("secret-id"));
  const said = ({ operation, path, template }) => [operation, path, template].join();
  assert.deepEqual([...new Set(events.map(said))], ["request,,/tests/{id}", "request,,", "deleteUser,/users/5,/users/{id}"]);
});

const attacks = ["", "tests", "//evil.example/x", "/tests//x", "/../admin", "/x/../../y", "/%2e%2e/admin", "/.%2E/x", "/%252e%252e/x", "/x%2f..%2fy", "/..%5cx", "/\\evil.example", "/x?a=1", "/x#y", "/x y", "/x\n", "/\t/x", "/\0", "/%00", "/é", "https://evil.example/", "@evil.example/", ":8080/x"];

for (const host of ["https://proxy.example/te/v7", "https://proxy.example", "/te-api/v7"]) {
  test(`no path leaves ${host}`, async () => {
    const { client, sent } = recording(undefined, { host });
    for (const path of attacks) {
      await assert.rejects(client.request({ method: "GET", path }), { path: "request.path", outcome: "not-sent" }, path);
    }
    assert.equal(sent.length, 0);
    for (const path of ["/a.b/..c", "/a%2Fb", "/x@y:80", "/%zz", "/..."]) await client.request({ method: "GET", path });
    for (const { url } of sent) {
      const { origin, pathname } = new URL(url, "https://page.example/");
      assert.equal(origin, host.startsWith("/") ? "https://page.example" : "https://proxy.example");
      assert.ok(pathname.startsWith(host.replace(/^https:\/\/[^/]+/, "") + "/"), url);
    }
  });
}

test("headers of our own are refused, and what makes no sense", async () => {
  const { client, sent } = recording();
  const get = { method: "GET", path: "/x" };
  for (const name of ["Authorization", "host", "COOKIE"]) {
    await assert.rejects(client.request(get, { headers: { [name]: "x" } }), { path: `options.headers.${name}` });
  }
  for (const [request, path] of [
    [undefined, "request"],
    [{ path: "/x" }, "request.method"],
    [{ method: "get", path: "/x" }, "request.method"],
    [{ ...get, body: {} }, "request.body"],
    [{ ...get, headers: {} }, "request.headers"],
    [{ ...get, query: { aid: 1 } }, "request.query.aid"],
    [{ ...get, query: { x: Symbol("x") } }, "request.query.x"],
    [{ ...get, method: "PUT", body: { a: [() => 1] } }, "request.body.a[0]"],
    [{ ...get, method: "PUT", body: { a: NaN } }, "request.body.a"],
    [{ ...get, method: "PUT", body: { a: 1n } }, "request.body.a"],
    [{ ...get, template: "tests" }, "request.template"],
  ]) {
    await assert.rejects(client.request(request), { path, outcome: "not-sent" }, path);
  }
  assert.equal(sent.length, 0);
});
