// Each guard, for each way to change a user: it holds, it is lifted by its name in the options of the call, and by nothing else.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { GUARDS, GuardException, finish, journalOf, office, usersOf, writesOf } from "./support.mjs";

const [OWNER, ADMIN, ACCOUNT_ADMIN, USER] = ["5001", "5005", "5002", "5011"];
const everywhere = (roleId) => ({ role: { id: roleId }, allAccountGroups: true });
const inGroup = (roleId, aid) => ({ role: { id: roleId }, accountGroup: { id: aid } });
const HEADQUARTERS = [{ accountGroupId: "2001", roleIds: ["33"] }];

/** Another administrator of the organisation, so that the owner of the token is not the last one. */
const withDeputy = ({ client }) => client.users.updateUser(ADMIN, { allAccountGroupRoleIds: ["31"], accountGroupRoles: [] });

/**
 * What each guard is about: the changes of a plan, and the same for `modifyUser` or `inviteUser` where these can do that.
 * `also` are guards that speak against the same.
 */
const cases = {
  "self-removal": [
    { what: "the owner of the token", prepare: withDeputy, changes: [{ kind: "remove", user: { uid: OWNER } }], isRefused: true },
    { what: "the person in front of a portal", actor: "ELPIDA.p@example.org", changes: [{ kind: "remove", user: { uid: USER } }] },
  ],
  "self-lockout": [
    {
      what: "the own management role",
      actor: ACCOUNT_ADMIN,
      changes: [{ kind: "revoke", user: { uid: ACCOUNT_ADMIN }, ...inGroup("32", "2002") }],
      modify: [ACCOUNT_ADMIN, () => ({ accountGroupRoles: [{ accountGroupId: "2003", roleIds: ["32"] }] })],
    },
    {
      what: "the own e-mail address",
      actor: USER,
      changes: [{ kind: "update", user: { uid: USER }, email: "elsewhere@example.com" }],
      modify: [USER, () => ({ email: "elsewhere@example.com" })],
    },
    {
      what: "the last of one's own roles",
      actor: USER,
      changes: [{ kind: "revoke", user: { uid: USER }, ...inGroup("403", "2002") }],
      modify: [USER, () => ({ accountGroupRoles: [] })],
    },
  ],
  "last-organization-admin": [
    {
      what: "a role",
      options: { lastOrganizationAdmin: "allow" },
      also: ["self-lockout"],
      changes: [{ kind: "revoke", user: { uid: OWNER }, ...everywhere("31") }],
      modify: [OWNER, () => ({ allAccountGroupRoleIds: [] })],
    },
  ],
  "management-everywhere": [
    {
      what: "a user",
      also: ["everywhere-beside-account-groups"],
      changes: [{ kind: "grant", user: { uid: USER }, ...everywhere("32") }],
      modify: [USER, () => ({ allAccountGroupRoleIds: ["32"] })],
    },
    {
      what: "an invitation",
      changes: [{ kind: "invite", email: "new@example.com", name: "New", roles: [everywhere("31")] }],
      invite: { email: "new@example.com", name: "New", allAccountGroupRoleIds: ["31"] },
    },
  ],
  "everywhere-beside-account-groups": [
    {
      what: "a user",
      changes: [{ kind: "grant", user: { uid: USER }, ...everywhere("402") }],
      modify: [USER, () => ({ allAccountGroupRoleIds: ["402"] })],
    },
    {
      what: "an invitation",
      changes: [{ kind: "invite", email: "new@example.com", name: "New", roles: [everywhere("402"), inGroup("33", "2001")] }],
      invite: { email: "new@example.com", name: "New", allAccountGroupRoleIds: ["402"], accountGroupRoles: HEADQUARTERS },
    },
  ],
  "still-effective": [
    {
      what: "a role",
      prepare: ({ client }) =>
        client.users.updateUser(USER, { allAccountGroupRoleIds: ["402"], accountGroupRoles: [{ accountGroupId: "2002", roleIds: ["402", "403"] }] }),
      changes: [{ kind: "revoke", user: { uid: USER }, ...inGroup("402", "2002") }],
      modify: [USER, () => ({ accountGroupRoles: [{ accountGroupId: "2002", roleIds: ["403"] }] })],
    },
  ],
  "max-removals": [
    {
      what: "eleven users",
      options: { users: 20 },
      changes: Array.from({ length: 11 }, (_, index) => ({ kind: "remove", user: { uid: String(5008 + index) } })),
      steps: 11,
    },
  ],
  "guard-unknown": [
    {
      what: "a token whose owner is not told",
      prepare: ({ sandbox }) => sandbox.faults.add({ fault: "error", status: 403, count: 1000, match: { path: "/users/current" } }),
      changes: [{ kind: "remove", user: { uid: USER } }],
      modify: [USER, () => ({ accountGroupRoles: [] })],
    },
  ],
};

const namesOf = (guards) => [...new Set(guards.map(({ guard }) => guard))].sort();
const caught = (promise) => promise.then((value) => ({ value }), (error) => ({ error }));

test("all guards there are have a case here", () => assert.deepEqual(Object.keys(cases), GUARDS));

for (const [guard, all] of Object.entries(cases)) {
  describe(guard, () => {
    for (const { what, prepare, options, actor, also = [], changes, modify, invite, steps = 1, isRefused = false } of all) {
      const expected = [guard, ...also].sort();
      const start = async () => {
        const at = office(options);
        await prepare?.(at);
        at.sandbox.clearRequests();
        return at;
      };
      const others = GUARDS.filter((name) => !expected.includes(name));

      test(`apply: ${what}`, async () => {
        const { sandbox, admin } = await start();
        const before = usersOf(sandbox);
        const plan = await admin.plan(changes, { actor });
        assert.deepEqual(namesOf(plan.steps[0].blocked), expected, "the plan says so");
        // Nothing in the file lifts it.
        for (const step of plan.steps) step.blocked = [];
        for (const allow of [undefined, [], others]) {
          const journal = journalOf();
          const { results, summary } = await finish(admin.apply(plan, { allow, actor, journal }));
          for (const { status, blocked, message } of results) {
            assert.equal(status, "blocked");
            assert.deepEqual(namesOf(blocked), expected);
            assert.ok(message && blocked.every(({ message }) => message.length > 30));
          }
          assert.deepEqual([summary.blocked, summary.complete], [steps, false]);
          assert.ok(!journal.text.includes('"intent"'));
        }
        assert.deepEqual(writesOf(sandbox), []);
        for (const missing of expected) {
          if (expected.length === 1) break;
          const { results } = await finish(admin.apply(plan, { actor, allow: expected.filter((name) => name !== missing) }));
          assert.deepEqual(namesOf(results[0].blocked), [missing], "each is lifted alone");
        }
        assert.deepEqual(usersOf(sandbox), before);
        const { results } = await finish(admin.apply(plan, { actor, allow: expected }));
        for (const { status } of results) assert.equal(status, isRefused ? "failed" : "done");
        assert.equal(writesOf(sandbox).length, steps);
      });

      if (!modify && !invite) continue;
      test(`${modify ? "modifyUser" : "inviteUser"}: ${what}`, async () => {
        const { sandbox, admin } = await start();
        const before = usersOf(sandbox);
        const begin = (options) => (modify ? admin.modifyUser(...modify, { actor, ...options }) : admin.inviteUser(invite, { actor, ...options }));
        for (const allow of [undefined, [], others]) {
          const { error } = await caught(begin({ allow }));
          assert.ok(error instanceof GuardException, error?.stack);
          assert.deepEqual([namesOf(error.guards), error.outcome, error.retryable], [expected, "not-sent", false]);
          for (const name of expected) assert.ok(error.message.includes(name));
        }
        assert.deepEqual(writesOf(sandbox), []);
        assert.deepEqual(usersOf(sandbox), before);
        const { value } = await caught(begin({ allow: expected }));
        assert.equal(value.changed ?? value.created, true);
        assert.equal(writesOf(sandbox).length, 1);
      });
    }
  });
}

describe("guards beyond one change", () => {
  test("the owner of the token is guarded whoever the plan calls its actor, and so is whom the caller calls that", async () => {
    const { sandbox, admin } = office();
    const plan = await admin.plan([{ kind: "remove", user: { uid: USER } }, { kind: "remove", user: { uid: OWNER } }], { actor: USER });
    plan.actor = "somebody.else@example.com";
    const { results } = await finish(admin.apply(plan, { actor: USER }));
    assert.deepEqual(results.map(({ status }) => status), ["blocked", "blocked"]);
    for (const { blocked } of results) assert.ok(namesOf(blocked).includes("self-removal"));
    assert.deepEqual(writesOf(sandbox), []);
  });

  test("removals are counted over the plan and its journal: not ten each time", async () => {
    const { sandbox, admin } = office({ users: 30 });
    const plan = await admin.plan(Array.from({ length: 12 }, (_, index) => ({ kind: "remove", user: { uid: String(5008 + index) } })));
    const journal = journalOf();
    const run = admin.apply(plan, { journal, maxRemovals: 12 });
    for await (const { stepId } of run) if (stepId === "5") break;
    await run.result;
    const { done } = await run.result;
    const { summary } = await finish(admin.apply(plan, { journal }));
    assert.deepEqual([summary.done, summary.blocked], [done, 12 - done]);
    assert.equal(writesOf(sandbox).length, done);
    assert.equal((await finish(admin.apply(plan, { journal, maxRemovals: 12 }))).summary.complete, true);
  });

  test("the last two administrators do not go together", async () => {
    for (const second of ["apply", "plan"]) {
      const at = office({ lastOrganizationAdmin: "allow", deleteSelf: "allow" });
      await withDeputy(at);
      const changes = [{ kind: "remove", user: { uid: ADMIN } }, { kind: "remove", user: { uid: OWNER } }];
      const plan = await at.admin.plan(changes);
      if (second === "plan") {
        assert.deepEqual(plan.steps.map(({ blocked }) => namesOf(blocked)), [[], ["last-organization-admin", "self-removal"]]);
        continue;
      }
      const { results } = await finish(at.admin.apply(plan, { allow: ["self-removal"] }));
      assert.deepEqual(results.map(({ status }) => status), ["done", "blocked"]);
      assert.deepEqual(namesOf(results[1].blocked), ["last-organization-admin"]);
    }
  });

  test("undoing goes through the same guards", async () => {
    const { sandbox, admin } = office({ users: 30 });
    const uids = Array.from({ length: 11 }, (_, index) => String(5008 + index));
    const journal = journalOf();
    const plan = await admin.plan(uids.map((uid) => ({ kind: "grant", user: { uid }, ...inGroup("401", "2005") })));
    await finish(admin.apply(plan, { journal }));
    const undo = await admin.planUndo(journal);
    assert.deepEqual(namesOf(undo.steps[0].blocked), ["max-removals"]);
    assert.equal((await finish(admin.apply(undo))).summary.blocked, 11);
    assert.equal((await finish(admin.apply(undo, { maxRemovals: 11 }))).summary.complete, true);
    for (const uid of uids) assert.ok(!usersOf(sandbox).get(uid).grants.includes("2005/401"));
  });

  test("a guard that does not exist cannot be lifted", async () => {
    const { sandbox, admin } = office();
    const plan = await admin.plan([{ kind: "remove", user: { uid: USER } }]);
    for (const allow of [["all"], ["*"], [true], "self-removal", [...GUARDS, "self-removal"], { "self-removal": true }]) {
      for (const job of [admin.apply(plan, { allow }).result, admin.modifyUser(USER, () => ({}), { allow }), admin.inviteUser({ email: "a@example.com" }, { allow })]) {
        const { error } = await caught(job);
        assert.ok(error?.path?.startsWith("options.allow"), `${JSON.stringify(allow)}: ${error}`);
      }
    }
    assert.deepEqual(writesOf(sandbox), []);
  });
});

test("the token is in no plan, journal, result, progress or error", async () => {
  const token = "s3cret-token-of-the-owner";
  const { sandbox, admin } = office({ token });
  const seen = [];
  const onProgress = (event) => seen.push(event);
  const plan = await admin.plan(
    [
      { kind: "remove", user: { uid: OWNER } },
      { kind: "update", user: { uid: USER }, name: "Other" },
      { kind: "remove", user: { uid: "5012" } },
      { kind: "invite", email: "new@example.com", name: "New", roles: [] },
    ],
    { reason: "why", actor: USER, onProgress },
  );
  const journal = journalOf();
  sandbox.faults.add({ fault: "error", status: 400, match: { method: "PUT" } });
  sandbox.faults.add({ fault: "connection-reset", when: "after", match: { method: "DELETE" } });
  const end = await finish(admin.apply(plan, { journal, onProgress }));
  assert.deepEqual(end.results.map(({ status }) => status), ["blocked", "failed", "done", "done"]);
  sandbox.faults.add({ fault: "error", status: 500, count: 1000 });
  const errors = await Promise.all([
    admin.apply(plan).result, admin.apply({}).result, admin.modifyUser(OWNER, () => ({})), admin.accessReport(), admin.plan([]),
  ].map(async (job) => (await caught(job)).error));
  const all = JSON.stringify([plan, journal.text, end, seen, errors, errors.map(({ message, stack, cause }) => [message, stack, `${cause}`])]);
  assert.equal(errors.filter(Boolean).length, 5);
  assert.ok(!all.includes(token) && !all.toLowerCase().includes("authorization"));
});
