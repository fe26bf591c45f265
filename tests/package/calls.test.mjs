// The installed package against the sandbox, over real HTTP: every operation, what an error is, and closing.
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { after, beforeEach, test } from "node:test";
import { inspect } from "node:util";

import { startSandbox } from "../../www/sandbox/server.mjs";
import { install } from "./support.mjs";

const accessToken = "te-token-of-the-package-tests";
const project = await install();
const { ApiClient, ApiException, ClientClosedException, NotFoundException, UsersApi, toUserRequest } =
  await project.import("thousandeyes-admin");
const required = project.require("thousandeyes-admin");

const server = await startSandbox({ port: 0, token: accessToken });
after(() => server.close());
beforeEach(() => server.sandbox.reset());

const configuration = { host: server.url, accessToken };
const userRequest = {
  name: "Paula Paketprobe",
  email: "paula.paketprobe@example.com",
  loginAccountGroupId: "2002",
  accountGroupRoles: [{ accountGroupId: "2002", roleIds: ["33"] }],
};

test("all six operations", async () => {
  const users = new UsersApi(configuration);
  const before = await users.getUsers();

  const created = await users.createUser(userRequest);
  assert.equal(created.email, userRequest.email);
  assert.equal(typeof created.uid, "string");

  const read = await users.getUser(created.uid);
  assert.deepEqual(toUserRequest(read), { ...userRequest, allAccountGroupRoleIds: [] });

  const updated = await users.updateUser(created.uid, { ...userRequest, name: "Paula Umbenannt" });
  assert.equal(updated.name, "Paula Umbenannt");

  const { users: list } = await users.getUsers({ aid: "2002" });
  assert.deepEqual(list.find(({ uid }) => uid === created.uid).name, "Paula Umbenannt");

  assert.equal(await users.deleteUser(created.uid), undefined);
  assert.equal((await users.getUsers()).users.length, before.users.length);

  assert.ok(before.users.some(({ uid }) => uid === "5001"));
  assert.equal((await users.getCurrentUser()).uid, "5001");
});

test("each operation has a twin that gives the whole response", async () => {
  const users = new UsersApi(configuration);
  const created = await users.createUserWithHttpInfo(userRequest);
  assert.equal(created.statusCode, 201);
  assert.match(created.headers.location, new RegExp(`/users/${created.data.uid}$`));
  assert.equal(created.rateLimit.known, true);
  const { uid } = created.data;
  assert.equal((await users.getUserWithHttpInfo(uid)).statusCode, 200);
  assert.equal((await users.updateUserWithHttpInfo(uid, userRequest)).data.uid, uid);
  assert.equal((await users.getUsersWithHttpInfo()).headers["content-type"].split(";")[0], "application/hal+json");
  assert.equal((await users.getCurrentUserWithHttpInfo()).data.uid, "5001");
  assert.equal((await users.deleteUserWithHttpInfo(uid)).statusCode, 204);
});

test("what an answer says of addresses is told on the configured host, which may be a proxy", async () => {
  const vendor = "https://api.thousandeyes.com/v7/users/7";
  const body = JSON.stringify({ uid: "7", _links: { self: { href: `${vendor}?aid=1` } } });
  const fetch = async () => new Response(body, { status: 201, headers: { location: vendor } });
  const client = new ApiClient({ host: "https://portal.example/te-api/v7", fetch });
  const created = await new UsersApi(client).createUserWithHttpInfo(userRequest);
  assert.equal(created.location, "https://portal.example/te-api/v7/users/7");
  assert.equal(created.selfLink, "https://portal.example/te-api/v7/users/7?aid=1");
  assert.equal(created.headers.location, vendor);
  assert.equal(client.rebase(created.data._links.self.href), created.selfLink);
  assert.equal(client.rebase("https://elsewhere.example/v7/users/7"), "https://elsewhere.example/v7/users/7");
});

test("what deviates from the model is normalised and reported", async () => {
  const body = JSON.stringify({ users: [{ uid: 5, lastLogin: "-" }, { uid: "6", brandNew: true }] });
  const users = new UsersApi({ fetch: async () => new Response(body) });
  const { data, drift } = await users.getUsersWithHttpInfo();
  assert.deepEqual(data, { users: [{ uid: "5" }, { uid: "6", brandNew: true }] });
  assert.deepEqual(drift, [
    { path: "users[0].uid", expected: "an id, which is a string", got: "5" },
    { path: "users[0].lastLogin", expected: "a date, ISO 8601 in UTC", got: '"-"' },
  ]);
  await assert.rejects(users.getUsers({ decode: "strict" }), { name: "DecodeException", path: "users[0].uid" });
});

test("the client tells the rate limit of the last answer", async () => {
  const client = new ApiClient(configuration);
  assert.deepEqual(client.rateLimit, { known: false });
  await new UsersApi(client).getCurrentUser();
  const { known, limit, remaining, resetAt } = client.rateLimit;
  assert.ok(known && limit > 0 && remaining < limit && resetAt > Date.now() - 60_000);
});

test("headers of any kind tell the rate limit, and an error has them all", async () => {
  const fields = { Date: "Wed, 25 Nov 2026 12:00:00 GMT", "X-Request-Id": "r1" };
  for (const name of ["Limit", "Remaining", "Reset"]) fields[`X-Organization-Rate-Limit-${name}`] = "60";
  const pairs = Object.entries(fields);
  const kinds = [fields, new Map(pairs), new Headers(fields), { [Symbol.toStringTag]: "Headers", entries: () => pairs }];
  for (const headers of kinds) {
    const answer = { headers, text: async () => '{"uid":"5"}' };
    const client = new ApiClient({ fetch: async () => ({ ...answer, status: 200 }) });
    await new UsersApi(client).getUser("5");
    const { limit, remaining, resetAt } = client.rateLimit;
    assert.deepEqual([limit, remaining, resetAt], [60, 60, Date.UTC(2026, 10, 25, 12, 1)]);
    const failing = new UsersApi({ fetch: async () => ({ ...answer, status: 404, ok: true }) });
    await assert.rejects(failing.getUser("5"), (error) => error.headers["x-request-id"] === "r1");
  }
});

test("no header of a stand-in for a Response passes for another one", async () => {
  const headers = new Map([
    ["a\nset-cookie", "secret"],
    ["b\nx-organization-rate-limit-limit", "1"],
    ["c\nx-organization-rate-limit-remaining", "0"],
    [":status", "200"],
  ]);
  const client = new ApiClient({ fetch: async () => ({ status: 200, headers, text: async () => '{"uid":"5"}' }) });
  const answer = await new UsersApi(client).getUserWithHttpInfo("5");
  assert.deepEqual(client.rateLimit, { known: false });
  assert.equal(answer.headers["set-cookie"], undefined);
  assert.equal(answer.headers[":status"], "200");
});

test("what cannot be read is refused with its path, by a rejected promise", async () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const users = new UsersApi(configuration);
  for (const [call, path] of [
    [() => users.createUser(proxy), "userRequest"],
    [() => users.createUser({ accountGroupRoles: proxy }), "userRequest.accountGroupRoles"],
    [() => users.getUser(proxy), "id"],
    [() => users.getUsers(proxy), "options"],
    [() => users.getUsers({ signal: proxy }), "options.signal"],
    [() => users.getUsers({ signal: {} }), "options.signal"],
    [() => users.getUsers({ signal: () => {} }), "options.signal"],
  ]) {
    await assert.rejects(call(), { name: "ApiTypeError", path, outcome: "not-sent" });
  }
  for (const [setting, value, type] of [
    ["accessToken", Promise.resolve("token"), "Promise"],
    ["host", new URL(server.url), "URL"],
    ["headers", new Headers({ a: "b" }), "Headers"],
    ["fetch", new Map(), "Map"],
  ]) {
    const message = `configuration.${setting} is a ${type}, which cannot be read here: give a plain object.`;
    assert.throws(() => new ApiClient({ [setting]: value }), { name: "ApiTypeError", message });
  }
  assert.throws(() => new UsersApi(proxy), { name: "ApiTypeError", path: "configuration" });
  assert.throws(() => new ApiClient({ fetch: "no" }), { name: "ApiTypeError", path: "configuration.fetch" });
});

test("null is as good as left out where nothing is meant", async () => {
  const users = new UsersApi({ ...configuration, fetch: null, onRetry: null });
  assert.ok((await users.getUsers({ signal: null, timeout: null })).users.length > 0);
});

test("an answer of 404 is a NotFoundException, for whoever imported and for whoever required it", async () => {
  const error = await new UsersApi(configuration).getUser("987654321").catch((reason) => reason);
  assert.ok(error instanceof NotFoundException);
  assert.ok(error instanceof ApiException);
  assert.ok(error instanceof Error);
  assert.ok(error instanceof required.NotFoundException);
  assert.equal(error.status, 404);
  assert.equal(error.code, "not-found");
});

test("type guards know the errors of another copy of the package, where instanceof does not", async () => {
  const other = await (await install()).import("thousandeyes-admin");
  const error = await new UsersApi(configuration).getUser("987654321").catch((reason) => reason);
  assert.ok(!(error instanceof other.NotFoundException));
  assert.ok(other.NotFoundException.is(error));
  assert.ok(other.ApiException.is(error));
  assert.ok(!other.BadRequestException.is(error));
  assert.ok(!other.NotFoundException.is(new Error("404")));
  assert.throws(() => new UsersApi(new other.ApiClient(configuration)), { name: "ApiTypeError", path: "client" });
});

test("no error shows the access token", async () => {
  const users = new UsersApi(configuration);
  server.sandbox.faults.add({ fault: "error", status: 400, match: { method: "POST" } });
  const errors = [
    await users.getUser("987654321").catch((reason) => reason),
    await users.createUser(userRequest).catch((reason) => reason),
    await users.createUser({ name: 5 }).catch((reason) => reason),
    await new UsersApi({ host: await refusing(), accessToken, maxRetries: 0 }).getUsers().catch((reason) => reason),
  ];
  for (const error of errors) {
    assert.ok(error instanceof Error);
    const shown = [inspect(error, { depth: Infinity, showHidden: true }), JSON.stringify(error), error.stack];
    assert.ok(!shown.join().includes(accessToken), error.name);
  }
});

/** Where nobody listens. */
async function refusing() {
  const { url, close } = await startSandbox({ port: 0 });
  await close();
  return url;
}

test("a refused connection was provably not sent", async () => {
  const error = await new UsersApi({ host: await refusing(), maxRetries: 0 }).createUser(userRequest).catch((reason) => reason);
  assert.deepEqual([error.name, error.outcome, error.retryable], ["ConnectionException", "not-sent", true]);
  assert.equal(error.toJSON().cause.cause.code, "ECONNREFUSED");
});

test("closing a client ends its calls in flight and refuses later ones", async () => {
  for (const end of [(client) => client.close(), (client) => client[Symbol.dispose]()]) {
    const events = new EventEmitter();
    const sent = once(events, "sent");
    const client = new ApiClient({ ...configuration, fetch: (request) => (events.emit("sent"), fetch(request)) });
    const users = new UsersApi(client);
    server.sandbox.faults.add({ fault: "hang" });
    const inFlight = users.getUsers();
    await sent;
    end(client);
    await assert.rejects(inFlight, ClientClosedException);
    await assert.rejects(users.getUsers(), ClientClosedException);
    end(client);
  }
});

test("closing one client leaves the others alone", async () => {
  const client = new ApiClient(configuration);
  const users = new UsersApi(configuration);
  client.close();
  assert.ok((await users.getUsers()).users.length > 0);
});

test("a call that ends while the body comes ends its request", async () => {
  let signal;
  const fetch = async (_, init) => {
    ({ signal } = init);
    return new Response(new ReadableStream({}));
  };
  const users = new UsersApi({ accessToken, fetch, timeout: 20, maxRetries: 0 });
  await assert.rejects(users.getUser("1"), { code: "timeout" });
  await new Promise(setImmediate);
  assert.equal(signal.aborted, true);
});
