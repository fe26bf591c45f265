/**
 * node tests/conformance/prism.mjs DESCRIPTION: puts Prism as a proxy between this package and the sandbox, by any OpenAPI
 * description of the API, such as the vendor's own, and makes all calls. Prism says what a request or an answer violates; what it
 * says is printed, and any of it fails. Needs `npm run build` before. It is no part of the tests: the vendor's description is not
 * ours to ship.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

import { ApiClient, toAccountGroupRequest, toRoleRequest, toUserRequest } from "../../pkg/node.mjs";
import { startSandbox } from "../../www/sandbox/server.mjs";

const PRISM = "@stoplight/prism-cli@5.16.0";

const [description] = process.argv.slice(2);
assert.ok(description, "Say where the description is.");

async function freePort() {
  const server = createServer().listen(0);
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

const sandbox = await startSandbox({ port: 0 });
const port = await freePort();
const prism = spawn("npx", ["--yes", PRISM, "proxy", description, sandbox.url, "--port", `${port}`], {
  stdio: ["ignore", "pipe", "inherit"],
  detached: true,
});
let printed = "";
prism.stdout.on("data", (data) => (printed += data));
while (!printed.includes("listening on")) await pause(100);

const violations = [];
const client = new ApiClient({
  host: `http://127.0.0.1:${port}`,
  accessToken: sandbox.sandbox.options.token,
  rateLimiter: false,
  fetch: async (url, init) => {
    const answer = await fetch(url, init);
    const found = JSON.parse(answer.headers.get("sl-violations") ?? "[]");
    violations.push(...found.map(({ location, message }) => `${init.method} ${new URL(url).pathname}: ${location.join(".")} ${message}`));
    return answer;
  },
});
const { users, accountGroups, roles, permissions, userEvents } = client;

// That Prism looks at all: it must object to this.
const headers = { authorization: `Bearer ${sandbox.sandbox.options.token}`, "content-type": "application/json" };
const wrong = await fetch(`http://127.0.0.1:${port}/account-groups`, { method: "POST", headers, body: "{}" });
assert.match(wrong.headers.get("sl-violations") ?? "", /accountGroupName/, "Prism did not notice a wrong request.");

let calls = 0;
const made = async (call) => {
  const answer = await call;
  calls += 1;
  return answer;
};

try {
  const me = await made(users.getCurrentUser());
  const { accountGroups: groups } = await made(accountGroups.getAccountGroups());
  const { roles: known } = await made(roles.getRoles());
  const { permissions: all } = await made(permissions.getPermissions());
  await made(users.getUsers({ aid: groups[0].aid }));

  const user = await made(users.createUser({
    name: "Ada",
    email: "ada.prism@example.com",
    loginAccountGroupId: groups[0].aid,
    accountGroupRoles: [{ accountGroupId: groups[0].aid, roleIds: [known[0].roleId] }],
    allAccountGroupRoleIds: [],
  }));
  await made(users.updateUser(user.uid, { ...toUserRequest(await made(users.getUser(user.uid))), name: "Ada L" }));
  await made(users.deleteUser(user.uid));

  const role = await made(roles.createRole({ name: "Prism", permissions: all.slice(0, 2).map(({ permissionId }) => permissionId) }));
  await made(roles.updateRole(role.roleId, { ...toRoleRequest(await made(roles.getRole(role.roleId))), name: "Prism 2" }));
  await made(roles.deleteRole(role.roleId));

  const group = await made(accountGroups.createAccountGroup({ accountGroupName: "Prism" }, { expand: ["user"] }));
  const whole = await made(accountGroups.getAccountGroup(group.aid, { expand: ["user", "agent"] }));
  await made(accountGroups.getAccountGroup(groups[0].aid, { expand: ["user", "agent"] }));
  await made(accountGroups.updateAccountGroup(group.aid, { ...toAccountGroupRequest(whole), accountGroupName: "Prism 2" }));
  await made(accountGroups.deleteAccountGroup(group.aid));

  await made(userEvents.getUserEvents({ window: "1w" }));
  await made(userEvents.getUserEvents({ startDate: new Date(Date.now() - 86_400_000), endDate: new Date() }));
  for await (const _ of userEvents.userEvents({ window: "4w" })) calls += 0;
  assert.ok(me.uid);
} finally {
  process.kill(-prism.pid);
  await sandbox.close();
}

console.log(violations.join("\n") || "no violation", `\n${calls} calls`);
process.exitCode = violations.length > 0 ? 1 : 0;
