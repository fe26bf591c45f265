// Roles, account groups and the activity log on the page: what it sends, and what it makes of the answers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startDemoPage } from "./demo-page.mjs";

let demo, browser, pageServer, sandboxServer;

before(async () => {
  demo = await startDemoPage();
  ({ browser, pageServer, sandboxServer } = demo);
});

after(() => demo?.close());

/**
 * The page at one of its views. `answers` are for requests such as `PUT /roles/402`: each gets the body and the query of the
 * request and gives what `route.fulfill` takes. Whatever is not named there is answered by the sandbox.
 */
async function open(t, view, answers = {}, options = {}) {
  const page = await browser.newPage({ reducedMotion: "reduce", ...options });
  const sent = [];
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.text().includes("Content Security Policy") && complaints.push(message.text()));
  t.after(() => page.close());
  page.setDefaultTimeout(10_000);
  await page.route("**/te-api/v7/**", (route) => {
    const request = route.request();
    const { pathname, searchParams } = new URL(request.url());
    const name = `${request.method()} ${pathname.replace("/te-api/v7", "")}`;
    if (request.method() !== "GET") sent.push([name, request.postDataJSON()]);
    const answer = answers[name];
    return answer ? route.fulfill(answer({ body: request.postDataJSON(), query: searchParams })) : route.continue();
  });
  await page.goto(`${pageServer.url}#${view}`);
  t.after(() => assert.deepEqual(complaints, []));
  return { page, sent };
}

const label = (name) => ({ name, exact: true });
const close = (page) => page.getByRole("dialog").getByRole("button", { name: "Close" }).click();

const permission = (permissionId, text, isManagementPermission = false) => ({ permissionId, label: text, isManagementPermission });
const permissions = [permission("2", "View all users"), permission("3", "Edit users", true), permission("9", "View tests")];
const roles = [
  { roleId: "31", name: "Organization Admin", isBuiltin: true, hasManagementPermissions: true },
  { roleId: "402", name: "Auditor", isBuiltin: false, hasManagementPermissions: false },
];

/** An organisation with two roles, which changes as it is told. */
function organisation() {
  const known = new Map(roles.map((role) => [role.roleId, { ...role, permissions: [permissions[0]] }]));
  const json = (body, status = 200) => ({ status, json: body });
  const granted = (ids) => permissions.filter(({ permissionId }) => ids.includes(permissionId));
  const detail = ({ hasManagementPermissions, ...role }) => role;
  const listed = ({ permissions: held, ...role }) => ({ ...role, hasManagementPermissions: held.some((it) => it.isManagementPermission) });
  const put = (roleId, { name, permissions: ids = [] }) => {
    known.set(roleId, { roleId, name, isBuiltin: false, permissions: granted(ids) });
    return detail(known.get(roleId));
  };
  return {
    "GET /roles": () => json({ roles: [...known.values()].map(listed) }),
    "POST /roles": ({ body }) => json(put("500", body), 201),
    "GET /roles/31": () => json(detail(known.get("31"))),
    "GET /roles/402": () => json(detail(known.get("402"))),
    "PUT /roles/402": ({ body }) => json(put("402", body)),
    "DELETE /roles/402": () => (known.delete("402"), { status: 204 }),
    "GET /permissions": () => json({ permissions }),
  };
}

test("a role is made of a name and permissions", async (t) => {
  const { page, sent } = await open(t, "roles", organisation());
  await page.getByText("2 roles").waitFor();
  await page.getByRole("button", { name: "Add role" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Night Shift");
  await page.getByRole("checkbox", { name: "Edit users" }).check();
  await page.getByRole("button", { name: "Create role" }).click();
  await page.getByText("Night Shift was created.").waitFor();
  assert.deepEqual(sent, [["POST /roles", { name: "Night Shift", permissions: ["3"] }]]);
  await close(page);
  await page.getByText("3 roles").waitFor();
  assert.match(await page.getByRole("row", { name: /Night Shift/ }).innerText(), /Yes/);
});

test("a role is renamed with all its permissions, and says so where one is taken away", async (t) => {
  const { page, sent } = await open(t, "roles", organisation());
  await page.getByRole("button", { name: "Auditor" }).click();
  await page.getByRole("button", label("Edit")).click();
  await page.getByLabel("Name", { exact: true }).fill("Reviewer");
  assert.equal(await page.getByText("Replaces all permissions of the role").count(), 0);
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByText("Reviewer was saved.").waitFor();
  assert.deepEqual(sent.pop(), ["PUT /roles/402", { name: "Reviewer", permissions: ["2"] }]);

  await page.getByRole("button", label("Edit")).click();
  await page.getByRole("checkbox", { name: "View tests" }).check();
  await page.getByRole("checkbox", { name: "View all users" }).uncheck();
  await page.getByText("Replaces all permissions of the role").waitFor();
  assert.equal(await page.getByRole("deletion").textContent(), "−loses View all users");
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByText("Reviewer was saved.").waitFor();
  assert.deepEqual(sent.pop(), ["PUT /roles/402", { name: "Reviewer", permissions: ["9"] }]);
});

test("an answer that is not as asked is told apart", async (t) => {
  const answers = organisation();
  const { page } = await open(t, "roles", { ...answers, "PUT /roles/402": () => answers["GET /roles/402"]() });
  await page.getByRole("button", { name: "Auditor" }).click();
  await page.getByRole("button", label("Edit")).click();
  await page.getByRole("checkbox", { name: "View tests" }).check();
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByText("Auditor was saved, but is not quite as asked").waitFor();
});

test("a built-in role can be read, and neither changed nor deleted", async (t) => {
  const { page } = await open(t, "roles", organisation());
  await page.getByRole("button", { name: "Organization Admin" }).click();
  await page.getByText("This role is built in").waitFor();
  await page.getByRole("dialog").getByText("View all users").waitFor();
  assert.equal(await page.getByRole("button", label("Edit")).count(), 0);
  assert.equal(await page.getByRole("button", { name: "Delete…" }).count(), 0);
});

test("a role is deleted once its name is typed; one that is in use is explained", async (t) => {
  const answers = organisation();
  let isInUse = true;
  const { page, sent } = await open(t, "roles", {
    ...answers,
    "DELETE /roles/402": () =>
      isInUse ? { status: 409, json: { title: "Users have this role." } } : answers["DELETE /roles/402"](),
  });
  await page.getByRole("button", { name: "Auditor" }).click();
  await page.getByRole("button", { name: "Delete…" }).click();
  const dialog = page.getByRole("alertdialog");
  assert.ok(await dialog.getByRole("button", { name: "Delete role" }).isDisabled());
  await dialog.getByRole("textbox").fill("auditor");
  await dialog.getByRole("button", { name: "Delete role" }).click();
  await dialog.getByText("Users have this role.").waitFor();
  isInUse = false;
  await dialog.getByRole("button", { name: "Delete role" }).click();
  await page.getByText("Auditor was deleted.").waitFor();
  await page.getByText("1 role", { exact: true }).waitFor();
  assert.deepEqual(sent.map(([name]) => name), ["DELETE /roles/402", "DELETE /roles/402"]);
});

test("a role whose creation lost its answer is looked for, and one of the same name that was there before is not it", async (t) => {
  const answers = organisation();
  const { page, sent } = await open(t, "roles", { ...answers, "POST /roles": () => ({ status: 500, body: "" }) });
  await page.getByRole("button", { name: "Add role" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Auditor");
  await page.getByRole("button", { name: "Create role" }).click();
  await page.getByRole("button", { name: "Reload and check" }).click();
  await page.getByText("There is no new role with this name").waitFor();
  assert.equal(sent.length, 1);
});

const group = { aid: "2005", accountGroupName: "Test Lab", organizationName: "Example Networks", isDefaultAccountGroup: false };
const users = [{ uid: "5001", name: "Robin Castellane", email: "robin@example.com", roles: [roles[1]] }];
const agents = [{ agentId: "9001", agentName: "hq-core-1", agentState: "online" }];

function accountGroups() {
  const asked = [];
  const detail = (name) => ({ query }) => {
    asked.push(query.get("expand"));
    return { json: { ...group, accountGroupName: name, users, agents } };
  };
  return {
    asked,
    answers: {
      "GET /account-groups": () => ({ json: { accountGroups: [group] } }),
      "POST /account-groups": ({ body }) => ({ status: 201, json: { ...group, aid: "2009", ...body } }),
      "GET /account-groups/2005": detail("Test Lab"),
      "GET /account-groups/2009": detail("Attic"),
      "PUT /account-groups/2005": detail("Bench"),
      "DELETE /account-groups/2005": () => ({ status: 204 }),
    },
  };
}

test("an account group is shown with members and agents, and keeps its agents when it is renamed", async (t) => {
  const { asked, answers } = accountGroups();
  const { page, sent } = await open(t, "account-groups", answers);
  await page.getByRole("button", { name: "Test Lab" }).click();
  await page.getByRole("heading", { name: "1 member" }).waitFor();
  await page.getByRole("heading", { name: "1 Enterprise Agent" }).waitFor();
  await page.getByRole("listitem").filter({ hasText: "Robin Castellane" }).getByText("Auditor").waitFor();
  await page.getByRole("button", label("Edit")).click();
  await page.getByLabel("Name", { exact: true }).fill("Bench");
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByText("Bench was saved.").waitFor();
  assert.deepEqual(sent, [["PUT /account-groups/2005", { accountGroupName: "Bench", agents: ["9001"] }]]);
  assert.deepEqual(asked, ["user,agent", "user,agent"]);
});

test("an account group without a name is not sent, with one it is created", async (t) => {
  const { answers } = accountGroups();
  const { page, sent } = await open(t, "account-groups", answers);
  await page.getByRole("button", { name: "Add account group" }).click();
  await page.getByRole("button", { name: "Create account group" }).click();
  await page.getByText("Is missing.").waitFor();
  assert.deepEqual(sent, []);
  await page.getByLabel("Name", { exact: true }).fill("Attic");
  await page.getByRole("button", { name: "Create account group" }).click();
  await page.getByText("Attic was created.").waitFor();
  assert.deepEqual(sent, [["POST /account-groups", { accountGroupName: "Attic" }]]);
});

test("an account group is deleted once its name is typed", async (t) => {
  const { answers } = accountGroups();
  const { page, sent } = await open(t, "account-groups", answers);
  await page.getByRole("button", { name: "Test Lab" }).click();
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("alertdialog").getByRole("textbox").fill("Test Lab");
  await page.getByRole("button", { name: "Delete account group" }).click();
  await page.getByText("Test Lab was deleted.").waitFor();
  assert.deepEqual(sent, [["DELETE /account-groups/2005", null]]);
});

/** Pages of one event each; the link of each leads to another host, which must not be asked. */
function log(names) {
  const asked = [];
  const page = ({ query }) => {
    asked.push([query.get("window"), query.get("cursor")]);
    const index = names.indexOf(query.get("cursor") ?? names[0]);
    const next = names[index + 1];
    const event = { event: names[index], date: "2026-01-01T00:00:00Z", user: "Ada (ada@example.com)" };
    const links = next ? { next: { href: `https://elsewhere.example/x?cursor=${next}&window=1s` } } : {};
    return { json: { auditEvents: [event], _links: links } };
  };
  return { asked, page };
}

test("the activity log goes on with the cursor of the next page, as long as there is one", async (t) => {
  const { asked, page: answer } = log(["first", "second", "third"]);
  let fails = false;
  const { page } = await open(t, "activity", {
    "GET /audit-user-events": (request) => (fails ? { status: 404, body: "" } : answer(request)),
  });
  await page.getByText("1 event and more").waitFor();
  const more = page.getByRole("button", { name: "Show more events" });
  await more.press("Enter");
  await page.getByText("2 events and more").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "second");

  fails = true;
  await more.click();
  await page.getByRole("alert").getByRole("heading", { name: "Not found" }).waitFor();
  await page.getByRole("cell", { name: "Ada (ada@example.com)" }).first().waitFor();
  fails = false;
  await more.click();
  await page.getByText("3 events in the last 7 days").waitFor();
  assert.equal(await more.isVisible(), false);
  assert.equal(await page.getByRole("alert").count(), 0);
  assert.deepEqual(asked, [["7d", null], ["7d", "second"], ["7d", "third"]]);
});

test("the views are reached by their links, by the keyboard and by the button to go back", async (t) => {
  const { answers } = accountGroups();
  const events = () => ({ json: { auditEvents: [] } });
  const { page } = await open(t, "users", { ...answers, ...organisation(), "GET /audit-user-events": events });
  await page.getByText("40 users").waitFor();
  for (const [name, text] of [["Roles", "2 roles"], ["Account groups", "1 account group"], ["Activity", "0 events"]]) {
    await page.getByRole("link", label(name)).press("Enter");
    await page.getByText(text, { exact: true }).waitFor();
    await page.getByRole("heading", { ...label(name), level: 1 }).waitFor();
    assert.equal(await page.title(), `${name} · thousandeyes-admin`);
    assert.equal(await page.locator('[aria-current="page"]').innerText(), name);
  }
  await page.goBack();
  await page.getByText("1 account group", { exact: true }).waitFor();
  await page.locator(".skip").press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await page.getByText("1 account group", { exact: true }).waitFor();
});

for (const [view, what] of [["roles", "roles"], ["account-groups", "account groups"], ["activity", "events"]]) {
  test(`it says so where ${what} may not be seen, and tries again`, async (t) => {
    const { page } = await open(t, view, { ...organisation(), "GET /audit-user-events": () => ({ json: { auditEvents: [] } }) });
    await page.getByText(new RegExp(`^\\d+ ${what}$`)).waitFor();
    const path = view === "activity" ? "audit-user-events" : view;
    await page.route(`**/te-api/v7/${path}`, (route) => route.fulfill({ status: 403, json: { title: "Forbidden" } }));
    await page.route(`**/te-api/v7/${path}?*`, (route) => route.fulfill({ status: 403, json: { title: "Forbidden" } }));
    await page.getByRole("button", { name: "Reload" }).click();
    await page.getByRole("heading", { name: `You may not see these ${what}` }).waitFor();
    await page.unroute(`**/te-api/v7/${path}`);
    await page.unroute(`**/te-api/v7/${path}?*`);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText(new RegExp(`^\\d+ ${what}$`)).waitFor();
  });
}
