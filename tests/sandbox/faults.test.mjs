import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { ORIGIN, newUser, open } from "./support.mjs";

const statuses = async (call, count) => {
  const answers = [];
  for (let index = 0; index < count; index += 1) answers.push((await call("GET", "/v7/users/current")).status);
  return answers;
};
const added = ({ sandbox }) => sandbox.state.users.length - 40;
const last = ({ sandbox }) => sandbox.requests.at(-1);
const create = ({ call }) => call("POST", "/v7/users", { body: newUser() });

test("a fault is met once, or by as many requests as count says", async () => {
  const { sandbox, call } = open();
  sandbox.faults.add({ fault: "error" });
  sandbox.faults.add({ fault: "error", status: 500, count: 2 });
  assert.deepEqual(await statuses(call, 4), [503, 500, 500, 200]);
  assert.deepEqual(sandbox.faults.list(), []);
});

test("a share of the requests is chosen by the seed", async () => {
  const run = async (seed) => {
    const { sandbox, call } = open({ seed, rateLimit: 0 });
    sandbox.faults.add({ fault: "error", share: 0.3 });
    return statuses(call, 200);
  };
  const first = await run(1);
  const share = first.filter((status) => status === 503).length / 200;
  assert.ok(share > 0.2 && share < 0.4, String(share));
  assert.deepEqual(await run(1), first);
  assert.notDeepEqual(await run(2), first);
});

test("a fault waits for the requests that it is meant for", async () => {
  const { sandbox, call } = open();
  sandbox.faults.add({ fault: "error", match: { method: "DELETE", path: "/users/{id}" } });
  sandbox.faults.add({ fault: "error", status: 502, match: { path: "/roles" } });
  assert.equal((await call("GET", "/v7/users/5030")).status, 200);
  assert.equal((await call("GET", "/v7/roles?aid=2001")).status, 502);
  assert.equal((await call("DELETE", "/v7/users/5030")).status, 503);
  assert.equal((await call("DELETE", "/v7/users/5030")).status, 204);
});

test("faults can be listed, removed one by one and cleared", async () => {
  const { sandbox, call } = open();
  const id = sandbox.faults.add({ fault: "error" });
  sandbox.faults.add({ fault: "hang" });
  assert.deepEqual(sandbox.faults.list().map(({ fault, count }) => [fault, count]), [["error", 1], ["hang", 1]]);
  assert.equal(sandbox.faults.remove(id), true);
  assert.equal(sandbox.faults.remove(id), false);
  sandbox.faults.clear();
  assert.deepEqual(await statuses(call, 1), [200]);
});

test("a fault that is no fault is refused with a sentence", () => {
  const { sandbox } = open();
  const cases = [
    [undefined, /must be one of latency/],
    [{ fault: "toString" }, /must be one of latency/],
    [{ fault: "error", ms: 1 }, /error has no parameter ms/],
    [{ fault: "error", status: 700 }, /status must be a whole number from 200 to 599/],
    [{ fault: "error", body: "xml" }, /body must be one of problem/],
    [{ fault: "hang", share: 2 }, /share must be a number above 0/],
    [{ fault: "drift", kinds: ["other"] }, /kinds must be some of/],
    ...[["GET"], { methods: "GET" }, { method: "get" }, { path: 7 }, "GET", null].map((match) => [
      { fault: "hang", match },
      /match must be an object with a method in capital letters/,
    ]),
  ];
  for (const [fault, message] of cases) assert.throws(() => sandbox.faults.add(fault), { name: "TypeError", message });
});

test("an error before the write is executed, and one after it", async () => {
  const room = open();
  room.sandbox.faults.add({ fault: "error", status: 502 });
  room.sandbox.faults.add({ fault: "error", status: 502, when: "after" });
  assert.equal((await create(room)).status, 502);
  assert.deepEqual([added(room), last(room).executed], [0, false]);
  assert.equal((await create(room)).status, 502);
  assert.deepEqual([added(room), last(room).executed, last(room).status], [1, true, 502]);
});

test("404 without a body although the user was created", async () => {
  const room = open();
  room.sandbox.faults.add({ fault: "not-found" });
  const { status, text } = await create(room);
  assert.deepEqual([status, text, added(room)], [404, "", 1]);
});

test("429 without being executed: the reset as a date, as a number of seconds, or missing", async () => {
  const room = open({ now: () => 1_900_000_000_500 });
  const refused = async (parameters) => {
    room.sandbox.faults.add({ fault: "too-many-requests", resetIn: 7, ...parameters });
    const { status, headers } = await create(room);
    const names = ["x-organization-rate-limit-remaining", "x-organization-rate-limit-reset", "retry-after"];
    return [status, ...names.map((name) => headers.get(name))];
  };
  assert.deepEqual(await refused(), [429, "0", "1900000007", null]);
  assert.deepEqual(await refused({ reset: "relative" }), [429, "0", "7", null]);
  assert.deepEqual(await refused({ reset: "none", retryAfter: 3 }), [429, null, null, "3"]);
  assert.equal(added(room), 0);
});

test("errors of every shape", async () => {
  const { sandbox, call } = open();
  const answer = async (status, body) => {
    sandbox.faults.add({ fault: "error", status, body });
    return call("GET", "/v7/users");
  };
  const keysOf = async (status, body) => Object.keys((await answer(status, body)).body);
  assert.deepEqual(await keysOf(500, "problem"), ["type", "title", "status", "detail", "instance"]);
  assert.deepEqual(await keysOf(400, "title"), ["type", "title", "status"]);
  assert.deepEqual(await keysOf(401, "oauth"), ["error", "error_description"]);
  assert.deepEqual(await keysOf(401, "message"), ["errorMessage"]);
  assert.deepEqual(await keysOf(412, "legacy"), ["timestamp", "httpStatus", "errors", "path"]);
  const empty = await answer(404, "empty");
  assert.deepEqual([empty.text, empty.headers.get("content-type")], ["", null]);
  const html = await answer(502, "html");
  assert.match(html.headers.get("content-type"), /^text\/html/);
  assert.match(html.text, /502 Bad gateway/);
  assert.equal(html.headers.get("x-organization-rate-limit-limit"), null);
  for (const status of [204, 205, 304]) {
    const bodiless = await answer(status, "problem");
    assert.deepEqual([bodiless.status, bodiless.text, bodiless.headers.get("content-type")], [status, "", null]);
  }
});

test("an answer that breaks off after the write was executed", async () => {
  const room = open();
  room.sandbox.faults.add({ fault: "cut-body" });
  await assert.rejects(create(room), TypeError);
  assert.deepEqual([added(room), last(room).status], [1, 201]);
  room.sandbox.faults.add({ fault: "cut-body" });
  await assert.rejects(room.call("DELETE", "/v7/users/5030"), { name: "ConnectionReset" }, "nothing there to cut");
});

test("a connection that is reset before the write is executed, and one after it", async () => {
  const room = open();
  for (const [when, executed] of [["before", 0], ["after", 1]]) {
    room.sandbox.faults.add({ fault: "connection-reset", when });
    await assert.rejects(create(room), TypeError);
    assert.deepEqual([added(room), last(room).status, last(room).faults], [executed, undefined, ["connection-reset"]]);
  }
});

test("no answer until the caller gives up, with the caller's own reason", async () => {
  const room = open();
  for (const [when, executed] of [["before", 0], ["after", 1]]) {
    room.sandbox.faults.add({ fault: "hang", when });
    const controller = new AbortController();
    const pending = room.call("POST", "/v7/users", { body: newUser(), signal: controller.signal });
    setImmediate(() => controller.abort("enough"));
    await assert.rejects(pending, (reason) => reason === "enough");
    assert.equal(added(room), executed);
  }
});

test("giving up is noticed after a garbage collection as well", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc");
  const { sandbox } = open();
  sandbox.faults.add({ fault: "hang" });
  const controller = new AbortController();
  const pending = sandbox.fetch(new Request(`${ORIGIN}/v7/users`, { signal: controller.signal }));
  for (let round = 0; round < 3; round += 1) {
    await new Promise(setImmediate);
    collectGarbage();
  }
  controller.abort();
  await assert.rejects(pending, { name: "AbortError" });
});

test("latency waits, and stops waiting when the caller gives up", async () => {
  const { sandbox, call } = open();
  sandbox.faults.add({ fault: "latency", ms: 40, count: 1 });
  const start = performance.now();
  assert.equal((await call("GET", "/v7/users")).status, 200);
  assert.ok(performance.now() - start >= 39);
  sandbox.faults.add({ fault: "latency", ms: 600_000 });
  await assert.rejects(call("GET", "/v7/users", { signal: AbortSignal.timeout(10) }), { name: "TimeoutError" });
});

test("jitter makes each latency another one, the same ones for a seed", () => {
  const draw = (seed) => {
    const { sandbox } = open({ seed });
    sandbox.faults.add({ fault: "latency", ms: 10, jitter: 90, count: 100 });
    return Array.from({ length: 100 }, () => sandbox.faults.take({ method: "GET", paths: [] })[0].ms);
  };
  const drawn = draw(1);
  assert.deepEqual(draw(1), drawn);
  assert.notDeepEqual(draw(2), drawn);
  assert.ok(Math.min(...drawn) >= 10 && Math.max(...drawn) <= 100);
  assert.ok(new Set(drawn).size > 30);
});

test("faults from the start come back with a reset", async () => {
  const { sandbox, call } = open({ faults: [{ fault: "error", status: 502, count: 2 }] });
  assert.deepEqual(await statuses(call, 3), [502, 502, 200]);
  sandbox.reset();
  assert.deepEqual(await statuses(call, 1), [502]);
  assert.throws(() => open({ faults: [{ fault: "earthquake" }] }), { name: "TypeError", message: /one of latency/ });
});

test("a request that is aborted already is not executed", async () => {
  const room = open();
  await assert.rejects(room.call("DELETE", "/v7/users/5030", { signal: AbortSignal.abort() }), { name: "AbortError" });
  assert.equal(added(room), 0);
});

test("latency, drift and hidden headers combine with each other and with an error", async () => {
  const { sandbox, call } = open();
  sandbox.faults.add({ fault: "latency", ms: 1 });
  sandbox.faults.add({ fault: "hidden-rate-limit" });
  sandbox.faults.add({ fault: "error" });
  sandbox.faults.add({ fault: "hang" });
  sandbox.faults.add({ fault: "drift" });
  const { status, headers } = await call("GET", "/v7/users");
  assert.deepEqual([status, headers.get("x-organization-rate-limit-limit")], [503, null]);
  assert.deepEqual(sandbox.requests.at(-1).faults, ["latency", "hidden-rate-limit", "error", "drift"]);
  assert.deepEqual(sandbox.faults.list().map(({ fault }) => fault), ["hang"]);
});

test("drifted users in a list: every second one", async () => {
  const { sandbox, call } = open();
  const { users: right } = (await call("GET", "/v7/users")).body;
  sandbox.faults.add({ fault: "drift", every: 2 });
  const { users } = (await call("GET", "/v7/users")).body;
  assert.equal(users[0].uid, 5001);
  assert.equal(users[0].lastLogin, "-");
  assert.match(users[0].dateRegistered, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  assert.equal(users[0].loginAccountGroup.aid, 2001);
  assert.deepEqual(users.filter((_, index) => index % 2), right.filter((_, index) => index % 2));
});

test("each kind of drift in a single user", async () => {
  const { sandbox, call } = open();
  const drifted = async (...kinds) => {
    sandbox.faults.add({ fault: "drift", kinds });
    return (await call("GET", "/v7/users/5004")).body;
  };
  assert.equal((await drifted("numeric-ids")).accountGroupRoles[0].roles[0].roleId, 33);
  const [role] = (await drifted("numeric-booleans")).accountGroupRoles[0].roles;
  assert.deepEqual([role.isBuiltin, role.hasManagementPermissions], [1, 0]);
  assert.equal((await drifted("null-lists")).allAccountGroupRoles, null);
  assert.equal((await drifted("empty-last-login")).lastLogin, "");
  assert.equal((await drifted("dash-last-login")).lastLogin, "-");
  assert.match((await drifted("old-dates")).lastLogin, /^\S+ \S+$/);
  assert.equal((await drifted("wrapper")).users[0].uid, "5004");
});

test("roles, account groups and events drift as well, in lists and alone", async () => {
  const { sandbox, call } = open();
  const drifted = async (path, more) => {
    sandbox.faults.add({ fault: "drift", ...more });
    return (await call("GET", `/v7${path}`)).body;
  };
  const { roles } = await drifted("/roles", { every: 3 });
  assert.deepEqual(roles.map(({ roleId }) => typeof roleId).slice(0, 4), ["number", "string", "string", "number"]);
  assert.deepEqual([roles[0].isBuiltin, roles[1].isBuiltin], [1, true]);
  const role = await drifted("/roles/402");
  assert.deepEqual([role.roleId, role.permissions[0].permissionId], [402, 1]);
  const [group] = (await drifted("/account-groups")).accountGroups;
  assert.deepEqual([group.aid, group.orgId, group.isDefaultAccountGroup], [2001, 7001, 1]);
  const detail = await drifted("/account-groups/2001?expand=user,agent", { every: 2 });
  assert.ok(detail.users.length > 2 && detail.users.every(({ uid }) => typeof uid === "number"));
  assert.equal(detail.agents[0].agentId, 9001);
  const [event] = (await drifted("/audit-user-events")).auditEvents;
  assert.match(event.date, /^\S+ \S+$/);
  assert.deepEqual([event.uid > 5000, "lastLogin" in event], [true, false]);
  const alone = await drifted("/permissions", { kinds: ["wrapper"] });
  assert.ok(alone.permissions.length > 10);
});

test("faults wait for requests of the new paths, and the log tells what was executed there", async () => {
  const { sandbox, call } = open();
  const role = { body: { name: "New" } };
  sandbox.faults.add({ fault: "error", when: "after", match: { method: "POST", path: "/roles" } });
  sandbox.faults.add({ fault: "not-found", match: { path: "/account-groups/{id}" } });
  sandbox.faults.add({ fault: "cut-body", match: { path: "/audit-user-events" } });
  assert.equal((await call("POST", "/v7/roles", role)).status, 503);
  assert.equal(sandbox.state.roles.at(-1).name, "New");
  const renamed = await call("PUT", "/v7/account-groups/2001", { body: { accountGroupName: "Renamed" } });
  assert.deepEqual([renamed.status, renamed.text, sandbox.state.accountGroups[0].accountGroupName], [404, "", "Renamed"]);
  await assert.rejects(call("GET", "/v7/audit-user-events"), TypeError);
  assert.deepEqual(sandbox.requests.map(({ executed, faults }) => [executed, faults]), [
    [true, ["error"]], [true, ["not-found"]], [false, ["cut-body"]],
  ]);
});

test("drift leaves errors as they are", async () => {
  const { sandbox, call } = open();
  sandbox.faults.add({ fault: "drift" });
  assert.equal((await call("GET", "/v7/users/none")).body.status, 404);
});

test("the request log tells what came, what was answered and what was executed", async () => {
  const entries = [];
  const { sandbox, call } = open({ now: () => Date.UTC(2030, 0, 1), onRequest: (entry) => entries.push(entry) });
  await call("GET", "/v7/users?aid=2001");
  await call("POST", "/v7/users", { body: newUser() });
  await call("POST", "/v7/users", { body: "{" });
  await call("DELETE", "/v7/users/5030");
  const time = "2030-01-01T00:00:00.000Z";
  assert.deepEqual(sandbox.requests, [
    { time, method: "GET", path: "/v7/users?aid=2001", status: 200, executed: false, faults: [] },
    { time, method: "POST", path: "/v7/users", status: 201, executed: true, faults: [], body: newUser() },
    { time, method: "POST", path: "/v7/users", status: 400, executed: false, faults: [], body: "{" },
    { time, method: "DELETE", path: "/v7/users/5030", status: 204, executed: true, faults: [] },
  ]);
  assert.deepEqual(entries, sandbox.requests);
});

test("no token is in the log or the state, even one that was put in the wrong place", async () => {
  const { sandbox, call } = open({ token: "secret/admin+token" });
  const token = "secret/admin+token";
  await call("GET", `/v7/users?access_token=${encodeURIComponent(token)}&again=${token}`, { token });
  await call("POST", "/v7/users", { token, body: newUser({ name: token }) });
  await call("GET", "/v7/users/presented-wrong-token", { token: "presented-wrong-token" });
  assert.equal(sandbox.requests.length, 3);
  assert.doesNotMatch(JSON.stringify(sandbox.requests), /secret|presented-wrong/);
});
