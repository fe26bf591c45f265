import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { ADMIN, open } from "./support.mjs";

const stateOf = (options) => open(options).sandbox.state;

test("the same seed gives the same organization, another one other dates", () => {
  assert.deepEqual(stateOf(), stateOf({ now: () => 0 }));
  assert.notDeepEqual(stateOf().users, stateOf({ seed: 2 }).users);
});

test("a seed stands for the same users in every run, on every machine and in every version", () => {
  const hash = createHash("sha256").update(JSON.stringify(stateOf({ seed: 7, users: 5000 }).users));
  assert.equal(hash.digest("hex"), "925a866f02d240ba7ee77e10a889b4eb33fa0a3127a5cb179aeb520672c22b5a");
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

test("ids and addresses are unique, addresses cannot belong to anyone, dates are in order", () => {
  const { users } = stateOf({ users: 500 });
  assert.equal(users.length, 500);
  for (const key of ["uid", "email"]) {
    assert.equal(new Set(users.map((user) => user[key].toLowerCase())).size, 500, key);
  }
  for (const { email, dateRegistered, lastLogin } of users) {
    assert.match(email, /[@.](example\.(com|org|net)|example)$/);
    if (lastLogin) assert.ok(dateRegistered <= lastLogin);
  }
});

test("an organization of 100,000 users, the same every time", async () => {
  const [first, second] = [1, 1].map((seed) => open({ users: 100_000, seed, rateLimit: 0 }));
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
