// What the README says of the package. Each example is compiled by strict compilers and run against a sandbox that stands in
// for the network; the others are run by recipes.test.mjs, sandbox.test.mjs and tests/environments. Each table is held against
// the package.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { pathToFileURL } from "node:url";
import { transform } from "esbuild";

import { npmPage } from "../../pkg-template/build/npm-page.mjs";
import { root } from "../../toolchain.mjs";
import { createSandbox } from "../../www/sandbox/sandbox.mjs";
import { example, examples } from "../readme.mjs";
import { install } from "./support.mjs";

const project = await install();
const te = await project.import("thousandeyes-admin");
const readme = readFileSync(join(root, "README.md"), "utf8");
const page = readFileSync(project.packagePath("README.md"), "utf8");

const sandbox = createSandbox({ users: 40, rateLimit: 0 });
const { fetch } = globalThis;
globalThis.fetch = sandbox.fetch;
after(() => (globalThis.fetch = fetch));
process.env.TE_TOKEN = sandbox.options.token;
delete process.env.TE_API_ENDPOINT;
beforeEach(() => sandbox.reset());

await writeModule("users", example("server"));
for (const name of ["csv-parse", "hono", "@opentelemetry", "@tanstack", "pino", "redis", "undici"]) {
  symlinkSync(join(root, "node_modules", name), project.path("node_modules", name));
}

async function writeModule(name, code) {
  await project.write(`${name}.js`, (await transform(code, { loader: "ts" })).code);
}

/** Runs an example, and gives what it exports. */
async function load(name) {
  await writeModule(name, example(name));
  return import(pathToFileURL(project.path(`${name}.js`)));
}

const sent = (method) => sandbox.requests.filter((request) => request.method === method);
const userOf = (uid) => sandbox.state.users.find((user) => user.uid === uid);

test("the first example lists who has not logged in for 90 days, and changes nothing", async (t) => {
  const log = t.mock.method(console, "log", () => {});
  await load("first");
  const limit = Date.now() - 90 * 86_400_000;
  const stale = sandbox.state.users.filter(({ lastLogin }) => !lastLogin || Date.parse(lastLogin) < limit);
  assert.ok(stale.length > 0);
  assert.deepEqual(
    log.mock.calls.map((call) => call.arguments),
    stale.map(({ name, email, lastLogin }) => [name, email, lastLogin ?? "never"]),
  );
  assert.deepEqual(sandbox.requests.map(({ method, path }) => `${method} ${path}`), ["GET /v7/users"]);
});

/** A client of the sandbox, and the journal of what it does. */
function administration() {
  let text = "";
  const journal = { read: async () => text, append: async (line) => void (text += line) };
  return { client: new te.ApiClient({ accessToken: sandbox.options.token }), journal };
}

const rolesOf = (uid) => userOf(uid).accountGroupRoles.flatMap(({ aid, roleIds }) => roleIds.map((id) => `${aid} ${id}`)).sort();

test("a role is given and taken away, and all others stay", async () => {
  const { giveRole, takeRole } = await load("roles");
  const { client } = administration();
  const { uid } = sandbox.state.users.find((user) => user.accountGroupRoles.length > 1);
  const before = rolesOf(uid);
  const role = { roleId: "405", accountGroupId: "2004" };
  const shown = await client.users.getUser(uid);
  await giveRole(client, shown, role);
  assert.deepEqual(rolesOf(uid), [...before, "2004 405"].sort());
  await assert.rejects(giveRole(client, shown, { ...role, roleId: "404" }), { name: "ConflictException", outcome: "not-sent" });
  assert.equal(await takeRole(client, uid, role), true);
  assert.equal(await takeRole(client, uid, role), false);
  assert.deepEqual(rolesOf(uid), before);
  assert.equal(sent("PUT").length, 2);
});

test("people are invited from a file, each once, and taken back", async () => {
  const { planInvitations } = await load("invite-csv");
  const { undo } = await load("undo");
  const { client, journal } = administration();
  const there = sandbox.state.users[5];
  const group = sandbox.state.accountGroups[0].accountGroupName;
  const csv = `\ufeffname,email,role,accountGroup\nAda,ada@example.net,Auditor,${group}\n\n"Grace, B.",${there.email.toUpperCase()},Auditor,${group}\n`;
  const plan = await planInvitations(client, csv, "me@example.com");
  assert.deepEqual(plan.steps.map(({ kind, user }) => [kind, user.email]), [["invite", "ada@example.net"]]);
  assert.equal(plan.unchanged[0].user.uid, there.uid);
  assert.deepEqual(sent("POST"), []);
  assert.equal((await client.admin.apply(plan, { journal }).result).complete, true);
  const { uid } = sandbox.state.users.find(({ email }) => email === "ada@example.net");
  assert.deepEqual(rolesOf(uid), [`${sandbox.state.accountGroups[0].aid} 402`]);
  const back = await undo(client, journal, "me@example.com");
  assert.deepEqual(back.steps.map(({ kind, user }) => [kind, user.uid]), [["remove", uid]]);
});

test("people who left are deleted once somebody has approved of it", async (t) => {
  const log = t.mock.method(console, "log", () => {});
  const { offboard } = await load("offboard");
  const { client, journal } = administration();
  const [, , ...others] = sandbox.state.users;
  const leaving = others.slice(-2);
  const emails = leaving.map(({ email }) => email);
  const read = [];
  const approve = (answer) => async (text) => (read.push(text), answer);
  assert.equal(await offboard(client, emails, approve(false), journal), undefined);
  assert.deepEqual([sent("DELETE").length, await journal.read()], [0, ""]);
  assert.match(read[0], new RegExp(`Delete .*<${emails[0]}>`));
  assert.equal((await offboard(client, emails, approve(true), journal)).done, 2);
  assert.deepEqual(log.mock.calls.map((call) => call.arguments), emails.map((email) => [email, "done", ""]));
  assert.ok(leaving.every(({ uid }) => !userOf(uid)));
});

test("who has admin rights is told in few requests, safe for a spreadsheet", async () => {
  const { adminsAsCsv } = await load("admins");
  const { client } = administration();
  await client.users.updateUser(sandbox.state.users[0].uid, { name: "=HYPERLINK(1)" });
  sandbox.clearRequests();
  const csv = await adminsAsCsv(client);
  assert.equal(sandbox.requests.length, 3 + sandbox.state.accountGroups.length);
  assert.match(csv, /^uid,name,email,.*hasManagementPermissions\r\n/);
  assert.match(csv, /^5001,'=HYPERLINK\(1\),/m);
  const manages = sandbox.state.roles.filter((role) => role.hasManagementPermissions).map(({ roleId }) => roleId);
  const admins = sandbox.state.users.filter(({ accountGroupRoles, allAccountGroupRoleIds }) =>
    [...allAccountGroupRoleIds, ...accountGroupRoles.flatMap(({ roleIds }) => roleIds)].some((id) => manages.includes(id)),
  );
  assert.ok(admins.length > 1 && admins.length < sandbox.state.users.length);
  const told = new Set(csv.split("\r\n").slice(1, -1).map((line) => line.split(",")[0]));
  assert.deepEqual([...told].sort(), admins.map(({ uid }) => uid).sort());
});

test("who never logged in is told from who did", async () => {
  const { unused } = await load("inactive");
  const { client } = administration();
  const limit = Date.now() - 90 * 86_400_000;
  const expected = sandbox.state.users.filter(({ lastLogin }) => !lastLogin || Date.parse(lastLogin) < limit);
  assert.deepEqual((await unused(client)).map(({ uid }) => uid), expected.map(({ uid }) => uid));
});

test("what was done last week is told, but for logins", async () => {
  const { lastWeek } = await load("audit");
  const { client } = administration();
  await client.users.createUser({ name: "Ada", email: "ada@example.net" });
  const events = await lastWeek(client);
  assert.ok(events.length > 0 && events.every(({ event, date }) => event !== "Login" && Date.parse(date) > Date.now() - 8 * 86_400_000));
});

/** A client of an API that has one object, as it is read, and what was sent to that. */
function clientOf(read) {
  const changes = [];
  const fetch = async (url, { method, body }) => {
    if (method !== "GET") changes.push([`${method} ${new URL(url).pathname}`, JSON.parse(body)]);
    // As the API has it: agents come where they are asked for.
    const { agents, ...others } = read;
    return Response.json(agents && !url.includes("?expand=agent") ? others : read);
  };
  return { client: new te.ApiClient({ fetch }), changes };
}

test("an account group is renamed with all its agents", async () => {
  const { renameAccountGroup } = await load("rename-account-group");
  const agents = [{ agentId: "11", agentName: "Bern" }, { agentId: "12" }];
  const { client, changes } = clientOf({ aid: "7", accountGroupName: "Ops", users: [], agents, _links: {} });
  await renameAccountGroup(client, "7", "Operations");
  assert.deepEqual(changes, [["PUT /v7/account-groups/7", { accountGroupName: "Operations", agents: ["11", "12"] }]]);
});

test("no account group is renamed where it is not known which agents it has", async () => {
  const { renameAccountGroup } = await load("rename-account-group");
  const { client, changes } = clientOf({ aid: "7", accountGroupName: "Ops" });
  await assert.rejects(renameAccountGroup(client, "7", "Operations"), { name: "ApiTypeError", path: "accountGroup.agents" });
  assert.deepEqual(changes, []);
});

test("one more permission leaves all others as they are", async () => {
  const { addPermission } = await load("add-permission");
  const permissions = [{ permissionId: "8", label: "View" }, { permissionId: "9" }];
  const { client, changes } = clientOf({ roleId: "35", name: "Auditor", isBuiltin: false, permissions, _links: {} });
  await addPermission(client, "35", "9");
  assert.deepEqual(changes, [], "a role that holds it already is not changed");
  await addPermission(client, "35", "10");
  assert.deepEqual(changes, [["PUT /v7/roles/35", { name: "Auditor", permissions: ["8", "9", "10"] }]]);
});

test("no permission is added where it is not known which there are", async () => {
  const { addPermission } = await load("add-permission");
  const { client, changes } = clientOf({ roleId: "35", name: "Auditor" });
  await assert.rejects(addPermission(client, "35", "10"), { name: "ApiTypeError", path: "role.permissions" });
  assert.deepEqual(changes, []);
});

test("the events of one user come from all pages, in the order of their dates", async () => {
  const { eventsOf } = await load("activity");
  const event = (uid, day) => ({ uid, date: `2026-01-${day}T00:00:00Z`, event: "Login" });
  const pages = [[event("1", "03"), event("2", "02")], [event("1", "01"), event("1", "02")]];
  const asked = [];
  const fetch = async (url) => {
    const { searchParams } = new URL(url);
    asked.push(Object.fromEntries(searchParams));
    const page = Number(searchParams.get("cursor") ?? 0);
    const next = page + 1 < pages.length && { _links: { next: { href: "https://te.example/v7/audit-user-events?cursor=1" } } };
    return Response.json({ auditEvents: pages[page], ...next });
  };
  const client = new te.ApiClient({ host: "https://te.example/v7", accessToken: "the-token", fetch });
  assert.deepEqual((await eventsOf(client, "1", 7)).map(({ date }) => date.slice(8, 10)), ["01", "02", "03"]);
  assert.deepEqual(asked, [{ window: "7d" }, { window: "7d", cursor: "1" }]);
});

test("another part of the API is called with the same client", async () => {
  const { testNames } = await load("request");
  const asked = [];
  const fetch = async (url) => {
    asked.push(url);
    return Response.json({ tests: [{ testName: "Berlin" }, {}] });
  };
  const client = new te.ApiClient({ host: "https://te.example/v7", accessToken: "the-token", fetch });
  assert.deepEqual(await testNames(client, "7"), ["Berlin", ""]);
  assert.deepEqual(asked, ["https://te.example/v7/tests?aid=7"]);
});

test("a create whose answer is lost is looked for, and not sent again", async () => {
  const { createUser } = await load("create-user");
  const request = { name: "Ada Example", email: "Ada.Example@example.com" };
  const lost = { fault: "connection-reset", match: { method: "POST" } };

  sandbox.faults.add({ ...lost, when: "before" });
  await assert.rejects(createUser(request), { name: "ConnectionException", outcome: "unknown" });
  sandbox.faults.add({ ...lost, when: "after" });
  const { uid } = await createUser(request);
  assert.equal(userOf(uid).name, "Ada Example");
  assert.equal(sent("POST").length, 2);

  await assert.rejects(createUser(request), { name: "BadRequestException", outcome: "rejected" });
  assert.equal((await createUser({ ...request, email: "ada@example.net" })).email, "ada@example.net");
});

test("a form has the messages of both sides by the same names", async () => {
  const { messagesOf } = await load("form");
  const { users } = await import(pathToFileURL(project.path("users.js")));
  const errorOf = (request) => users.createUser(request).catch((error) => error);
  const taken = sandbox.state.users[0].email;

  assert.deepEqual(messagesOf(await errorOf({ email: "ada" })), { email: "must be an e-mail address, such as ada@example.com." });
  assert.deepEqual(Object.keys(messagesOf(await errorOf({ name: "Ada", email: taken }))), ["email"]);
  const roles = [{ accountGroupId: "2001", roleIds: "33" }];
  assert.deepEqual(Object.keys(messagesOf(await errorOf({ accountGroupRoles: roles }))), ["accountGroupRoles.0.roleIds"]);
  assert.throws(() => messagesOf(new te.NotFoundException("gone")), te.NotFoundException);
});

test("a route acts with the token that it is handed, and tells the page only what it may show", async (t) => {
  const { listUsers } = await load("route");
  const log = t.mock.method(console, "error", () => {});
  const request = new Request("http://portal.example/users");

  const list = await (await listUsers(request, sandbox.options.readerToken)).json();
  assert.equal(list.users.length, sandbox.state.users.length);
  const refused = await listUsers(request, sandbox.options.regularToken);
  assert.equal(refused.status, 502);
  const told = te.ThousandEyesError.fromJSON(await refused.json());
  assert.ok(told instanceof te.ForbiddenException);
  assert.deepEqual([told.code, told.body], ["forbidden", ""]);
  assert.match(JSON.parse(log.mock.calls[0].arguments[0]).body, /permission/);

  const left = new Request(request, { signal: AbortSignal.abort("left the page") });
  await assert.rejects(listUsers(left, sandbox.options.readerToken), (reason) => reason === "left the page");
});

test("a route serves many at once, each by the own token", async () => {
  const { listUsers } = await load("route");
  const tokens = Array.from({ length: 12 }, (_, index) => sandbox.options[index % 2 ? "readerToken" : "accountAdminToken"]);
  const sent = new Map();
  globalThis.fetch = async (url, init) => {
    const token = init.headers.Authorization.slice("Bearer ".length);
    sent.set(token, (sent.get(token) ?? 0) + 1);
    await new Promise((resolve) => setTimeout(resolve, sent.get(token) % 5));
    return Response.json({ users: [{ uid: token }] });
  };
  try {
    const answers = await Promise.all(tokens.map((token) => listUsers(new Request("http://portal.example/users"), token)));
    const lists = await Promise.all(answers.map((answer) => answer.json()));
    assert.deepEqual(lists.map(({ users }) => users[0].uid), tokens);
    assert.deepEqual([...sent.values()], [6, 6]);
  } finally {
    globalThis.fetch = sandbox.fetch;
  }
});

test("every call is seen at its end, and of an aborted one what became of it", async (t) => {
  const log = t.mock.method(console, "log", () => {});
  const { users } = await load("observe");
  await users.getCurrentUser();
  const leaving = new AbortController();
  sandbox.faults.add({ fault: "hang", when: "after", match: { method: "POST" } });
  const created = users.createUser({ name: "Ada", email: "ada@example.net" }, { signal: leaving.signal });
  while (sent("POST").length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  leaving.abort("left the page");
  await assert.rejects(created, (reason) => reason === "left the page");
  const [done, aborted, ...more] = log.mock.calls.map((call) => call.arguments[0]);
  const [, number] = /^call (\d+): getCurrentUser done, 1 sent, \d+ ms, \d+ of them waiting$/.exec(done);
  assert.ok(aborted.startsWith(`call ${Number(number) + 1}: createUser unknown, 1 sent, `), aborted);
  assert.deepEqual(more, []);
});

test("each error is explained to whoever clicked", async () => {
  const { explain } = await load("explain");
  const fieldErrors = [{ path: ["accountGroupRoles", 0], message: "is not known." }];
  assert.equal(explain(new te.BadRequestException("refused", { fieldErrors })), "accountGroupRoles.0: is not known.");
  const retryAt = Date.UTC(2027, 0, 15, 8);
  const time = new Date(retryAt).toLocaleTimeString();
  assert.equal(explain(new te.TooManyRequestsException("no", { retryAt })), `Too many requests. Try again at ${time}.`);
  const look = "There was no answer. Look whether it worked before you try again.";
  assert.equal(explain(new te.TimeoutException("late", { outcome: "unknown" })), look);
  assert.equal(explain(new te.ConnectionException("lost", { outcome: "not-sent" })), "Nothing was sent. Try again.");
  assert.equal(explain(new te.ForbiddenException("No.", { hint: "Ask." })), "No. Ask.");
});

test("the proxy adds the token for whoever is logged in, and for pages of its own origin", async (t) => {
  await project.write("session.js", 'export const isLoggedIn = async (request) => request.headers.get("Cookie") === "me";\n');
  const origin = "http://portal.example";
  process.env.PORTAL_ORIGIN = origin;
  t.after(() => delete process.env.PORTAL_ORIGIN);
  const { default: app } = await load("proxy");
  const ask = (headers, init) => app.request(`${origin}/te-api/v7/users?aid=2001`, { headers, ...init });
  const mine = { Cookie: "me" };

  assert.equal((await ask({})).status, 403);
  for (const site of ["cross-site", "same-site"]) assert.equal((await ask({ ...mine, "Sec-Fetch-Site": site })).status, 403, site);
  const body = JSON.stringify({ name: "Ada", email: "ada@example.net" });
  const write = { method: "POST", body };
  const page = { ...mine, "Content-Type": "application/json", Origin: origin };
  assert.equal((await ask({ ...page, Origin: "https://evil.example" }, write)).status, 403);
  assert.deepEqual(sandbox.requests, []);

  const forward = t.mock.method(globalThis, "fetch");
  const answer = await ask({ ...mine, "Sec-Fetch-Site": "same-origin" });
  const { accept, ...sentHeaders } = forward.mock.calls[0].arguments[1].headers;
  assert.deepEqual(sentHeaders, { authorization: `Bearer ${sandbox.options.token}` });
  assert.match(accept, /application\/json/);
  assert.equal((await answer.json()).users.length, sandbox.state.users.length);
  assert.equal((await ask(page, write)).status, 201);
  assert.equal((await app.request(`${origin}/te-api/v7/users/5001`, { method: "DELETE", headers: page })).status, 403);
  assert.deepEqual(sandbox.requests.map(({ method, path }) => `${method} ${path}`), ["GET /v7/users?aid=2001", "POST /v7/users?aid=2001"]);
});

const compilers = { "TypeScript 5.2": "typescript-5.2/bin/tsc", "TypeScript 7": "typescript-7/bin/tsc" };
/** All but those that configure a tool, and a Worker, whose platform has types of its own. */
const plain = ["first", "portal", "server", "page", "pino", "opentelemetry", "corporate-proxy", "proxy", "sandbox"];
const modules = examples().filter(({ name, language }) => language === "ts" || plain.includes(name));
const strict = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: true, // types.test.mjs checks the declarations
  target: "es2022",
  module: "nodenext",
  lib: ["es2022", "dom", "dom.iterable"],
  typeRoots: [join(root, "node_modules/@types")],
  types: ["node"],
};

for (const [compiler, path] of Object.entries(compilers)) {
  test(`${compiler} takes every example`, async () => {
    const folder = project.path(path.split("/")[0]);
    mkdirSync(folder);
    const write = (file, text) => project.write(join(path.split("/")[0], file), text);
    for (const { name, code } of modules) await write(`${name}.ts`, code);
    await write("users.ts", example("server"));
    await write("session.ts", "export declare function isLoggedIn(request: Request): Promise<boolean>;\n");
    await write("tsconfig.json", JSON.stringify({ compilerOptions: strict }));
    const compiling = project.node([join(root, "node_modules", path), "--project", folder]);
    assert.equal(await compiling.then(() => "", ({ stdout, message }) => stdout || message), "");
  });
}

test("every block of code in the README is an example that a test runs", () => {
  const files = readdirSync(join(root, "tests"), { recursive: true });
  const tests = files.filter((file) => file.endsWith(".mjs") && !file.includes("node_modules"));
  const sources = tests.map((file) => readFileSync(join(root, "tests", file), "utf8"));
  const blocks = readme.match(/^```(?:js|ts)$/gm);
  const named = examples().filter(({ language }) => ["js", "ts"].includes(language));
  assert.equal(named.length, blocks.length);
  for (const { name, line } of named) {
    assert.ok(sources.some((source) => source.includes(`"${name}"`)), `README.md, line ${line}: no test runs "${name}"`);
  }
});

// The npm page.

test("the npm page has these sections of the README, word for word", () => {
  const sections = (text) => new Map(text.split(/^(?=## )/m).map((section) => [section.split("\n")[0], section.trimEnd()]));
  const [ours, npm] = [sections(readme), sections(page)];
  for (const developers of ["## Build and test it", "## Performance", "## Development"]) assert.ok(ours.delete(developers));
  npm.delete("## Changes");
  assert.deepEqual(npm, ours);
});

test("a section that the README has no more fails the build", () => {
  assert.equal(npmPage("{{introduction}}\n{{B}}\n", "# A\nfirst\n\n## B\nsecond\n\n## C\n"), "# A\nfirst\n## B\nsecond\n");
  assert.throws(() => npmPage("{{B}}", "# A\n\n## C\n"), /README\.md has no section "B"/);
});

test("every link leads somewhere", () => {
  const anchorOf = (heading) => heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/ /g, "-");
  const anchorsOf = (file) => [...readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading));
  for (const folder of [root, project.packagePath()]) {
    for (const file of ["README.md", "CHANGELOG.md"]) {
      const links = [...readFileSync(join(folder, file), "utf8").matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link);
      assert.ok(links.length > 0);
      for (const link of links) {
        const [path, anchor] = link.split("#");
        const target = join(folder, path || file);
        assert.ok(anchor === undefined ? existsSync(target) : anchorsOf(target).includes(anchor), `${file}: ${link}`);
      }
    }
  }
});

// The tables.

/** The first cells of each table of a section. */
function tables(heading) {
  const section = readme.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
  return section.match(/(?:^\|.*\n)+/gm).map((table) => table.trim().split("\n").slice(2).map((row) => row.split(" | ")[0]));
}

const rows = (heading) => tables(heading)[0];

test("the tables of methods have all of each class", () => {
  const classes = Object.entries(te).filter(([name]) => name.endsWith("Api"));
  const methodsOf = (Class) => Object.getOwnPropertyNames(Class.prototype).filter((name) => `${name}WithHttpInfo` in Class.prototype);
  const named = tables("Methods").map((cells) => cells.map((cell) => /`(\w+)\(/.exec(cell)[1]).sort());
  assert.equal(named.length, 5);
  assert.deepEqual(named.sort(), classes.map(([, Class]) => methodsOf(Class).sort()).sort());
});

test("the table of settings has them all, and marks those of a call", () => {
  const types = readFileSync(project.packagePath("index.d.ts"), "utf8");
  const membersOf = (name) => {
    const [, base, body] = new RegExp(`^export interface ${name}(?: extends (\\w+))? \\{\n([^]*?)^\\}`, "m").exec(types);
    return [...(base ? membersOf(base) : []), ...[...body.matchAll(/^ {2}(\w+)\?:/gm)].map(([, member]) => member)];
  };
  const cells = rows("Configuration");
  const named = cells.flatMap((cell) => cell.match(/(?<=`)\w+(?=`)/g));
  assert.deepEqual(named.toSorted(), membersOf("Configuration").sort());
  const marked = cells.filter((cell) => cell.endsWith("\\*")).flatMap((cell) => cell.match(/(?<=`)\w+(?=`)/g));
  assert.deepEqual([...marked, "signal"].sort(), membersOf("AccountGroupOptions").sort());
});

test("the table of errors has every class with its code", () => {
  const classes = Object.entries(te).filter(([name, item]) => item.prototype instanceof Error && name !== "ThousandEyesError");
  const expected = classes.map(([name, Class]) => [name, new Class("").code]);
  const named = rows("Errors").flatMap((cell) => [...cell.matchAll(/`(\w+)` `([\w-]+)`/g)].map(([, name, code]) => [name, code]));
  assert.deepEqual(named.sort(), expected.sort());
});
