// What the hooks of a client are told: one start and exactly one end for each call, however it ends.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { install } from "./support.mjs";

const project = await install();
const { ApiClient, UsersApi } = await project.import("thousandeyes-admin");

const json = (status, body, headers) => new Response(JSON.stringify(body), { status, headers });
const spent = () => json(429, { title: "slow down" }, { "retry-after": "300" });
const hooks = ["onCallStart", "onRequest", "onResponse", "onRetry", "onRateLimit", "onCallEnd"];

/** A client over a `fetch`, and all events of its hooks in their order. */
function watch(fetch, configuration = {}) {
  const events = [];
  const listening = Object.fromEntries(hooks.map((hook) => [hook, (event) => events.push({ hook, ...event })]));
  const client = new ApiClient({ host: "https://te.example/v7", accessToken: "te-secret-token", fetch, ...listening, ...configuration });
  return { client, users: new UsersApi(client), events };
}

const never = (_, { signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
const user = { name: "Ada", email: "ada@example.com" };

/** How a call ends, what its one end says of that, and how the call is made. */
const ends = {
  "an answer": [{ attempts: 1 }, async () => json(200, { uid: "1" }), ({ users }) => users.getUser("1")],
  "an answer of error": [{ attempts: 1, outcome: "rejected", code: "not-found" }, async () => json(404, {}), ({ users }) => users.getUser("1")],
  "a create whose answer cannot be read": [
    { attempts: 1, outcome: "unknown", code: "invalid-response" },
    async () => new Response("<html>"),
    ({ users }) => users.createUser(user),
  ],
  "a lost connection": [
    { attempts: 1, outcome: "unknown", code: "connection-failed" },
    async () => Promise.reject(new TypeError("lost")),
    ({ users }) => users.createUser(user),
  ],
  "a time limit": [{ attempts: 1, outcome: "unknown", code: "timeout" }, never, ({ users }) => users.createUser(user, { timeout: 5 })],
  "a wait that is too long": [{ attempts: 1, outcome: "rejected", code: "too-many-requests" }, async () => spent(), ({ users }) => users.createUser(user)],
  "no token": [
    { attempts: 0, outcome: "not-sent", code: "invalid-value" },
    never,
    ({ users }) => users.getUser("1", { accessToken: () => Promise.reject(new Error("no session")) }),
  ],
  "an abort before": [{ attempts: 0, outcome: "not-sent" }, never, ({ users }) => users.createUser(user, { signal: AbortSignal.abort("left") })],
  "an abort of a create that was sent": [
    { attempts: 1, outcome: "unknown" },
    never,
    ({ users, events }) => {
      const controller = new AbortController();
      const promise = users.createUser(user, { signal: controller.signal });
      const leave = () => (events.some(({ hook }) => hook === "onRequest") ? controller.abort("left") : setTimeout(leave));
      setTimeout(leave);
      return promise;
    },
  ],
  "closing the client": [
    { attempts: 1, outcome: "unknown", code: "client-closed" },
    never,
    async ({ users, client, events }) => {
      const promise = users.createUser(user);
      promise.catch(() => {});
      while (!events.some(({ hook }) => hook === "onRequest")) await pause(1);
      client.close();
      return promise;
    },
  ],
};

for (const [what, [{ code, ...expected }, fetch, call]] of Object.entries(ends)) {
  test(`a call that ends with ${what} is told to begin once and to end once`, async () => {
    const watched = watch(fetch);
    const ended = await call(watched).then((value) => ({ value }), (error) => ({ error }));
    await pause(10);
    const { events } = watched;
    const names = events.map(({ hook }) => hook);
    assert.deepEqual([names[0], names.at(-1)], ["onCallStart", "onCallEnd"]);
    assert.equal(names.filter((hook) => hook === "onCallStart" || hook === "onCallEnd").length, 2);
    const { hook, callId, operation, method, path, template, queued, milliseconds, error, ...end } = events.at(-1);
    assert.deepEqual(end, expected);
    assert.equal(template, operation === "getUser" ? "/users/{id}" : "/users");
    assert.equal(error, ended.error);
    assert.equal(error?.code, code);
    assert.ok(queued >= 0 && milliseconds >= queued);
    assert.ok(!JSON.stringify(events).includes("te-secret-token"));
  });
}

test("every event names its call, and no two calls have the same number", async () => {
  const { users, events } = watch(async () => json(200, { uid: "1" }));
  await Promise.all([users.getUser("1"), users.getUser("2"), users.getUser("3")]);
  const byCall = Map.groupBy ? Map.groupBy(events, ({ callId }) => callId) : groupBy(events);
  assert.equal(byCall.size, 3);
  for (const told of byCall.values()) {
    assert.deepEqual(told.map(({ hook }) => hook), ["onCallStart", "onRequest", "onResponse", "onCallEnd"]);
    assert.equal(new Set(told.map(({ path }) => path)).size, 1);
  }
});

test("the calls of two clients have no number in common", async () => {
  const [one, other] = [watch(async () => json(200, { uid: "1" })), watch(async () => json(200, { uid: "1" }))];
  await Promise.all([one.users.getUser("1"), other.users.getUser("1"), one.users.getUser("2"), other.users.getUser("2")]);
  const numbers = [...one.events, ...other.events].map(({ callId }) => callId);
  assert.equal(new Set(numbers).size, 4);
});

test("an answer tells the rate limit, and a retry what the attempt failed with", async () => {
  const limits = (remaining) => ({ "x-organization-rate-limit-limit": "240", "x-organization-rate-limit-remaining": remaining });
  const answers = [json(503, {}, limits("8")), json(200, { uid: "1" }, limits("7"))];
  const { users, events } = watch(async () => answers.shift());
  await users.getUser("1");
  const of = (name) => events.filter(({ hook }) => hook === name);
  assert.deepEqual(of("onResponse").map(({ rateLimit }) => rateLimit), ["8", "7"].map((left) => ({ known: true, limit: 240, remaining: Number(left) })));
  assert.deepEqual(of("onRetry").map(({ error }) => [error.name, error.status]), [["ServiceException", 503]]);

  const lost = watch(async () => (lost.events.some(({ hook }) => hook === "onRetry") ? json(200, { uid: "1" }) : Promise.reject(new TypeError("lost"))));
  await lost.users.getUser("1");
  assert.deepEqual(lost.events.filter(({ hook }) => hook === "onRetry").map(({ error }) => [error.code, error.cause.message]), [
    ["connection-failed", "lost"],
  ]);
});

test("a function that the hook of a request gives sends that request, and no other", async () => {
  const sent = [];
  const fetch = async (url) => (sent.push(url.at(-1)), json(200, { uid: url.at(-1) }));
  const onRequest = ({ path }) => {
    if (path === "/users/3") return undefined;
    return async (send) => {
      sent.push(`before ${path.at(-1)}`);
      await pause(5);
      const answer = await send();
      sent.push(`after ${path.at(-1)}`);
      return answer;
    };
  };
  const { users } = watch(fetch, { onRequest });
  const answers = await Promise.all(["1", "2", "3"].map((uid) => users.getUser(uid)));
  assert.deepEqual(answers.map(({ uid }) => uid), ["1", "2", "3"]);
  const of = (uid) => sent.filter((what) => what.endsWith(uid));
  assert.deepEqual(["1", "2", "3"].map(of), [["before 1", "1", "after 1"], ["before 2", "2", "after 2"], ["3"]]);
});

test("a function that sends a request sends no later one of the call", async () => {
  let sent = 0;
  const onRequest = ({ attempt }) => {
    if (attempt > 1) throw new Error("no");
    return (send) => ((sent += 1), send());
  };
  const answers = [json(503, {}), json(200, { uid: "1" })];
  const { users } = watch(async () => answers.shift(), { onRequest });
  assert.equal((await users.getUser("1")).uid, "1");
  assert.equal(sent, 1);
});

test("a function that sends the request fails as fetch does; what other hooks give is of no account", async () => {
  const error = new TypeError("no span");
  const sending = watch(async () => json(200, {}), { onRequest: () => () => Promise.reject(error), maxRetries: 0 });
  await assert.rejects(sending.users.getUser("1"), { code: "connection-failed", cause: error });
  const gives = () => () => assert.fail("It was called.");
  const others = watch(async () => json(200, { uid: "1" }), { onCallStart: gives, onRequest: async () => gives(), onResponse: gives });
  assert.equal((await others.users.getUser("1")).uid, "1");
});

function groupBy(events) {
  const groups = new Map();
  for (const event of events) groups.set(event.callId, [...(groups.get(event.callId) ?? []), event]);
  return groups;
}

test("time that a call waited for its turn is told apart", async () => {
  const { users, events } = watch(async () => (await pause(50), json(200, { uid: "1" })), { maxConcurrency: 1 });
  await Promise.all([users.getUser("1"), users.getUser("2")]);
  await pause(5);
  const [first, second] = events.filter(({ hook }) => hook === "onCallEnd");
  assert.ok(first.queued < 40 && second.queued >= 40, `${first.queued}, ${second.queued}`);
});

test("arguments that are refused begin no call", async () => {
  const { users, events } = watch(never);
  await assert.rejects(users.getUser(""));
  assert.deepEqual(events, []);
});

test("what a hook throws or rejects with changes nothing", async () => {
  const throwing = Object.fromEntries(hooks.map((hook, index) => [hook, index % 2 ? () => Promise.reject(new Error("no")) : () => { throw new Error("no"); }]));
  const { users } = watch(async () => json(200, { uid: "1" }), throwing);
  assert.equal((await users.getUser("1")).uid, "1");
});

test("a method without its object says how to call it", () => {
  const { users } = watch(never);
  const { getUsers } = users;
  for (const call of [getUsers, () => Reflect.apply(getUsers, {}, [])]) {
    assert.throws(call, { name: "ApiTypeError", message: /write \(\) => users\.getUsers\(\), not users\.getUsers/ });
  }
});

test("`using` finds its method under the key of compilers for engines without Symbol.dispose, too", async () => {
  const { dispose } = Symbol;
  const key = dispose ?? Symbol.for("Symbol.dispose");
  const { client, users } = watch(never);
  client[key]();
  await assert.rejects(users.getUser("1"), { code: "client-closed" });
});
