import assert from "node:assert/strict";
import { test } from "node:test";
import { ACCOUNT_ADMIN, ORIGIN, READER, REGULAR, fields, newUser, open } from "./support.mjs";

const permissionIds = ({ body }) => body.permissions.map(({ permissionId }) => permissionId);

test("creates a role of one's own, which users can then have", async () => {
  const { call } = open();
  const created = await call("POST", "/v7/roles?aid=2002", { body: { name: "Reader", permissions: ["1", "2"] } });
  const { roleId } = created.body;
  assert.deepEqual([created.status, created.body.isBuiltin], [201, false]);
  assert.equal(created.headers.get("location"), `${ORIGIN}/v7/roles/${roleId}?aid=2002`);
  assert.deepEqual((await call("GET", `/v7/roles/${roleId}?aid=2002`)).body, created.body);
  const [listed] = (await call("GET", "/v7/roles")).body.roles.slice(-1);
  assert.deepEqual(listed, { name: "Reader", roleId, isBuiltin: false, hasManagementPermissions: false });
  const accountGroupRoles = [{ accountGroupId: "2004", roleIds: [roleId] }];
  await call("PUT", "/v7/users/5004", { body: { accountGroupRoles } });
  assert.equal((await call("GET", "/v7/users", { token: REGULAR })).status, 200);
});

test("a change replaces the list of permissions, and counts at once", async () => {
  const { call } = open();
  const changed = await call("PUT", "/v7/roles/402", { body: { permissions: ["1", "9", 1] } });
  assert.deepEqual([changed.status, changed.body.name, permissionIds(changed)], [200, "Auditor", ["1", "9"]]);
  assert.equal((await call("GET", "/v7/users", { token: READER })).status, 403);
  const renamed = await call("PUT", "/v7/roles/402", { body: { name: "Former Auditor" } });
  assert.deepEqual([renamed.body.name, permissionIds(renamed)], ["Former Auditor", ["1", "9"]]);
  const managing = await call("PUT", "/v7/roles/402", { body: { permissions: ["1", "3"] } });
  assert.equal(managing.status, 200);
  const { roles } = (await call("GET", "/v7/roles")).body;
  assert.equal(roles.find(({ roleId }) => roleId === "402").hasManagementPermissions, true);
  assert.deepEqual(permissionIds(await call("PUT", "/v7/roles/402", { body: { permissions: [] } })), []);
});

test("a wrong role is refused with the fields, and nothing is changed", async () => {
  const { sandbox, call } = open();
  const before = sandbox.state;
  const wrong = [
    [{ name: "" }, ["name"]],
    [{ name: "x".repeat(256), permissions: {} }, ["name", "permissions"]],
    [{ name: "x", permissions: ["1", "99", {}] }, ["permissions[1]", "permissions[2]"]],
    [{ name: "Auditor", permissions: ["1"] }, ["name"]],
  ];
  for (const [body, expected] of wrong) {
    for (const [method, path] of [["POST", "/v7/roles"], ["PUT", "/v7/roles/405"]]) {
      const answer = await call(method, path, { body });
      assert.deepEqual([answer.status, fields(answer)], [400, expected], JSON.stringify(body));
    }
  }
  assert.deepEqual(fields(await call("POST", "/v7/roles", { body: { permissions: ["1"] } })), ["name"]);
  assert.equal((await call("PUT", "/v7/roles/0", { body: { name: "x" } })).status, 404);
  assert.deepEqual(sandbox.state, before);
});

test("built-in roles can neither be changed nor deleted", async () => {
  const { sandbox, call } = open();
  const before = sandbox.state;
  for (const id of ["31", "32", "33"]) {
    const changed = await call("PUT", `/v7/roles/${id}`, { body: { name: "Mine", permissions: ["1"] } });
    assert.deepEqual([changed.status, (await call("DELETE", `/v7/roles/${id}`)).status], [403, 403]);
    assert.match(changed.body.detail, /Built-in/);
  }
  assert.deepEqual(sandbox.state, before);
});

test("a role in use stays, and goes once nobody has it; its id is not given again", async () => {
  const { call } = open();
  const { roleId } = (await call("POST", "/v7/roles", { body: { name: "Short" } })).body;
  const user = newUser({ accountGroupRoles: [{ accountGroupId: "2001", roleIds: [roleId] }] });
  const { uid } = (await call("POST", "/v7/users", { body: user })).body;
  const refused = await call("DELETE", `/v7/roles/${roleId}`);
  assert.equal(refused.status, 400);
  assert.match(refused.body.detail, /Users have this role/);
  await call("DELETE", `/v7/users/${uid}`);
  assert.equal((await call("DELETE", `/v7/roles/${roleId}`)).status, 204);
  assert.equal((await call("GET", `/v7/roles/${roleId}`)).status, 404);
  assert.notEqual((await call("POST", "/v7/roles", { body: { name: "Short" } })).body.roleId, roleId);
});

test("where a role in use may go, users lose it, and account groups in which they had no other", async () => {
  const { sandbox, call } = open({ roleInUse: "take-away" });
  assert.equal((await call("DELETE", "/v7/roles/402")).status, 204);
  assert.ok(!JSON.stringify(sandbox.state.users).includes('"402"'));
  assert.deepEqual((await call("GET", "/v7/users/5008")).body.accountGroupRoles, []);
  const { accountGroupRoles } = (await call("GET", "/v7/users/5023")).body;
  assert.deepEqual(accountGroupRoles[1].roles.map(({ roleId }) => roleId), ["33"]);
});

test("permissions decide, and management permissions need one of their own", async () => {
  const { sandbox, call } = open();
  const before = sandbox.state;
  const body = { name: "No", permissions: ["1"] };
  for (const [method, path] of [["POST", "/v7/roles"], ["PUT", "/v7/roles/405"], ["DELETE", "/v7/roles/405"]]) {
    for (const token of [READER, REGULAR]) {
      const refused = await call(method, path, { token, ...(method !== "DELETE" && { body }) });
      assert.equal(refused.status, 403);
      assert.match(refused.body.detail, /Edit roles/);
    }
  }
  assert.deepEqual(sandbox.state, before);
  assert.equal((await call("POST", "/v7/roles", { token: ACCOUNT_ADMIN, body })).status, 201);

  // Whoever may edit roles, but not give management permissions.
  const editor = await call("POST", "/v7/roles", { body: { name: "Editor of roles", permissions: ["1", "18"] } });
  const accountGroupRoles = [{ accountGroupId: "2001", roleIds: [editor.body.roleId] }];
  await call("PUT", "/v7/users/5003", { body: { accountGroupRoles } });
  const attempt = (path, permissions) => call("PUT", path, { token: READER, body: { permissions } });
  const refused = await attempt("/v7/roles/405", ["1", "3"]);
  assert.equal(refused.status, 403);
  assert.match(refused.body.detail, /Assign management permissions/);
  assert.equal((await attempt("/v7/roles/405", ["1", "13"])).status, 200);
  assert.equal((await attempt("/v7/roles/404", ["1", "3"])).status, 200, "the role has that one already");
});
