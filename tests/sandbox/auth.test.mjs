import assert from "node:assert/strict";
import { test } from "node:test";
import { ACCOUNT_ADMIN, ADMIN, READER, REGULAR, newUser, open } from "./support.mjs";

test("without a token: 401 with errorMessage", async () => {
  const { call } = open();
  for (const authorization of ["", "Basic c2FuZGJveA==", "Bearer", "Bearer  "]) {
    const { status, body } = await call("GET", "/v7/users", { token: "", headers: { authorization } });
    assert.equal(status, 401);
    assert.deepEqual(Object.keys(body), ["errorMessage"]);
  }
});

test("with a wrong token: 401 with error and error_description", async () => {
  const { call } = open();
  const { status, headers, body } = await call("GET", "/v7/users", { token: "not-a-token" });
  assert.equal(status, 401);
  assert.equal(headers.get("content-type"), "application/problem+json");
  assert.deepEqual(Object.keys(body), ["error", "error_description"]);
});

test("the scheme's name may be written in small letters", async () => {
  const { call } = open();
  const headers = { authorization: `bearer ${ADMIN}` };
  assert.equal((await call("GET", "/v7/users", { token: "", headers })).status, 200);
});

test("the tokens are options, and each has an owner", async () => {
  const { call } = open({ token: "my-own-token" });
  assert.equal((await call("GET", "/v7/users", { token: ADMIN })).status, 401);
  for (const [token, uid] of [["my-own-token", "5001"], [ACCOUNT_ADMIN, "5002"], [READER, "5003"], [REGULAR, "5004"]]) {
    assert.equal((await call("GET", "/v7/users/current", { token })).body.uid, uid);
  }
});

test("roles decide: the auditor reads and does not write, the regular user does neither", async () => {
  const { sandbox, call } = open();
  const before = sandbox.state;
  const attempts = [
    ["POST", "/v7/users", newUser()],
    ["PUT", "/v7/users/5030", { name: "No" }],
    ["DELETE", "/v7/users/5030"],
  ];
  assert.equal((await call("GET", "/v7/users", { token: READER })).status, 200);
  assert.equal((await call("GET", "/v7/users/5030", { token: READER })).status, 200);
  assert.equal((await call("GET", "/v7/users", { token: REGULAR })).status, 403);
  assert.equal((await call("GET", "/v7/users/5004", { token: REGULAR })).status, 403);
  for (const token of [READER, REGULAR]) {
    for (const [method, path, body] of attempts) {
      const answer = await call(method, path, { body, token });
      assert.equal(answer.status, 403, `${token} ${method}`);
      assert.match(answer.body.detail, /Edit users/);
    }
  }
  assert.deepEqual(sandbox.state, before);
});

test("an aid that the owner is not assigned to is refused, like one that does not exist", async () => {
  const { call } = open();
  for (const aid of ["2001", "999", "", "%00"]) {
    assert.equal((await call("GET", `/v7/users?aid=${aid}`, { token: ACCOUNT_ADMIN })).status, 403, aid);
  }
  assert.equal((await call("GET", "/v7/users?aid=2003", { token: ACCOUNT_ADMIN })).status, 200);
});

test("permissions are those of the account group in the context", async () => {
  const { call } = open();
  const both = [{ accountGroupId: "2004", roleIds: ["33"] }, { accountGroupId: "2005", roleIds: ["402"] }];
  assert.equal((await call("PUT", "/v7/users/5004", { body: { accountGroupRoles: both } })).status, 200);
  assert.equal((await call("GET", "/v7/users?aid=2004", { token: REGULAR })).status, 403);
  assert.equal((await call("GET", "/v7/users?aid=2005", { token: REGULAR })).status, 200);
});

test("a role without API access gives no access at all", async () => {
  const { call } = open();
  const guest = { accountGroupRoles: [{ accountGroupId: "2004", roleIds: ["405"] }] };
  await call("PUT", "/v7/users/5004", { body: guest });
  const { status, body } = await call("GET", "/v7/users/current", { token: REGULAR });
  assert.equal(status, 403);
  assert.match(body.detail, /API Access/);
});

test("an account admin reaches the own account groups only", async () => {
  const { call } = open();
  const attempt = (method, path, body) => call(method, path, { body, token: ACCOUNT_ADMIN });
  assert.equal((await attempt("POST", "/v7/users", newUser())).status, 201);
  const accountGroupRoles = [{ accountGroupId: "2001", roleIds: ["33"] }];
  const elsewhere = newUser({ email: "c@example.com", accountGroupRoles });
  assert.equal((await attempt("POST", "/v7/users", elsewhere)).status, 403);
  const everywhere = newUser({ email: "d@example.com", allAccountGroupRoleIds: ["33"] });
  assert.equal((await attempt("POST", "/v7/users", everywhere)).status, 403);
  assert.equal((await attempt("PUT", "/v7/users/5011", { name: "Of my own" })).status, 200);
  assert.equal((await attempt("PUT", "/v7/users/5031", { name: "Of the headquarters" })).status, 403);
  assert.equal((await attempt("DELETE", "/v7/users/5035")).status, 403, "has roles in another account group as well");
  assert.equal((await attempt("DELETE", "/v7/users/5011")).status, 204);
});

test("without the right to assign management permissions, those that a user has may stay", async () => {
  const { call } = open();
  const roles = (...roleIds) => ({ accountGroupRoles: [{ accountGroupId: "2001", roleIds }] });
  await call("PUT", "/v7/users/5003", { body: roles("404") });
  await call("PUT", "/v7/users/5031", { body: roles("32") });
  const attempt = (uid) => call("PUT", `/v7/users/${uid}`, { body: roles("32", "33"), token: READER });
  assert.equal((await attempt("5031")).status, 200);
  const refused = await attempt("5039");
  assert.equal(refused.status, 403);
  assert.match(refused.body.detail, /Assign management permissions/);
});

test("after a new e-mail address the token does not work until that is confirmed", async () => {
  const { sandbox, call } = open();
  const changed = await call("PUT", "/v7/users/5003", { body: { email: "new.address@example.com" } });
  assert.equal(changed.body.email, "new.address@example.com");
  assert.equal((await call("GET", "/v7/users", { token: READER })).status, 401);
  sandbox.confirmEmail("5003");
  assert.equal((await call("GET", "/v7/users", { token: READER })).status, 200);
});

test("the token of a deleted user is no longer valid", async () => {
  const { call } = open();
  await call("DELETE", "/v7/users/5003");
  assert.equal((await call("GET", "/v7/users/current", { token: READER })).status, 401);
});
