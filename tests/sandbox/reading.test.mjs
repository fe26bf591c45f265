import assert from "node:assert/strict";
import { test } from "node:test";
import { ACCOUNT_ADMIN, ORIGIN, READER, REGULAR, open } from "./support.mjs";

test("lists the account groups that are available to the caller", async () => {
  const { call } = open();
  const { body } = await call("GET", "/v7/account-groups");
  assert.equal(body.accountGroups.length, 6);
  assert.deepEqual(body.accountGroups[0], {
    aid: "2001",
    accountGroupName: "Headquarters",
    isCurrentAccountGroup: true,
    isDefaultAccountGroup: true,
    orgId: "7001",
    organizationName: "Example Networks",
  });
  assert.equal(body._links.self.href, `${ORIGIN}/v7/account-groups`);
  const own = await call("GET", "/v7/account-groups", { token: ACCOUNT_ADMIN });
  assert.deepEqual(own.body.accountGroups.map(({ aid }) => aid), ["2002", "2003"]);
});

test("gives an account group, with its users and agents when asked to expand them", async () => {
  const { call } = open();
  const plain = (await call("GET", "/v7/account-groups/2005")).body;
  assert.deepEqual(["users" in plain, "agents" in plain, typeof plain.accountToken], [false, false, "string"]);
  const { users, agents } = (await call("GET", "/v7/account-groups/2005?expand=user,agent")).body;
  assert.deepEqual(agents.map(({ agentName }) => agentName), ["hq-core-1", "lab-bench"]);
  assert.ok(users.some(({ uid }) => uid === "5001"), "has a role in all account groups");
  const { roles, ...user } = users.find(({ uid }) => uid === "5020");
  assert.deepEqual(Object.keys(user).toSorted(), ["dateRegistered", "email", "lastLogin", "name", "uid"]);
  assert.deepEqual(roles.map(({ name }) => name), ["Network Operations", "Service Desk"]);
  assert.equal((await call("GET", "/v7/account-groups/2001", { token: ACCOUNT_ADMIN })).status, 404);
});

test("lists the roles and gives one with its permissions", async () => {
  const { call } = open();
  const { roles } = (await call("GET", "/v7/roles")).body;
  const builtIn = roles.filter(({ isBuiltin }) => isBuiltin).map(({ name }) => name);
  assert.deepEqual(builtIn, ["Organization Admin", "Account Admin", "Regular User"]);
  assert.ok(roles.length > builtIn.length);
  for (const role of roles) {
    assert.deepEqual(Object.keys(role), ["name", "roleId", "isBuiltin", "hasManagementPermissions"]);
    const { permissions, ...detail } = (await call("GET", `/v7/roles/${role.roleId}`)).body;
    assert.deepEqual(Object.keys(detail), ["name", "roleId", "isBuiltin", "_links"]);
    const manages = permissions.some(({ isManagementPermission }) => isManagementPermission);
    assert.equal(manages, role.hasManagementPermissions);
  }
});

test("lists the permissions to those whose role has management permissions", async () => {
  const { call } = open();
  const { permissions } = (await call("GET", "/v7/permissions")).body;
  assert.deepEqual(Object.keys(permissions[0]), ["permissionId", "label", "isManagementPermission", "permission"]);
  assert.equal(new Set(permissions.map(({ permissionId }) => permissionId)).size, permissions.length);
  for (const token of [READER, REGULAR]) assert.equal((await call("GET", "/v7/permissions", { token })).status, 403);
});
