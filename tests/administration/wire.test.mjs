// The requests of each job on the wire, beside those of whoever writes the same by hand. The table is printed.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { finish, inactiveUsers, journalOf, office, stateOf, toCsv, toUserRequest, usersOf, withRole } from "./support.mjs";

const rows = [];

/** Counts the requests of some work. */
async function requestsOf({ sandbox }, work) {
  sandbox.clearRequests();
  const value = await work();
  return { value, requests: sandbox.requests.length, lines: sandbox.requests.map(({ method, path }) => `${method} ${path.replace("/v7", "")}`) };
}

/** A row of the table; `byHand` is missing where nobody can do that by hand without notes of what was there. */
function note(job, own, byHand) {
  const seconds = (requests) => requests && Math.ceil(requests / 4);
  rows.push({ job, requests: own, "by hand": byHand, "seconds at 240 a minute": seconds(own), "by hand, seconds": seconds(byHand) });
}

after(() => console.table(rows));

/** Twenty changes of fifteen users: a role for each, and for five of them a name. */
const uids = Array.from({ length: 15 }, (_, index) => String(5010 + index));
const role = { role: { name: "Auditor" }, accountGroup: { name: "Test Lab" } };
const changesOf = (users) => [
  ...uids.map((uid) => ({ kind: "grant", user: { email: users.get(uid).email }, ...role })),
  ...uids.slice(0, 5).map((uid) => ({ kind: "update", user: { uid }, name: `Renamed ${uid}` })),
];

/** The same by hand: each change by itself, names and addresses looked up where they are met. */
async function changeByHand({ users, roles, accountGroups }, change) {
  const uid = change.user.uid ?? (await users.getUsers()).users.find(({ email }) => email === change.user.email).uid;
  if (change.kind === "update") return users.updateUser(uid, { name: change.name });
  const { roleId } = (await roles.getRoles()).roles.find(({ name }) => name === change.role.name);
  const { aid } = (await accountGroups.getAccountGroups()).accountGroups.find((group) => group.accountGroupName === change.accountGroup.name);
  const user = await users.getUser(uid);
  return users.updateUser(uid, { ...toUserRequest(user), ...withRole(user, { roleId, accountGroupId: aid }) });
}

describe("requests", () => {
  test("one change takes two, if it does no harm to anybody", async () => {
    const at = office();
    const grant = { roleId: "402", accountGroupId: "2001" };
    const { lines } = await requestsOf(at, () => at.admin.modifyUser("5011", (user) => withRole(user, grant)));
    assert.deepEqual(lines, ["GET /users/5011", "PUT /users/5011"]);
    const idle = await requestsOf(at, () => at.admin.modifyUser("5011", (user) => withRole(user, grant)));
    assert.deepEqual(idle.lines, ["GET /users/5011"]);
    const byHand = office();
    const naive = await requestsOf(byHand, async () => {
      const user = await byHand.client.users.getUser("5011");
      return byHand.client.users.updateUser("5011", { ...toUserRequest(user), ...withRole(user, grant) });
    });
    note("modifyUser: a role more", lines.length, naive.requests);
    const careful = await requestsOf(at, () => at.admin.modifyUser("5009", () => ({ accountGroupRoles: [] })));
    note("modifyUser: roles fewer, with guards", careful.requests, 2);
    assert.deepEqual(careful.lines, ["GET /users/5009", "GET /users/current", "GET /roles", "GET /users/5009", "PUT /users/5009"]);
  });

  test("an invitation takes a look and the create", async () => {
    const at = office();
    const request = { email: "new@example.com", name: "New", accountGroupRoles: [{ accountGroupId: "2001", roleIds: ["33"] }] };
    const first = await requestsOf(at, () => at.admin.inviteUser(request));
    assert.deepEqual(first.lines, ["GET /users", "POST /users"]);
    const again = await requestsOf(at, () => at.admin.inviteUser(request));
    assert.deepEqual([again.lines, again.value.created], [["GET /users", `GET /users/${first.value.user.uid}`], false]);
    note("inviteUser", first.requests, 1);
    const found = await requestsOf(at, () => at.admin.findUser("NEW@example.com"));
    assert.deepEqual(found.lines, ["GET /users"]);
    note("findUser", found.requests, 1);
  });

  test("a plan of twenty changes to fifteen users says how many it takes, and takes that many", async () => {
    const at = office({ users: 40 });
    const changes = changesOf(usersOf(at.sandbox));
    const planning = await requestsOf(at, () => at.admin.plan(changes));
    const plan = planning.value;
    assert.equal(plan.steps.length, 15);
    // Users, roles, account groups and oneself once, and each user concerned once.
    assert.equal(planning.requests, 4 + 15);
    assert.equal(plan.cost.planning.requests, planning.requests);
    assert.equal(new Set(planning.lines).size, planning.lines.length, "nothing is read twice");
    const journal = journalOf();
    const applying = await requestsOf(at, () => finish(at.admin.apply(plan, { journal })));
    assert.equal(applying.requests, 3 + 2 * 15);
    assert.equal(plan.cost.applying.requests, applying.requests);
    const byHand = office({ users: 40 });
    const naive = await requestsOf(byHand, async () => {
      for (const change of changes) await changeByHand(byHand.client, change);
    });
    assert.deepEqual(usersOf(byHand.sandbox), usersOf(at.sandbox), "the same comes of it");
    note("plan of 20 changes to 15 users, and apply", planning.requests + applying.requests, naive.requests);
    assert.ok(planning.requests + applying.requests < naive.requests);
    const resumed = await requestsOf(at, () => finish(at.admin.apply(plan, { journal })));
    assert.equal(resumed.requests, 3);
    note("apply once more, with the journal", resumed.requests, naive.requests);
    const undoing = await requestsOf(at, () => at.admin.planUndo(journal));
    assert.equal(undoing.requests, 2);
    // One of them has that role in all account groups: taken away in one, it stays effective there.
    const undone = await requestsOf(at, () => finish(at.admin.apply(undoing.value, { maxRemovals: 15, allow: ["still-effective"] })));
    assert.equal(undone.value.summary.complete, true);
    note("planUndo, and apply", undoing.requests + undone.requests);
    assert.deepEqual(usersOf(at.sandbox), usersOf(office({ users: 40 }).sandbox));
  });

  test("who has access to what takes at most 30 for 10,000 users in 20 account groups", async (t) => {
    const at = office({ users: 10_000 });
    const { accountGroups, users } = at.client;
    for (let number = at.sandbox.state.accountGroups.length; number < 20; number += 1) {
      const { aid } = await accountGroups.createAccountGroup({ accountGroupName: `Branch ${number}` });
      for (let index = 0; index < 10; index += 1) {
        const uid = String(6000 + number * 10 + index);
        await users.updateUser(uid, { accountGroupRoles: [{ accountGroupId: aid, roleIds: ["33", "402"] }], allAccountGroupRoleIds: [] });
      }
    }
    const start = performance.now();
    const { value: report, requests, lines } = await requestsOf(at, () => at.admin.accessReport());
    const seconds = (performance.now() - start) / 1000;
    t.diagnostic(`${requests} requests, ${report.rows.length} rows, ${seconds.toFixed(1)} s with the sandbox's own work`);
    assert.ok(requests <= 30, `${requests} requests`);
    assert.equal(lines.filter((line) => /^GET \/account-groups\/\d+\?expand=user$/.test(line)).length, 20);
    assert.deepEqual([report.complete, report.missingAccountGroups], [true, []]);
    note("accessReport of 10,000 users in 20 account groups", requests, 10_001);

    // It says of everybody what the organisation says.
    const { state } = at.sandbox;
    const aids = state.accountGroups.map(({ aid }) => aid);
    const expected = new Map(state.users.map((user) => [user.uid, effective(stateOf(user).grants, aids)]));
    const seen = new Map();
    for (const row of report.rows) {
      const own = seen.get(row.uid) ?? seen.set(row.uid, []).get(row.uid);
      if (row.roleId) own.push(`${row.aid}/${row.roleId}`);
      const user = stateOf(state.users[Number(row.uid) - 5001]);
      if (row.scope === "accountGroup") assert.ok(user.grants.includes(`${row.aid}/${row.roleId}`), JSON.stringify(row));
      if (row.scope === "everywhere") assert.ok(user.grants.includes(`all/${row.roleId}`), JSON.stringify(row));
      assert.equal(row.email, user.email);
      if (row.roleId) assert.equal(row.hasManagementPermissions, ["31", "32", "404"].includes(row.roleId), JSON.stringify(row));
    }
    assert.equal(seen.size, 10_000);
    for (const [uid, grants] of seen) assert.deepEqual(grants.sort(), expected.get(uid), uid);
    // Who is in one account group alone has it for sure.
    assert.ok(report.rows.filter(({ scope }) => scope === "accountGroup").length > 9_000);

    const csv = toCsv(report.rows);
    assert.equal(csv.split("\r\n").length, report.rows.length + 2);
    const { users: all } = await users.getUsers();
    const inactive = inactiveUsers(all, { days: 90, now: new Date(at.sandbox.time).toISOString() });
    assert.ok(inactive.length > 100 && inactive.length < 10_000);
  });

  test("an account group that may not be seen is missing, and said to be", async () => {
    const at = office();
    at.sandbox.faults.add({ fault: "error", status: 403, match: { path: "/account-groups/2003" } });
    const report = await at.admin.accessReport();
    assert.equal(report.complete, false);
    assert.deepEqual(report.missingAccountGroups.map(({ aid }) => aid), ["2003"]);
    assert.ok(!report.rows.some(({ aid }) => aid === "2003"));
    at.sandbox.faults.add({ fault: "error", status: 500, match: { path: "/account-groups/2003" } });
    await assert.rejects(at.admin.accessReport(), { code: "service-error" });
  });
});

/** The roles that somebody has in each account group. */
function effective(grants, aids) {
  return [...new Set(grants.flatMap((grant) => {
    const [aid, roleId] = grant.split("/");
    return (aid === "all" ? aids : [aid]).map((aid) => `${aid}/${roleId}`);
  }))].sort();
}
