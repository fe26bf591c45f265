// A refused token is replaced once, for the calls that it was refused to and for nobody else.
import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { UsersApi } from "../../pkg/node.mjs";

const store = new AsyncLocalStorage();
const people = ["ann", "bob", "cem", "dot", "eve", "fay", "gil", "hal", "ida", "jon"];

/**
 * Many people and one client. The server takes the second token of each, and a request for `/users/ann-1` from Ann alone.
 * `late` are requests whose refusal comes late; `refuse` are people whose refresh fails.
 */
function office({ late = [], refuse = [], ...configuration } = {}) {
  const sent = [];
  const refreshes = [];
  const users = new UsersApi({
    ...configuration,
    async accessToken({ refresh }) {
      const person = store.getStore();
      if (!refresh) return `te-token-of-${person}-1`;
      refreshes.push(person);
      await pause(20);
      if (refuse.includes(person)) throw new Error(`nothing for ${person}`);
      return `te-token-of-${person}-2`;
    },
    async fetch(input, init) {
      const { url, headers } = new Request(input, init);
      const id = url.split("/").at(-1);
      const token = headers.get("authorization").replace("Bearer te-token-of-", "");
      sent.push(`${id} with ${token}`);
      const isGood = token === `${id.split("-")[0]}-2`;
      await pause(!isGood && late.includes(id) ? 60 : 5);
      return new Response(JSON.stringify({ uid: id }), { status: isGood ? 200 : 401 });
    },
  });
  const call = (person, number = 1) => store.run(person, () => users.getUser(`${person}-${number}`));
  return { call, sent, refreshes };
}

/** What each of these calls must have sent: the refused token, then its owner's other one. */
const sound = (...ids) => ids.flatMap((id) => [1, 2].map((which) => `${id} with ${id.split("-")[0]}-${which}`)).sort();
const outcome = ({ value, reason }) => value?.uid ?? reason.name;

for (const [setting, configuration] of Object.entries({ "at once": {}, "behind two permits": { maxConcurrency: 2 } })) {
  describe(`the tokens of many people are refused, ${setting}`, () => {
    test("each of them gets another one, and nobody gets anybody else's", async () => {
      const { call, sent, refreshes } = office(configuration);
      const settled = await Promise.allSettled(people.map((person) => call(person)));
      assert.deepEqual(settled.map(outcome), people.map((person) => `${person}-1`));
      assert.deepEqual(sent.toSorted(), sound(...people.map((person) => `${person}-1`)));
      assert.deepEqual(refreshes.toSorted(), people);
    });
  });
}

test("calls with the same refused token ask once, those with another one ask on their own", async () => {
  const { call, sent, refreshes } = office();
  const numbers = [1, 2, 3, 4, 5];
  const ids = numbers.flatMap((number) => ["ann", "bob"].map((person) => `${person}-${number}`));
  const settled = await Promise.allSettled(ids.map((id) => call(...id.split("-"))));
  assert.deepEqual(settled.map(outcome), ids);
  assert.deepEqual(sent.toSorted(), sound(...ids));
  assert.deepEqual(refreshes.toSorted(), ["ann", "bob"]);
});

test("one whose refusal comes after another one's refresh gets a token of their own", async () => {
  const { call, sent, refreshes } = office({ late: ["bob-1"] });
  const settled = await Promise.allSettled([call("ann"), call("bob")]);
  assert.deepEqual(settled.map(outcome), ["ann-1", "bob-1"]);
  assert.deepEqual(sent.toSorted(), sound("ann-1", "bob-1"));
  assert.deepEqual(refreshes, ["ann", "bob"]);
});

test("a call whose refusal comes after the refresh of the same token takes what that gave", async () => {
  const { call, sent, refreshes } = office({ late: ["ann-2"] });
  const settled = await Promise.allSettled([call("ann", 1), call("ann", 2)]);
  assert.deepEqual(settled.map(outcome), ["ann-1", "ann-2"]);
  assert.deepEqual(sent.toSorted(), sound("ann-1", "ann-2"));
  assert.deepEqual(refreshes, ["ann"]);
});

test("a refresh that fails is the failure of those alone whose token it was for", async () => {
  const { call, sent, refreshes } = office({ refuse: ["bob"] });
  const ids = ["ann-1", "bob-1", "bob-2", "cem-1"];
  const settled = await Promise.allSettled(ids.map((id) => call(...id.split("-"))));
  assert.deepEqual(settled.map(outcome), ["ann-1", "UnauthorizedException", "UnauthorizedException", "cem-1"]);
  assert.deepEqual(sent.toSorted(), ["bob-1 with bob-1", "bob-2 with bob-1", ...sound("ann-1", "cem-1")].sort());
  assert.deepEqual(refreshes.toSorted(), ["ann", "bob", "cem"]);
});

test("the token of a refresh is for no call that was refused nothing", async () => {
  const { call, sent } = office();
  await call("ann", 1);
  await call("ann", 2);
  assert.deepEqual(sent, ["ann-1 with ann-1", "ann-1 with ann-2", "ann-2 with ann-1", "ann-2 with ann-2"]);
});
