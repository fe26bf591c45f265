import assert from "node:assert/strict";
import { test } from "node:test";
import { ADMIN, ORIGIN, newUser, open } from "./support.mjs";

const keys = (object) => Object.keys(object).toSorted();
const USER = ["dateRegistered", "email", "loginAccountGroup", "name", "uid"];
const ROLES = ["_links", "accountGroupRoles", "allAccountGroupRoles"];

test("lists all users of the organization as extended users", async () => {
  const { call } = open();
  const { status, headers, body } = await call("GET", "/v7/users");
  assert.equal(status, 200);
  assert.equal(headers.get("content-type"), "application/hal+json");
  assert.deepEqual(keys(body), ["_links", "users"]);
  assert.equal(body.users.length, 40);
  assert.deepEqual(keys(body.users[0]), [...USER, "lastLogin"].toSorted());
  assert.deepEqual(keys(body.users[0].loginAccountGroup), ["accountGroupName", "aid"]);
  assert.deepEqual(body._links, { self: { href: `${ORIGIN}/v7/users` } });
});

test("lists the same users in the context of each account group", async () => {
  const { call } = open();
  const { body } = await call("GET", "/v7/users?aid=2006&window=1h");
  assert.equal(body.users.length, 40);
  assert.equal(body._links.self.href, `${ORIGIN}/v7/users?aid=2006`);
});

test("gives a user in detail, with text as ids and UTC dates", async () => {
  const { call } = open();
  const { status, body } = await call("GET", "/v7/users/5023");
  assert.equal(status, 200);
  assert.deepEqual(keys(body), [...USER, ...ROLES, "lastLogin"].toSorted());
  assert.equal(body.accountGroupRoles.length, 6);
  assert.deepEqual(keys(body.accountGroupRoles[0]), ["accountGroup", "roles"]);
  assert.deepEqual(body.accountGroupRoles[0].roles[0], {
    name: "Account Admin",
    roleId: "32",
    isBuiltin: true,
    hasManagementPermissions: true,
  });
  for (const date of [body.dateRegistered, body.lastLogin]) assert.match(date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.equal(body._links.self.href, `${ORIGIN}/v7/users/5023`);
});

test("gives the owner of the token as the current user, whatever aid says", async () => {
  const { call } = open();
  const { body } = await call("GET", "/v7/users/current?aid=nonsense");
  assert.equal(body.uid, "5001");
  assert.equal(body._links.self.href, `${ORIGIN}/v7/users/5001`);
});

test("creates a user: 201, an absolute Location, and no lastLogin", async () => {
  const { sandbox, call } = open();
  const { status, headers, body } = await call("POST", "/v7/users", { body: newUser() });
  assert.equal(status, 201);
  assert.equal(headers.get("location"), `${ORIGIN}/v7/users/${body.uid}`);
  const registered = USER.filter((key) => key !== "dateRegistered");
  assert.deepEqual(keys(body), [...registered, ...ROLES].toSorted());
  assert.equal(body.loginAccountGroup.aid, "2001");
  const read = await sandbox.fetch(headers.get("location"), { headers: { authorization: `Bearer ${ADMIN}` } });
  assert.equal((await read.json()).email, "newly.added@example.com");
});

test("a new user gets the login account group asked for, or else that of the context", async () => {
  const { call } = open();
  const asked = await call("POST", "/v7/users", { body: newUser({ loginAccountGroupId: "2004" }) });
  assert.equal(asked.body.loginAccountGroup.aid, "2004");
  const inContext = await call("POST", "/v7/users?aid=2003", { body: newUser({ email: "b@example.com" }) });
  assert.equal(inContext.body.loginAccountGroup.aid, "2003");
  assert.equal(inContext.headers.get("location"), `${ORIGIN}/v7/users/${inContext.body.uid}?aid=2003`);
});

test("an update replaces the roles that it sends and leaves what it omits", async () => {
  const { call } = open();
  const before = (await call("GET", "/v7/users/5024")).body;
  const renamed = await call("PUT", "/v7/users/5024", { body: { name: "Odile Renamed" } });
  assert.equal(renamed.status, 200);
  assert.deepEqual(renamed.body, { ...before, name: "Odile Renamed" });

  const accountGroupRoles = [{ accountGroupId: "2003", roleIds: ["33", "402", "33"] }];
  const { body } = await call("PUT", "/v7/users/5024", { body: { accountGroupRoles } });
  assert.deepEqual(
    body.accountGroupRoles.map(({ accountGroup, roles }) => [accountGroup.aid, roles.map(({ roleId }) => roleId)]),
    [["2003", ["33", "402"]]],
  );
  assert.deepEqual(body.allAccountGroupRoles, before.allAccountGroupRoles);
  assert.deepEqual((await call("GET", "/v7/users/5024")).body, body);
});

test("an empty list takes all roles away", async () => {
  const { call } = open();
  const empty = { accountGroupRoles: [], allAccountGroupRoleIds: [] };
  const { body } = await call("PUT", "/v7/users/5024", { body: empty });
  assert.deepEqual([body.accountGroupRoles, body.allAccountGroupRoles], [[], []]);
});

test("a deleted user is gone, and the id is not given again", async () => {
  const { call } = open();
  const { uid } = (await call("POST", "/v7/users", { body: newUser() })).body;
  const deleted = await call("DELETE", `/v7/users/${uid}`);
  assert.deepEqual([deleted.status, deleted.text, deleted.headers.get("content-type")], [204, "", null]);
  for (const method of ["GET", "DELETE"]) assert.equal((await call(method, `/v7/users/${uid}`)).status, 404);
  assert.equal((await call("PUT", `/v7/users/${uid}`, { body: {} })).status, 404);
  const again = await call("POST", "/v7/users", { body: newUser() });
  assert.equal(again.status, 201);
  assert.notEqual(again.body.uid, uid);
});

test("reset and state: back to the start, and a copy that changes nothing", async () => {
  const { sandbox, call } = open();
  const before = sandbox.state;
  before.users[0].name = "changed in the copy";
  assert.equal(sandbox.state.users[0].name, "Robin Castellane");
  await call("DELETE", "/v7/users/5030");
  assert.equal(sandbox.state.users.length, 39);
  sandbox.reset();
  assert.equal(sandbox.state.users.length, 40);
  assert.deepEqual(sandbox.requests, []);
});
