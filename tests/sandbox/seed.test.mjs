import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { ADMIN, open } from "./support.mjs";

const now = "2027-01-15T08:00:00Z";
const stateOf = (options) => open({ now, ...options }).sandbox.state;

test("the same seed and start time give the same organization, another seed other dates", () => {
  assert.deepEqual(stateOf(), stateOf({ now: () => Date.parse(now) }));
  assert.notDeepEqual(stateOf().users, stateOf({ seed: 2 }).users);
});

test("with another start time every date moves by the difference, and nothing else does", () => {
  const [before, after] = [stateOf(), stateOf({ now: "2027-01-16T08:00:00Z" })];
  const dates = ["dateCreated", "dateRegistered", "lastLogin"];
  const dayBefore = (date) => date && new Date(Date.parse(date) - 86_400_000).toISOString().replace(".000Z", "Z");
  const users = after.users.map((user) => ({ ...user, ...Object.fromEntries(dates.map((key) => [key, dayBefore(user[key])])) }));
  const events = after.events.map((event) => ({ ...event, date: dayBefore(event.date) }));
  assert.deepEqual({ ...after, users, events }, before);
});

test("a seed and a start time stand for the same users in every run, on every machine and in every version", () => {
  const hash = createHash("sha256").update(JSON.stringify(stateOf({ seed: 7, users: 5000 }).users));
  assert.equal(hash.digest("hex"), "277c9548d90170c6d383c7b489f97de4310bbaa5e1b7ea900481cb770ead0a4f");
});

test("the users are of every sort that a client has to cope with", () => {
  const { users, accountGroups } = stateOf();
  assert.deepEqual([users.length, accountGroups.length], [40, 6]);
  const sorts = {
    pending: ({ dateRegistered }) => dateRegistered === null,
    neverLoggedIn: ({ dateRegistered, lastLogin }) => dateRegistered && lastLogin === null,
    manyRoles: ({ accountGroupRoles }) => accountGroupRoles.flatMap(({ roleIds }) => roleIds).length > 9,
    severalAccountGroups: ({ accountGroupRoles }) => accountGroupRoles.length > 1,
    everywhere: ({ allAccountGroupRoleIds }) => allAccountGroupRoleIds.length > 0,
    noRoles: (user) => user.accountGroupRoles.length + user.allAccountGroupRoleIds.length === 0,
    longName: ({ name }) => name.length > 90,
    nonLatin: ({ name }) => /[\p{Script=Han}\p{Script=Arabic}\p{Script=Cyrillic}\p{Script=Hangul}]/u.test(name),
  };
  for (const [sort, isOne] of Object.entries(sorts)) assert.ok(users.some(isOne), sort);
});

test("ids and addresses are unique, addresses cannot belong to anyone, dates are in order and past", () => {
  const { users } = stateOf({ users: 500 });
  assert.equal(users.length, 500);
  for (const key of ["uid", "email"]) {
    assert.equal(new Set(users.map((user) => user[key].toLowerCase())).size, 500, key);
  }
  for (const { email, dateCreated, dateRegistered, lastLogin } of users) {
    assert.match(email, /[@.](example\.(com|org|net)|example)$/);
    assert.ok(dateCreated < now && (dateRegistered ?? dateCreated) === dateCreated);
    if (lastLogin) assert.ok(dateRegistered <= lastLogin && lastLogin < now);
    else if (!dateRegistered) assert.ok(dateCreated > "2026-11-01", "an invitation waits for weeks, not years");
  }
});

test("an organization of 100,000 users, the same every time", async () => {
  const [first, second] = [1, 1].map((seed) => open({ now, users: 100_000, seed, rateLimit: 0 }));
  const { users } = first.sandbox.state;
  assert.equal(users.length, 100_000);
  assert.equal(new Set(users.map(({ email }) => email.toLowerCase())).size, 100_000);
  assert.deepEqual(second.sandbox.state.users, users);
  assert.deepEqual(users.slice(0, 40), stateOf().users);
  const { status, text } = await first.sandbox
    .fetch("http://x/v7/users", { headers: { authorization: `Bearer ${ADMIN}` } })
    .then(async (answer) => ({ status: answer.status, text: await answer.text() }));
  assert.deepEqual([status, JSON.parse(text).users.length], [200, 100_000]);
  const last = users.at(-1);
  assert.equal((await first.call("POST", "/v7/users", { body: { name: "Again", email: last.email } })).status, 400);
});
