// The demo as plain files on a host that knows nothing of it: the sandbox runs in the page, and nothing leaves it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { chromium } from "playwright-core";

const root = join(import.meta.dirname, "../..");
const types = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript", ".svg": "image/svg+xml", ".wasm": "application/wasm" };
const complaints = [];
const asked = [];
let browser, folder, page, server;

async function answer({ method, url }, outgoing) {
  const { pathname } = new URL(url, "http://localhost");
  asked.push(`${method} ${pathname}`);
  const file = pathname === "/" ? "/index.html" : pathname;
  const content = await readFile(join(folder, file)).catch(() => undefined);
  outgoing.writeHead(content ? 200 : 404, { "content-type": (content && types[extname(file)]) ?? "text/plain" });
  outgoing.end(content ?? "There is no such file.");
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "static-demo-"));
  await promisify(execFile)("npm", ["--silent", "run", "demo", "--", "--static", folder], { cwd: root });
  server = createServer((incoming, outgoing) => void answer(incoming, outgoing)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
  page = await browser.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.setDefaultTimeout(15_000);
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
});

after(async () => {
  await browser?.close();
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

test("the page says where the users are, and lists them", async () => {
  await page.getByText("in this page, all users are invented").waitFor();
  await page.getByText("40 users").waitFor();
});

test("a user is created and deleted", async () => {
  await page.getByRole("button", { name: "Add user" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Grete Sample");
  await page.getByRole("textbox", { name: "E-mail" }).fill("grete.sample@example.com");
  await page.getByRole("button", { name: "Create user" }).click();
  await page.getByText("Grete Sample was created.").waitFor();
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("alertdialog").getByRole("textbox").fill("grete.sample@example.com");
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete user" }).click();
  await page.getByText("Grete Sample was deleted.").waitFor();
});

test("faults work there too", async () => {
  await page.getByLabel("Try a fault").selectOption("forbidden");
  await page.getByText("You may not see these users").waitFor();
  await page.getByLabel("Try a fault").selectOption("none");
  await page.getByText("40 users").waitFor();
});

test("the host was asked for files alone", () => {
  assert.ok(asked.includes("GET /pkg/sandbox/sandbox.mjs"));
  const expected = /^GET \/($|demo\.json$|favicon\.ico$|(app|style|pkg)\/)/;
  assert.deepEqual(asked.filter((line) => !expected.test(line)), []);
  assert.deepEqual(complaints, []);
});

test("a folder that is in use is not written to", async () => {
  const failure = await promisify(execFile)("npm", ["--silent", "run", "demo", "--", "--static", folder], { cwd: root }).catch((error) => error);
  assert.equal(failure.code, 1);
  assert.match(failure.stderr, /is not empty: give --static the name of a new folder\.\n$/);
});
