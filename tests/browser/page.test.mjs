// The page as a person uses it: a user is created, edited and deleted, and the sandbox has what the page says.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startDemoPage } from "./demo-page.mjs";

const token = "te-token-that-no-browser-may-see";
const email = "grete.sample@example.com";
const complaints = [];
let demo, browser, page, pageServer, sandboxServer;

before(async () => {
  demo = await startDemoPage({ token });
  ({ browser, pageServer, sandboxServer } = demo);
  page = await browser.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.setDefaultTimeout(15_000);
  await page.goto(pageServer.url);
});

after(() => demo?.close());

const stored = () => sandboxServer.sandbox.state.users.find((user) => user.email === email);

test("the users are listed, and searched", async () => {
  await page.getByText("40 users").waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("castellane");
  await page.getByText("1 of 40 users").waitFor();
  await page.locator("#search").fill("");
});

test("a user is created", async () => {
  await page.getByRole("button", { name: "Add user" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Grete Sample");
  await page.getByRole("textbox", { name: "E-mail" }).fill(email);
  await page.getByRole("button", { name: "Create user" }).click();
  await page.getByText("Grete Sample was created.").waitFor();
  assert.equal(stored().name, "Grete Sample");
});

test("the user is edited", async () => {
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await page.getByLabel("Name", { exact: true }).fill("Grete Renamed");
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByText("Grete Renamed was saved").waitFor();
  assert.equal(stored().name, "Grete Renamed");
});

test("the user is deleted once the e-mail address is typed", async () => {
  await page.getByRole("button", { name: "Delete…" }).click();
  const remove = page.getByRole("alertdialog").getByRole("button", { name: "Delete user" });
  assert.ok(await remove.isDisabled());
  await page.getByRole("alertdialog").getByRole("textbox").fill(email);
  await remove.click();
  await page.getByText("Grete Renamed was deleted.").waitFor();
  assert.equal(stored(), undefined);
});

test("with ?in-page it works in a sandbox of its own, under the same policy", async () => {
  const before = sandboxServer.sandbox.requests.length;
  await page.goto(`${pageServer.url}?in-page`);
  await page.getByText("in this page, all users are invented").waitFor();
  await page.getByText("40 users").waitFor();
  assert.equal(sandboxServer.sandbox.requests.length, before);
});

test("nothing was reported on the console, and no policy broken", () => assert.deepEqual(complaints, []));
