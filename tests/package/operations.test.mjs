// Every operation of the installed package against a fetch that records: what it sends, what it gives, what its errors say.
// What it shall send is written here by hand; what its model is, is read from what is declared.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "../../toolchain.mjs";
import { install } from "./support.mjs";

const project = await install();
const te = await project.import("thousandeyes-admin");
const { ApiClient, ClientClosedException, RolesApi, toAccountGroupRequest, toRoleRequest } = te;
const declared = JSON.parse(readFileSync(join(root, "www/sandbox/openapi/declared.json"), "utf8"));
const host = "https://portal.example/te-api/v7";

const viewUsers = "API Access and View all users";
const editUsers = "Edit users in all account groups, or Edit users";
const group = { accountGroupName: "Ops", agents: [11, "12"] };
const groupSent = { accountGroupName: "Ops", agents: ["11", "12"] };
const role = { name: "Auditor", permissions: [8, "9"] };
const roleSent = { name: "Auditor", permissions: ["8", "9"] };
const user = { email: "ada@example.com" };
const whole = { expand: ["user", "agent"] };
const times = { startDate: new Date(Date.UTC(2026, 0, 31, 12)), endDate: "2026-02-01T00:00:00Z" };

/** What is called, what is sent, and which permissions the API documents. */
const operations = [
  ["users.createUser", [user, { aid: 7 }], "POST /users?aid=7", user],
  ["users.deleteUser", ["a/b", { aid: 7 }], "DELETE /users/a%2Fb?aid=7", undefined, editUsers],
  ["users.getCurrentUser", [], "GET /users/current"],
  ["users.getUser", [5], "GET /users/5", undefined, viewUsers],
  ["users.getUsers", [{ aid: "7" }], "GET /users?aid=7", undefined, viewUsers],
  ["users.updateUser", ["5", user], "PUT /users/5", user, editUsers],
  ["accountGroups.createAccountGroup", [group, whole], "POST /account-groups?expand=user%2Cagent", groupSent,
    "Edit all account groups"],
  ["accountGroups.deleteAccountGroup", ["a/b"], "DELETE /account-groups/a%2Fb", undefined,
    "Assign management permissions, Delete account and Edit all account groups"],
  ["accountGroups.getAccountGroup", [7, { expand: ["agent"] }], "GET /account-groups/7?expand=agent", undefined,
    "View all account groups settings"],
  ["accountGroups.getAccountGroups", [], "GET /account-groups"],
  ["accountGroups.updateAccountGroup", ["7", group, whole], "PUT /account-groups/7?expand=user%2Cagent", groupSent],
  ["roles.createRole", [role, { aid: 7 }], "POST /roles?aid=7", roleSent],
  ["roles.deleteRole", ["a/b", { aid: "7" }], "DELETE /roles/a%2Fb?aid=7"],
  ["roles.getRole", [35], "GET /roles/35"],
  ["roles.getRoles", [{ aid: 7 }], "GET /roles?aid=7"],
  ["roles.updateRole", ["35", role, { aid: 7 }], "PUT /roles/35?aid=7", roleSent],
  ["permissions.getPermissions", [{ aid: 7 }], "GET /permissions?aid=7", undefined, "a role with management permissions"],
  ["userEvents.getUserEvents", [{ aid: 7, useAllPermittedAids: true, ...times, cursor: "a/b=" }],
    "GET /audit-user-events?aid=7&useAllPermittedAids=true&startDate=2026-01-31T12%3A00%3A00.000Z" +
      "&endDate=2026-02-01T00%3A00%3A00Z&cursor=a%2Fb%3D"],
].map(([method, args, line, body, needs]) => ({ name: method.split(".")[1], api: method.split(".")[0], args, line, body, needs }));

const declarationOf = ({ name }) => declared.operations.find(({ operationId }) => operationId === name);

/** A client whose fetch answers this, and what it was asked for. */
function recorder(status, body) {
  const sent = [];
  const fetch = async (url, { method, headers, body: json }) => {
    sent.push({ line: `${method} ${url.slice(host.length)}`, headers, body: json === undefined ? undefined : JSON.parse(json) });
    return new Response(status === 204 ? null : JSON.stringify(body), { status });
  };
  return { client: new ApiClient({ host, accessToken: "token", fetch }), sent };
}

const good = { id: "17", "date-time": "2026-01-31T12:00:00Z", "uri-reference": "https://api.thousandeyes.com/v7/it" };

/** A value that matches a schema and has everything that is declared; `wrong` makes its plain values deviate from that. */
function sample(schema, wrong) {
  if (schema.$ref) return sample(declared.schemas[schema.$ref.split("/").at(-1)], wrong);
  if (schema.type === "array") return [sample(schema.items, wrong)];
  if (schema.type === "boolean") return wrong ? "yes" : true;
  if (schema.type === "string") return wrong ? [] : (good[schema.format] ?? "text");
  return Object.fromEntries(Object.entries(schema.properties).map(([name, property]) => [name, sample(property, wrong)]));
}

/** The paths of all plain values. */
function paths(schema, path = "") {
  if (schema.$ref) return paths(declared.schemas[schema.$ref.split("/").at(-1)], path);
  if (schema.type === "array") return paths(schema.items, `${path}[0]`);
  if (!schema.properties) return [path];
  return Object.entries(schema.properties).flatMap(([name, property]) => paths(property, path ? `${path}.${name}` : name));
}

test("these are all operations that are declared", () => {
  const names = declared.operations.map(({ operationId, permissions }) => [operationId, permissions ?? undefined]);
  assert.deepEqual(operations.map(({ name, needs }) => [name, needs]), names);
});

for (const operation of operations) {
  const { api, name, args, line, body, needs } = operation;
  const { status, answer } = declarationOf(operation);
  const schema = answer ? { $ref: answer } : undefined;

  test(`${name} sends what it shall, and gives its model`, async () => {
    const answered = schema && sample(schema);
    const { client, sent } = recorder(status, answered);
    assert.deepEqual(await client[api][name](...args), answered);
    const response = await client[api][`${name}WithHttpInfo`](...args);
    assert.deepEqual([response.data, response.statusCode, response.drift], [answered, status, []]);

    assert.deepEqual(sent.map((request) => [request.line, request.body]), [[line, body], [line, body]]);
    const { Authorization, Accept, "Content-Type": type } = sent[0].headers;
    assert.equal(Authorization, "Bearer token");
    assert.match(Accept, /\bapplication\/json\b/);
    assert.equal(type, body && "application/json");
  });

  test(`${name} ${schema ? "checks everything that its model has" : "gives nothing, whatever comes"}`, async () => {
    const { client } = recorder(200, schema ? sample(schema, true) : { anything: 1 });
    const { data, drift } = await client[api][`${name}WithHttpInfo`](...args);
    assert.deepEqual(drift.map(({ path }) => path).sort(), schema ? paths(schema).sort() : []);
    if (!schema) assert.equal(data, undefined);
  });

  test(`${name} says what may be missing after a 403`, async () => {
    const { client } = recorder(403, {});
    const error = await client[api][name](...args).catch((reason) => reason);
    assert.equal(error.name, "ForbiddenException");
    const hint = needs ? `As documented, this needs ${needs}. ` : "The token's owner may lack a permission for this";
    assert.ok(error.hint.startsWith(hint), error.hint);
  });
}

test("a client has one object of each API class", () => {
  const { client } = recorder(200, {});
  for (const { api: Class } of declared.operations) {
    const property = Class[0].toLowerCase() + Class.slice(1, -"Api".length);
    assert.ok(client[property] instanceof te[Class], property);
    assert.equal(client[property], client[property]);
    assert.notEqual(client[property], recorder(200, {}).client[property]);
  }
});

test("closing a client closes its API objects, and closing one of these closes nothing", async () => {
  const { client } = recorder(200, { roles: [] });
  const apart = new RolesApi(client);
  client.roles.close();
  assert.deepEqual(await client.roles.getRoles(), { roles: [] });
  const { roles } = client;
  client.close();
  for (const closed of [roles, client.roles, apart]) await assert.rejects(closed.getRoles(), ClientClosedException);
  await assert.rejects(client.userEvents.getUserEvents(), ClientClosedException);
});

test("options that make no sense are refused with their path, before anything is sent", async () => {
  const { client, sent } = recorder(200, {});
  const { accountGroups, roles, userEvents, users } = client;
  const day = new Date(Date.UTC(2026, 0, 31));
  for (const [call, name, path] of [
    [() => userEvents.getUserEvents({ window: "1d", startDate: day }), "ApiValueError", "options.window"],
    [() => userEvents.getUserEvents({ window: "1d", endDate: "2026-01-31T00:00:00Z" }), "ApiValueError", "options.window"],
    [() => userEvents.getUserEvents({ window: "1 day" }), "ApiValueError", "options.window"],
    [() => userEvents.getUserEvents({ startDate: "2026-01-31" }), "ApiValueError", "options.startDate"],
    [() => userEvents.getUserEvents({ startDate: new Date("soon") }), "ApiValueError", "options.startDate"],
    [() => userEvents.getUserEvents({ endDate: day.getTime() }), "ApiTypeError", "options.endDate"],
    [() => accountGroups.getAccountGroup("7", { expand: "user" }), "ApiTypeError", "options.expand"],
    [() => accountGroups.getAccountGroup("7", { expand: ["user", "agents"] }), "ApiValueError", "options.expand[1]"],
    [() => accountGroups.getAccountGroups({ expand: ["user"] }), "ApiTypeError", "options.expand"],
    [() => accountGroups.getAccountGroup("7", { aid: "7" }), "ApiTypeError", "options.aid"],
    [() => accountGroups.createAccountGroup({ agents: [] }), "ApiTypeError", "accountGroupRequest.accountGroupName"],
    [() => accountGroups.createAccountGroup({ ...group, agents: [{}] }), "ApiTypeError", "accountGroupRequest.agents[0]"],
    [() => roles.createRole({ name: "Auditor", permission: [] }), "ApiTypeError", "roleRequestBody.permission"],
    [() => roles.getRole(day), "ApiTypeError", "id"],
    [() => users.getUser("current"), "ApiValueError", "id"],
    [() => users.getUsers({ signal: day }), "ApiTypeError", "options.signal"],
  ]) {
    await assert.rejects(call(), { name, path, outcome: "not-sent" }, `${call}`);
  }
  await assert.rejects(users.getUser("current"), { message: 'id must not be "current": call getCurrentUser for that.' });
  assert.deepEqual(sent, []);
});

test("what was read becomes a request that changes nothing", async () => {
  const links = { self: { href: "https://api.thousandeyes.com/v7/it" } };
  const accountGroup = { aid: "7", accountGroupName: "Ops", agents: [{ agentId: "11", agentName: "Bern" }], _links: links };
  assert.deepEqual(toAccountGroupRequest(accountGroup), { accountGroupName: "Ops", agents: ["11"] });
  assert.deepEqual(toAccountGroupRequest({ ...accountGroup, agents: [] }), { accountGroupName: "Ops", agents: [] });
  const read = { roleId: "35", name: "Auditor", isBuiltin: false, permissions: [{ permissionId: "8" }], _links: links };
  assert.deepEqual(toRoleRequest(read), { name: "Auditor", permissions: ["8"] });
  assert.deepEqual(toRoleRequest({ ...read, permissions: [] }), { name: "Auditor", permissions: [] });
});

test("what was read without its list becomes no request, which would take that away", () => {
  for (const [turn, path, hint] of [
    [() => toAccountGroupRequest({ aid: "7", accountGroupName: "Ops" }), "accountGroup.agents", /expand: \["agent"\]/],
    [() => toAccountGroupRequest({ accountGroupName: "Ops", agents: null }), "accountGroup.agents", /expand: \["agent"\]/],
    [() => toAccountGroupRequest({ accountGroupName: "Ops", agents: [{}] }), "accountGroup.agents[0].agentId", /missing/],
    [() => toAccountGroupRequest({ agents: [] }), "accountGroup.accountGroupName", /missing/],
    [() => toRoleRequest({ roleId: "35", name: "Auditor" }), "role.permissions", /getRole/],
    [() => toRoleRequest({ name: "Auditor", permissions: [{ label: "View" }] }), "role.permissions[0].permissionId", /missing/],
  ]) {
    assert.throws(turn, { name: "ApiTypeError", path, message: hint, outcome: "not-sent" });
  }
});

test("what was read is no request", async () => {
  const { client, sent } = recorder(200, {});
  for (const [call, path, turn] of [
    [() => client.users.updateUser("5", { name: "Ada", accountGroupRoles: [], _links: {} }), "userRequest", "toUserRequest(user)"],
    [() => client.accountGroups.updateAccountGroup("7", { ...group, users: [] }), "accountGroupRequest",
      "toAccountGroupRequest(accountGroup)"],
    [() => client.roles.updateRole("35", { ...role, _links: {} }), "roleRequestBody", "toRoleRequest(role)"],
  ]) {
    const message = `${path} is an object as it was read, and no request: turn it into one with ${turn}.`;
    await assert.rejects(call(), { name: "ApiTypeError", path, message });
  }
  assert.deepEqual(sent, []);
});
