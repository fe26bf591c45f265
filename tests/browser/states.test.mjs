// What the page shows where there is no list of users, and that everything can be read: on a phone, and in the dark.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startDemoPage } from "./demo-page.mjs";

const reading = { method: "GET", path: "/users" };
let demo, browser, pageServer, sandboxServer;

before(async () => {
  demo = await startDemoPage();
  ({ browser, pageServer, sandboxServer } = demo);
});

after(() => demo?.close());

/** The page as it is with these faults. */
async function open(t, { faults = [], ...options } = {}) {
  sandboxServer.sandbox.reset();
  for (const fault of faults) sandboxServer.sandbox.faults.add(fault);
  const page = await browser.newPage(options);
  t.after(() => page.close());
  page.setDefaultTimeout(15_000);
  return page;
}

const failures = [
  ["401", { status: 401, body: "oauth" }, "The access token is not accepted", "repeated failures lock the account", 2],
  ["403", { status: 403 }, "You may not see these users", "View all users", 2],
  ["an error", { status: 500 }, "The API has a problem", "this only reads, so nothing was changed", 1],
];

for (const [name, parameters, title, text, paragraphs] of failures) {
  test(`${name} is explained, and tried again`, async (t) => {
    const page = await open(t, { faults: [{ fault: "error", ...parameters, match: reading, count: 3 }] });
    await page.goto(pageServer.url);
    const alert = page.getByRole("alert");
    await alert.getByRole("heading", { name: title }).waitFor();
    const said = await alert.locator("p, dd").allInnerTexts();
    assert.equal(said.filter((line) => line.includes(text)).length, 1, "is said, and only once");
    assert.ok(said.includes(String(parameters.status)));
    assert.equal(await alert.getByRole("paragraph").count(), paragraphs);
    sandboxServer.sandbox.faults.clear();
    await alert.getByRole("button", { name: "Try again" }).click();
    await page.getByText("40 users").waitFor();
  });
}

test("without a user it offers to add the first one", async (t) => {
  const page = await open(t);
  await page.route("**/te-api/v7/users", (route) => route.fulfill({ json: { users: [] } }));
  await page.goto(pageServer.url);
  await page.getByText("0 users", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Add the first user" }).click();
  await page.getByRole("dialog", { name: "New user" }).waitFor();
});

test("a slow answer is announced after a while, and can be given up", async (t) => {
  const page = await open(t, { faults: [{ fault: "hang", match: reading }] });
  await page.clock.install();
  await page.goto(pageServer.url);
  await page.getByText("Loading users").waitFor();
  assert.equal(await page.getByText("The API takes its time.").count(), 0);
  await page.clock.runFor(4000);
  await page.getByText("The API takes its time.").waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("heading", { name: "Cancelled" }).waitFor();
});

test("a wait for the rate limit is announced, and when it goes on", async (t) => {
  const page = await open(t);
  let answers = 0;
  await page.route("**/te-api/v7/users", (route) => {
    answers += 1;
    if (answers > 1) return route.continue();
    const headers = { date: new Date(0).toUTCString(), "retry-after": "2" };
    return route.fulfill({ status: 429, headers, json: { title: "Too many requests" } });
  });
  await page.goto(pageServer.url);
  await page.getByText(/no requests left in this minute: going on in [23] seconds/).waitFor();
  await page.getByText("40 users").waitFor();
});

test("the form waits for nothing that could be read before", async (t) => {
  const page = await open(t);
  await page.goto(pageServer.url);
  const answered = page.waitForResponse("**/users/current");
  await page.getByRole("button", { name: "Robin Castellane" }).click();
  await answered;
  sandboxServer.sandbox.faults.add({ fault: "hang", count: 1000 });
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await page.getByRole("button", { name: "Save changes" }).waitFor();
});

test("account groups and roles come through the package, with its retries", async (t) => {
  const faults = ["/account-groups", "/roles"].map((path) => ({ fault: "error", status: 503, match: { method: "GET", path } }));
  const page = await open(t, { faults });
  await page.goto(pageServer.url);
  await page.getByText("Last call of").click();
  await page.getByText("accountGroups.getAccountGroups()").waitFor();
  await page.getByText("roles.getRoles()").waitFor();
  await page.getByText("Last call of").click();
  await page.getByRole("button", { name: "Add user" }).click();
  await page.getByLabel("Roles in another account group").selectOption("Test Lab");
  await page.getByRole("group", { name: "Test Lab" }).getByText("Service Desk").waitFor();
});

test("the form says which choices could not be read, and why", async (t) => {
  const path = "/roles";
  const page = await open(t, { faults: [{ fault: "error", status: 403, match: { method: "GET", path }, count: 1000 }] });
  await page.goto(pageServer.url);
  await page.getByText("40 users").waitFor();
  await page.getByRole("button", { name: "Add user" }).click();
  await page.getByText("The roles could not be read (No permission)").waitFor();
  assert.equal(await page.getByText("The account groups could not be read").count(), 0);
});

test("the rate limit counts down, and only its numbers are drawn anew", async (t) => {
  const page = await open(t);
  await page.clock.install();
  await page.goto(pageServer.url);
  await page.getByText("40 users").waitFor();
  const text = () => page.locator("#rate").innerText();
  const seconds = async () => Number(/new ones in (\d+) second/.exec(await text())?.[1] ?? 0);
  const [start, icon] = [await seconds(), await page.locator("#rate svg").elementHandle()];
  await page.clock.runFor(2000);
  assert.ok(start === 0 || (await seconds()) < start);
  assert.ok(await icon.evaluate((node) => node.isConnected));
});

test("what cannot be done does not look as if it could, even under the pointer", async (t) => {
  const page = await open(t, { reducedMotion: "reduce" });
  await page.goto(pageServer.url);
  await page.getByRole("button", { name: "Robin Castellane" }).click();
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  const save = page.getByRole("button", { name: "Save changes" });
  const colour = () => save.evaluate((button) => getComputedStyle(button).backgroundColor);
  await page.mouse.move(0, 0);
  const before = await colour();
  await save.hover({ force: true });
  assert.equal(await colour(), before);
});

/** The texts that differ from what is behind them by less than 4.5 to 1, which WCAG 2 asks for. */
function faint() {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const pixel = (colours) => {
    context.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
    }
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (rgb) => {
    const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    const [red, green, blue] = rgb.map((part) => linear(part / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const exempt = ".visually-hidden, :disabled, option";
  const isSeen = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest(exempt);
  const layers = (element) =>
    element ? [...layers(element.parentElement), getComputedStyle(element).backgroundColor] : ["Canvas"];
  const root = document.querySelector("dialog[open]:modal") ?? document.body;
  return [...root.querySelectorAll("*")].flatMap((element) => {
    const texts = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
    const text = texts.map(({ data }) => data.trim()).join("");
    if ((text === "" && !element.matches("input, select")) || !isSeen(element)) return [];
    const behind = layers(element);
    const both = [pixel(behind), pixel([...behind, getComputedStyle(element).color])].map(luminance);
    const ratio = (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
    return ratio < 4.5 ? [`${element.tagName}.${element.className} "${text}" ${ratio.toFixed(2)}`] : [];
  });
}

const isTooWide = () =>
  [document.documentElement, ...document.querySelectorAll("dialog[open], .drawer-body")].some(
    ({ scrollWidth, clientWidth }) => scrollWidth > clientWidth,
  );

const event = {
  date: "2026-01-01T00:00:00Z", event: "User updated.", user: "Robin Castellane (robin.castellane@example.com)", ipAddress: "203.0.113.12",
  accountGroupName: "Headquarters", resources: [{ type: "userDisplayName", name: "Wilhelmina" }],
};

/** Most of what there is to see: how to come there from the one before. */
const sights = {
  list: (page) => page.getByText("40 users").waitFor(),
  "no such user": async (page) => {
    await page.locator("#search").fill("nobody-has-this-name");
    await page.getByText("No such user").waitFor();
  },
  details: async (page) => {
    await page.locator("#search").fill("Wilhelmina");
    await page.getByRole("button", { name: "Wilhelmina" }).click();
    await page.getByRole("button", { name: "Edit", exact: true }).waitFor();
  },
  deleting: async (page) => {
    await page.getByRole("button", { name: "Delete…" }).click();
    await page.getByRole("alertdialog").waitFor();
  },
  editing: async (page) => {
    await page.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    await page.getByRole("button", { name: "Save changes" }).waitFor();
  },
  creating: async (page) => {
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "Add user" }).click();
    await page.getByRole("button", { name: "Create user" }).click();
    await page.getByText("This is required.").first().waitFor();
  },
  roles: async (page) => {
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("link", { name: "Roles" }).click();
    await page.getByText("8 roles").waitFor();
  },
  "details of a role": async (page) => {
    await page.getByRole("button", { name: "Organization Admin" }).click();
    await page.getByText("This role is built in").waitFor();
  },
  "editing a role": async (page) => {
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "User Manager" }).click();
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    await page.getByRole("checkbox", { name: "View all users" }).uncheck();
    await page.getByText("Replaces all permissions of the role").waitFor();
  },
  "account groups": async (page) => {
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "Discard changes" }).click();
    await page.getByRole("link", { name: "Account groups" }).click();
    await page.getByText("6 account groups").waitFor();
  },
  "details of an account group": async (page) => {
    await page.getByRole("button", { name: "Headquarters" }).click();
    await page.getByRole("heading", { name: "13 members" }).waitFor();
  },
  activity: async (page) => {
    await page.getByRole("button", { name: "Close" }).click();
    await page.route("**/audit-user-events?*", (route) => route.fulfill({ json: { auditEvents: [event], _links: { next: { href: "/?cursor=2" } } } }));
    await page.getByRole("link", { name: "Activity" }).click();
    await page.getByText("1 event and more").waitFor();
    await page.unroute("**/audit-user-events?*");
    await page.route("**/audit-user-events?*", (route) => route.fulfill({ status: 404, json: { title: "This page has expired" } }));
    await page.getByRole("button", { name: "Show more events" }).click();
    await page.getByRole("alert").waitFor();
  },
  failing: async (page) => {
    await page.getByRole("link", { name: "Users" }).click();
    await page.getByText("40 users").waitFor();
    await page.getByLabel("Try a fault").selectOption("forbidden");
    await page.getByRole("alert").getByText("Details for a log").click();
  },
};

for (const colorScheme of ["light", "dark"]) {
  test(`in ${colorScheme} colours everything can be read, and nothing is wider than a phone`, async (t) => {
    const page = await open(t, { colorScheme, reducedMotion: "reduce", viewport: { width: 320, height: 640 } });
    await page.goto(pageServer.url);
    for (const [name, come] of Object.entries(sights)) {
      await come(page);
      assert.deepEqual(await page.evaluate(faint), [], name);
      assert.equal(await page.evaluate(isTooWide), false, name);
    }
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(background, colorScheme === "dark" ? "rgb(16, 22, 23)" : "rgb(245, 243, 238)");
  });
}
