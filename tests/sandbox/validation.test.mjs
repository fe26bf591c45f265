import assert from "node:assert/strict";
import { test } from "node:test";
import { fields, newUser, open } from "./support.mjs";

const group = (accountGroupId, roleIds) => ({ accountGroupId, roleIds });

const each = (field, count) => Array.from({ length: count }, (_, index) => `${field}[${index}]`);

const wrong = [
  [{}, ["name", "email"]],
  [{ name: "", email: "" }, ["name", "email"]],
  [{ name: "   ", email: "no-at-sign" }, ["name", "email"]],
  [newUser({ name: 7 }), ["name"]],
  [newUser({ name: ["x"] }), ["name"]],
  [newUser({ name: "x".repeat(256) }), ["name"]],
  [newUser({ name: "a\u0000b" }), ["name"]],
  [newUser({ name: "half a pair \ud83d" }), ["name"]],
  [newUser({ email: "two@@example.com" }), ["email"]],
  [newUser({ email: "no-dot@example" }), ["email"]],
  [newUser({ email: "white space@example.com" }), ["email"]],
  [newUser({ email: "newline@example.com\n" }), ["email"]],
  [newUser({ email: `${"x".repeat(250)}@example.com` }), ["email"]],
  [newUser({ email: { address: "a@example.com" } }), ["email"]],
  [newUser({ email: "ROBIN.Castellane@example.com" }), ["email"]],
  [newUser({ loginAccountGroupId: "999" }), ["loginAccountGroupId"]],
  [newUser({ loginAccountGroupId: true }), ["loginAccountGroupId"]],
  [newUser({ accountGroupRoles: "2001" }), ["accountGroupRoles"]],
  [newUser({ accountGroupRoles: [null, "x", []] }), each("accountGroupRoles", 3)],
  [newUser({ accountGroupRoles: [{}] }), ["accountGroupRoles[0].accountGroupId", "accountGroupRoles[0].roleIds"]],
  [newUser({ accountGroupRoles: [group("999", ["33"])] }), ["accountGroupRoles[0].accountGroupId"]],
  [newUser({ accountGroupRoles: [group("2001", ["33", "999"])] }), ["accountGroupRoles[0].roleIds[1]"]],
  [newUser({ accountGroupRoles: [group("2001", "33")] }), ["accountGroupRoles[0].roleIds"]],
  [newUser({ allAccountGroupRoleIds: ["nope", {}, null] }), each("allAccountGroupRoleIds", 3)],
  [newUser({ allAccountGroupRoleIds: {} }), ["allAccountGroupRoleIds"]],
  [newUser({ email: "x", loginAccountGroupId: "x", allAccountGroupRoleIds: ["x"] }),
    ["email", "loginAccountGroupId", "allAccountGroupRoleIds[0]"]],
];

test("a create with wrong fields gets a 400 that names each of them, and changes nothing", async () => {
  const { sandbox, call } = open();
  const before = sandbox.state;
  for (const [body, expected] of wrong) {
    const answer = await call("POST", "/v7/users", { body });
    assert.equal(answer.status, 400, JSON.stringify(body));
    assert.equal(answer.headers.get("content-type"), "application/problem+json");
    assert.deepEqual(fields(answer), expected.toSorted(), JSON.stringify(body));
    assert.deepEqual(Object.keys(answer.body), ["type", "title", "status", "detail", "instance", "errors"]);
    for (const error of answer.body.errors) assert.deepEqual(Object.keys(error), ["code", "field", "message"]);
  }
  assert.deepEqual(sandbox.state, before);
});

test("an update is checked in the same way, but needs no field", async () => {
  const { sandbox, call } = open();
  const { users } = sandbox.state;
  for (const [body, expected] of wrong.slice(1)) {
    assert.deepEqual(fields(await call("PUT", "/v7/users/5030", { body })), expected.toSorted(), JSON.stringify(body));
  }
  assert.equal((await call("PUT", "/v7/users/5030", { body: {} })).status, 200);
  assert.deepEqual(sandbox.state.users, users);
});

test("a user may keep the own e-mail address", async () => {
  const { call } = open();
  const { email } = (await call("GET", "/v7/users/5030")).body;
  assert.equal((await call("PUT", "/v7/users/5030", { body: { email } })).status, 200);
});

test("unusual but right values are taken", async () => {
  const { call } = open();
  for (const [index, name] of ["名", "👩🏽‍🚀 Ada", "\u202eabc", "x".repeat(255), "<b>&quot;"].entries()) {
    const body = newUser({ name, email: `p+${index}@bücher.example` });
    const created = await call("POST", "/v7/users", { body });
    assert.equal(created.status, 201);
    assert.equal(created.body.name, name);
  }
});

test("a property called __proto__ is a property like any other", async () => {
  const { call } = open();
  const body = `{"__proto__":{"name":"x","email":"x@example.com"},"constructor":1}`;
  assert.deepEqual(fields(await call("POST", "/v7/users", { body })), ["email", "name"]);
  assert.equal({}.email, undefined);
});

test("nobody loses the last organization admin or deletes themselves", async () => {
  const { call } = open();
  assert.equal((await call("DELETE", "/v7/users/5001")).status, 400);
  assert.equal((await call("DELETE", "/v7/users/5025")).status, 204);
  const stepDown = { accountGroupRoles: [{ accountGroupId: "2001", roleIds: ["33"] }], allAccountGroupRoleIds: [] };
  assert.equal((await call("PUT", "/v7/users/5001", { body: stepDown })).status, 400);
  assert.equal((await call("PUT", "/v7/users/5001", { body: { name: "Still an admin" } })).status, 200);
});

test("the last organization admin stays even where users may delete themselves", async () => {
  const { call } = open({ deleteSelf: "allow" });
  await call("DELETE", "/v7/users/5025");
  assert.equal((await call("DELETE", "/v7/users/5001")).status, 400);
});
