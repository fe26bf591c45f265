import assert from "node:assert/strict";
import { test } from "node:test";
import { ACCOUNT_ADMIN, ORIGIN, READER, REGULAR, fields, newUser, open } from "./support.mjs";

const agentIds = ({ body }) => body.agents.map(({ agentId }) => agentId);

test("creates an account group: 201, Location, its users when asked, and no agents", async () => {
  const { call } = open();
  const body = { accountGroupName: "New Office", agents: ["9001", "9003"] };
  const created = await call("POST", "/v7/account-groups?expand=user,agent", { body });
  const { aid, users, ...rest } = created.body;
  assert.equal(created.headers.get("location"), `${ORIGIN}/v7/account-groups/${aid}`);
  assert.deepEqual(rest, {
    accountGroupName: "New Office",
    isCurrentAccountGroup: false,
    isDefaultAccountGroup: false,
    orgId: "7001",
    organizationName: "Example Networks",
    _links: { self: { href: `${ORIGIN}/v7/account-groups/${aid}` } },
  });
  assert.deepEqual(agentIds(await call("GET", `/v7/account-groups/${aid}?expand=agent`)), ["9001", "9003"]);
  const plain = await call("POST", "/v7/account-groups", { body: { accountGroupName: "Plain" } });
  assert.equal("users" in plain.body, false);
});

test("a new account group gives access to everyone with roles in all account groups, and to nobody else", async () => {
  const { sandbox, call } = open();
  const body = { accountGroupName: "New Office" };
  const { aid, users } = (await call("POST", "/v7/account-groups?expand=user", { body })).body;
  const everywhere = sandbox.state.users.filter(({ allAccountGroupRoleIds }) => allAccountGroupRoleIds.length > 0);
  assert.deepEqual(users.map(({ uid }) => uid), everywhere.map(({ uid }) => uid));
  assert.equal((await call("GET", `/v7/users?aid=${aid}`)).status, 200);
  assert.equal((await call("GET", `/v7/users?aid=${aid}`, { token: ACCOUNT_ADMIN })).status, 403);
  assert.equal((await call("GET", "/v7/account-groups")).body.accountGroups.at(-1).aid, aid);
  const roles = [{ accountGroupId: aid, roleIds: ["33"] }];
  assert.equal((await call("POST", "/v7/users", { body: newUser({ accountGroupRoles: roles }) })).status, 201);
});

test("a change replaces the list of agents, and other account groups keep theirs", async () => {
  const { sandbox, call } = open();
  const changed = await call("PUT", "/v7/account-groups/2001?expand=agent", {
    body: { accountGroupName: "Main Office", agents: ["9002", "9004", 9004] },
  });
  assert.deepEqual([changed.body.accountGroupName, agentIds(changed)], ["Main Office", ["9002", "9004"]]);
  assert.deepEqual((await call("GET", "/v7/account-groups/2001?expand=agent")).body, changed.body);
  assert.deepEqual(sandbox.state.accountGroups[4].agentIds, ["9001", "9005"]);
  const empty = { accountGroupName: "x", agents: [] };
  const none = await call("PUT", "/v7/account-groups/2001?expand=agent", { body: empty });
  assert.deepEqual(none.body.agents, []);
  const users = (await call("GET", "/v7/users/5003")).body.accountGroupRoles;
  assert.equal(users[0].accountGroup.accountGroupName, "x");
});

test("without a name, or with agents that do not exist, nothing is changed", async () => {
  const { sandbox, call } = open();
  const before = sandbox.state;
  const wrong = [
    [{}, ["accountGroupName"]],
    [{ accountGroupName: " " }, ["accountGroupName"]],
    [{ accountGroupName: "x".repeat(256) }, ["accountGroupName"]],
    [{ accountGroupName: "half \ud83d" }, ["accountGroupName"]],
    [{ accountGroupName: "x", agents: "9001" }, ["agents"]],
    [{ accountGroupName: "x", agents: ["9001", "1", null] }, ["agents[1]", "agents[2]"]],
  ];
  for (const [body, expected] of wrong) {
    for (const [method, path] of [["POST", "/v7/account-groups"], ["PUT", "/v7/account-groups/2002"]]) {
      const answer = await call(method, path, { body });
      assert.deepEqual([answer.status, fields(answer)], [400, expected], JSON.stringify(body));
    }
  }
  assert.equal((await call("GET", "/v7/account-groups/2001?expand=user,tests")).status, 400);
  assert.deepEqual(sandbox.state, before);
});

test("a change may keep its own name, and is of an account group that the caller is assigned to", async () => {
  const { call } = open();
  const body = { accountGroupName: "Headquarters" };
  assert.equal((await call("PUT", "/v7/account-groups/2001", { body })).status, 200);
  assert.equal((await call("PUT", "/v7/account-groups/0", { body })).status, 404);
  assert.equal((await call("DELETE", "/v7/account-groups/0")).status, 404);
});

test("a deleted account group takes the roles in it along, and its id is not given again", async () => {
  const { sandbox, call } = open();
  const before = sandbox.state.users;
  const { aid } = (await call("POST", "/v7/account-groups", { body: { accountGroupName: "Short" } })).body;
  assert.equal((await call("DELETE", `/v7/account-groups/${aid}`)).status, 204);
  const again = await call("POST", "/v7/account-groups", { body: { accountGroupName: "Short" } });
  assert.notEqual(again.body.aid, aid);

  assert.equal((await call("DELETE", "/v7/account-groups/2006")).status, 204);
  for (const method of ["GET", "DELETE"]) assert.equal((await call(method, "/v7/account-groups/2006")).status, 404);
  const { users } = sandbox.state;
  const had = (user) => user.loginAid === "2006" || user.accountGroupRoles.some(({ aid: of }) => of === "2006");
  assert.ok(before.filter(had).length > 3 && users.filter(had).length === 0);
  const untouched = before.filter((user) => !had(user)).map(({ uid }) => uid);
  assert.deepEqual(users.filter(({ uid }) => untouched.includes(uid)), before.filter((user) => !had(user)));
  const [guest] = before.filter(({ loginAid }) => loginAid === "2006");
  assert.equal("loginAccountGroup" in (await call("GET", `/v7/users/${guest.uid}`)).body, false);
  assert.equal((await call("GET", "/v7/users/5009")).body.loginAccountGroup.aid, "2002");
});

test("the account group with the last organization admin stays", async () => {
  const { call } = open({ deleteSelf: "allow" });
  const roles = [{ accountGroupId: "2003", roleIds: ["31"] }];
  await call("DELETE", "/v7/users/5025");
  const body = { accountGroupRoles: roles, allAccountGroupRoleIds: ["32"], loginAccountGroupId: "2001" };
  await call("PUT", "/v7/users/5001", { body });
  const refused = await call("DELETE", "/v7/account-groups/2003");
  assert.equal(refused.status, 403, "an account admin may not");
  const everything = ["1", "5", "7", "8"];
  await call("POST", "/v7/roles?aid=2003", { body: { name: "Closer", permissions: everything } });
  await call("PUT", "/v7/users/5001?aid=2003", { body: { allAccountGroupRoleIds: ["406"] } });
  const last = await call("DELETE", "/v7/account-groups/2003");
  assert.equal(last.status, 400);
  assert.match(last.body.detail, /organization admin/);
});

test("permissions decide, and the answer names the one that is missing", async () => {
  const { sandbox, call } = open();
  const before = sandbox.state;
  const body = { accountGroupName: "No" };
  const attempts = [
    ["POST", "/v7/account-groups", ACCOUNT_ADMIN, "Edit all account groups"],
    ["PUT", "/v7/account-groups/2002", ACCOUNT_ADMIN, "Edit all account groups"],
    ["PUT", "/v7/account-groups/2001", READER, "Edit all account groups"],
    ["DELETE", "/v7/account-groups/2002", ACCOUNT_ADMIN, "Delete account"],
    ["DELETE", "/v7/account-groups/2001", READER, "Assign management permissions"],
    ["DELETE", "/v7/account-groups/2004", REGULAR, "Assign management permissions"],
  ];
  for (const [method, path, token, permission] of attempts) {
    const { status, body: problem } = await call(method, path, { token, ...(method !== "DELETE" && { body }) });
    assert.equal(status, 403, `${method} ${path}`);
    assert.ok(problem.detail.includes(`"${permission}"`), problem.detail);
  }
  assert.deepEqual(sandbox.state, before);
});
