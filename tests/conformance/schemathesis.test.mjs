// A contract fuzzer over the sandbox's own description: examples, edge cases, random requests and chains of them.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { schemathesis } from "../../toolchain.mjs";
import { startSandbox } from "../../www/sandbox/server.mjs";

const FOR_A_WHILE = ["--max-time", "40"];
/**
 * Where it is counted what was done, the work is limited: a busy machine does as much of it, in more time.
 * Not both limits: until its time is over, schemathesis does more than that many.
 */
const FOR_SOME_EXAMPLES = ["--max-examples", "10"];

async function serve(t, options) {
  const running = await startSandbox({ rateLimit: 0, ...options });
  t.after(() => running.close());
  const folder = await mkdtemp(join(tmpdir(), "schemathesis-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return { ...running, folder };
}

/** Runs all checks of schemathesis; gives its exit code and what it printed. */
function check({ url, sandbox, folder }, description, configuration, ...more) {
  const args = ["--config-file", join(import.meta.dirname, configuration), "run", description, "--url", url];
  const how = ["--checks", "all", "--seed", "1", "--no-color", "--warnings", "off"];
  const token = ["--header", `Authorization: Bearer ${sandbox.options.token}`];
  return new Promise((resolve) => {
    const running = [...args, ...how, ...token, ...more];
    execFile(schemathesis, running, { cwd: folder, maxBuffer: 1e8 }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, output: stdout + stderr }),
    );
  });
}

/** How often each operation was answered with each status. */
function answered({ sandbox }) {
  const counts = {};
  for (const { method, path, status } of sandbox.requests) {
    const [, collection, id] = /^\/v7\/([\w-]+)(\/[^?]+)?/.exec(path) ?? [];
    const key = `${method} ${collection}${id ? "/{id}" : ""} ${status}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

const idsOf = (list, key) => ({ type: "string", enum: list.map((item) => item[key]) });

/**
 * The description with the ids that exist, where it says no more than that they are text. What may be deleted meanwhile
 * is no part of other requests: the first account groups and roles stay.
 */
function exact(description, { accountGroups, roles, users, agents, permissions }) {
  const [aid, roleId] = [idsOf(accountGroups.slice(0, 3), "aid"), idsOf(roles.slice(0, 5), "roleId")];
  const { NewUser, UserChanges, UserAccountGroupRole, NewRole, RoleChanges, AccountGroupRequest } =
    description.components.schemas;
  for (const { properties } of [NewUser, UserChanges]) {
    properties.loginAccountGroupId = aid;
    properties.allAccountGroupRoleIds.items = roleId;
  }
  const permissionId = idsOf(permissions, "permissionId");
  for (const { properties } of [NewRole, RoleChanges]) properties.permissions.items = permissionId;
  AccountGroupRequest.properties.agents.items = idsOf(agents, "agentId");
  Object.assign(UserAccountGroupRole.properties, { accountGroupId: aid, roleIds: { type: "array", items: roleId } });

  const { paths } = description;
  const parameters = Object.values(paths).flatMap((item) => Object.values(item)).flatMap((item) => item.parameters ?? []);
  for (const parameter of parameters.filter(({ name }) => name === "aid")) parameter.schema = aid;
  // The owners of the tokens are left alone, too.
  paths["/users/{id}"].parameters[0].schema = idsOf(users.slice(4), "uid");
  paths["/roles/{id}"].parameters[0].schema = idsOf(roles.slice(5), "roleId");
  paths["/account-groups/{id}"].parameters[0].schema = idsOf(accountGroups.slice(3), "aid");
  // From there it would find the owner of the token, and take the rights away that the other requests need.
  delete paths["/users/current"];
  return description;
}

test("no check fails on the description as it is served", async (t) => {
  const running = await serve(t);
  const { code, output } = await check(running, `${running.url}/openapi.json`, "schemathesis.toml", ...FOR_A_WHILE);
  assert.equal(code, 0, output);
  assert.match(output, /Selected: 18\/18/);
  assert.match(output, /No issues found/);
});

test("no check fails where every request of the right form for what can be changed has to be done", async (t) => {
  const running = await serve(t, {
    duplicateEmail: "conflict",
    duplicateName: "allow",
    roleInUse: "take-away",
    numericIds: "reject",
  });
  const served = await (await fetch(`${running.url}/openapi.json`)).json();
  const file = join(running.folder, "exact.json");
  await writeFile(file, JSON.stringify(exact(served, running.sandbox.state)));
  const which = ["--include-path-regex", "^/(users|account-groups|roles)", ...FOR_SOME_EXAMPLES];
  const { code, output } = await check(running, file, "schemathesis-exact.toml", ...which);
  assert.equal(code, 0, output);
  const counts = answered(running);
  const collections = ["users", "account-groups", "roles"];
  const done = ["POST * 201", "GET */{id} 200", "PUT */{id} 200", "DELETE */{id} 204"];
  for (const what of collections.flatMap((name) => done.map((text) => text.replace("*", name)))) {
    assert.ok(counts[what] >= 3, `${what}: ${JSON.stringify(counts)}`);
  }
});

test("a sandbox that answers wrongly is found out", async (t) => {
  const running = await serve(t, { faults: [{ fault: "drift", share: 0.5 }] });
  const phases = ["--phases", "examples,coverage", ...FOR_A_WHILE];
  const { code, output } = await check(running, `${running.url}/openapi.json`, "schemathesis.toml", ...phases);
  assert.equal(code, 1, output);
  assert.match(output, /Response violates schema/);
});
