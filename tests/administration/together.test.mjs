// Two administrators change the same user at once, in every order that their requests can come in: no change is lost in silence.
// The API cannot write only if nothing changed meanwhile, so one window stays, which the documentation names: that between the last
// read of a user and the write behind it. Nothing is lost outside of it.
import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { describe, test } from "node:test";

import { ConflictException, ThousandEyesError, finish, isWrite, office, toUserRequest, usersOf, withRole } from "./support.mjs";

const UID = "5011";
const GRANTS = { one: { roleId: "402", accountGroupId: "2001" }, other: { roleId: "401", accountGroupId: "2005" } };

/** Whose requests are let through in the order of a schedule, one at a time. */
class Crossing {
  log = [];
  #sides = new Map();

  /** Begins the work of somebody, whose requests wait for their turn. */
  begin(name, sandbox, work) {
    const side = { waiting: [], isOver: false };
    this.#sides.set(name, side);
    const fetch = (url, init) =>
      new Promise((resolve) => {
        side.waiting.push(() => {
          const { pathname } = new URL(url);
          const isOfUser = pathname.endsWith(`/users/${UID}`);
          this.log.push({ name, isOfUser, isWrite: isWrite(init) });
          resolve(sandbox.fetch(url, init));
        });
      });
    side.end = work(fetch).then(
      (value) => ({ value }),
      (error) => ({ error }),
    );
    side.end.then(() => (side.isOver = true));
  }

  /** Until somebody waits for the next turn, or has ended. */
  async #comes(side) {
    while (side.waiting.length === 0 && !side.isOver) await turn();
  }

  async go(schedule) {
    for (const name of [...schedule, ...Array(20).fill("one"), ...Array(20).fill("other")]) {
      const side = this.#sides.get(name);
      await this.#comes(side);
      side.waiting.shift()?.();
      await this.#comes(side);
    }
    const ends = await Promise.all([...this.#sides].map(async ([name, { end }]) => [name, await end]));
    return Object.fromEntries(ends);
  }
}

/** All orders of so many turns of the one and so many of the other. */
function* schedules(one, other) {
  if (one === 0 && other === 0) yield [];
  if (one > 0) for (const rest of schedules(one - 1, other)) yield ["one", ...rest];
  if (other > 0) for (const rest of schedules(one, other - 1)) yield ["other", ...rest];
}

const grantOf = ({ roleId, accountGroupId }) => `${accountGroupId}/${roleId}`;
const changeOf = ({ roleId, accountGroupId }) => ({
  kind: "grant",
  user: { uid: UID },
  role: { id: roleId },
  accountGroup: { id: accountGroupId },
});

/** What somebody may do: how many requests it makes alone, and how it is begun; `was` is the user and the plan of before. */
const ways = {
  modifyUser: {
    turns: 2,
    work: ({ clientOf }, grant) => (fetch) => clientOf({ fetch }).admin.modifyUser(UID, (user) => withRole(user, grant)),
  },
  "modifyUser with a person between": {
    turns: 3,
    work: ({ clientOf }, grant) => (fetch) => clientOf({ fetch }).admin.modifyUser(UID, async (user) => withRole(user, grant)),
  },
  "modifyUser with expect": {
    turns: 2,
    work: ({ clientOf }, grant, { user }) => (fetch) =>
      clientOf({ fetch }).admin.modifyUser(UID, (user) => withRole(user, grant), { expect: user }),
  },
  apply: {
    turns: 5,
    work: ({ clientOf }, grant, { plans }) => async (fetch) => {
      const { results: [result] } = await finish(clientOf({ fetch }).admin.apply(plans.get(grant)));
      if (result.status !== "done") throw Object.assign(new ConflictException(result.message), result);
    },
  },
  "updateUser with what was read": {
    turns: 2,
    // Raw: whoever does this is told nothing, and may overwrite what others did. The others must not overwrite this.
    isRaw: true,
    work: ({ clientOf }, grant) => async (fetch) => {
      const { users } = clientOf({ fetch });
      const user = await users.getUser(UID);
      await users.updateUser(UID, { ...toUserRequest(user), ...withRole(user, grant) });
    },
  },
};

/** Whether the other's write fell between somebody's last read of the user and the write behind it. */
function isInWindow(log, name) {
  const write = log.findLastIndex((entry) => entry.name === name && entry.isWrite);
  const read = log.findLastIndex((entry, index) => index < write && entry.name === name && entry.isOfUser && !entry.isWrite);
  return write >= 0 && log.slice(read, write).some((entry) => entry.name !== name && entry.isWrite);
}

async function meet(first, second, schedule) {
  const at = office();
  const user = await at.client.users.getUser(UID);
  const plans = new Map();
  for (const grant of Object.values(GRANTS)) plans.set(grant, await at.admin.plan([changeOf(grant)]));
  const crossing = new Crossing();
  crossing.begin("one", at.sandbox, ways[first].work(at, GRANTS.one, { user, plans }));
  crossing.begin("other", at.sandbox, ways[second].work(at, GRANTS.other, { user, plans }));
  const ends = await crossing.go(schedule);
  const { grants } = usersOf(at.sandbox).get(UID);
  return { ends, grants, log: crossing.log };
}

const pairs = [
  ["modifyUser", "modifyUser"],
  ["modifyUser", "modifyUser with a person between"],
  ["modifyUser with a person between", "modifyUser with a person between"],
  ["modifyUser with expect", "modifyUser with expect"],
  ["apply", "modifyUser"],
  ["apply", "modifyUser with expect"],
  ["apply", "updateUser with what was read"],
  ["modifyUser", "updateUser with what was read"],
  ["apply", "apply"],
];

describe("two administrators and one user", () => {
  for (const [first, second] of pairs) {
    test(`${first}, ${second}: each change is there, or somebody was told`, async (t) => {
      const counts = { orders: 0, both: 0, told: 0, "lost in the window": 0, "overwritten by the raw call": 0 };
      const wayOf = { one: ways[first], other: ways[second] };
      for (const schedule of schedules(ways[first].turns, ways[second].turns)) {
        const { ends, grants, log } = await meet(first, second, schedule);
        counts.orders += 1;
        const order = log.map(({ name, isOfUser, isWrite }) => `${name} ${isWrite ? "writes" : isOfUser ? "reads" : "looks"}`).join(", ");
        let isLost = false;
        for (const [name, rival] of [["one", "other"], ["other", "one"]]) {
          const { error } = ends[name];
          if (error) {
            assert.ok(error instanceof ThousandEyesError, error);
            assert.ok(error.outcome === "not-sent" || error.status === "conflict", `${order}: ${error}`);
            assert.ok(!grants.includes(grantOf(GRANTS[name])), `${order}: told of a conflict, but written`);
            assert.ok(!log.some((entry) => entry.name === name && entry.isWrite), `${order}: told of a conflict, but sent`);
          } else if (!grants.includes(grantOf(GRANTS[name]))) {
            // Overwritten by the rival, who read before and wrote behind.
            isLost = true;
            assert.ok(isInWindow(log, rival), `lost outside of the window: ${order}`);
            counts[wayOf[rival].isRaw ? "overwritten by the raw call" : "lost in the window"] += 1;
          }
        }
        if (ends.one.error || ends.other.error) counts.told += 1;
        else if (!isLost) counts.both += 1;
      }
      t.diagnostic(`${first}, ${second}: ${JSON.stringify(counts)}`);
      assert.equal(counts.orders, binomial(ways[first].turns + ways[second].turns, ways[first].turns));
      assert.ok(counts.both + counts.told > 0);
    });
  }

  test("whoever waited for a person is told of what came meanwhile, with all three versions", async () => {
    const { ends, grants } = await meet("modifyUser with a person between", "modifyUser", ["one", "other", "other", "one"]);
    const { error } = ends.one;
    assert.ok(error instanceof ConflictException);
    assert.ok(!ConflictException.is({}) && ConflictException.is(error));
    assert.deepEqual(grants.includes(grantOf(GRANTS.other)), true);
    const has = (roles, { roleId, accountGroupId }) =>
      roles.some((entry) => entry.accountGroup.aid === accountGroupId && entry.roles.some((role) => role.roleId === roleId));
    assert.equal(has(error.base.accountGroupRoles, GRANTS.other), false);
    assert.equal(has(error.theirs.accountGroupRoles, GRANTS.other), true);
    assert.ok(error.mine.accountGroupRoles.some(({ accountGroupId, roleIds }) => accountGroupId === GRANTS.one.accountGroupId && roleIds.includes(GRANTS.one.roleId)));
  });
});

function binomial(n, k) {
  return k === 0 ? 1 : (binomial(n - 1, k - 1) * n) / k;
}
