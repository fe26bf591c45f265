// The package in a browser: loaded as a plain module under the page's Content Security Policy, over the same-origin proxy.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { chromium } from "playwright-core";

import { startPageServer } from "../../www/page-server/server.mjs";
import { startSandbox } from "../../www/sandbox/server.mjs";

const token = "te-token-that-no-browser-may-see";
let browser, page, pageServer, sandboxServer;
const seen = [];

before(async () => {
  sandboxServer = await startSandbox({ port: 0, token });
  const pkg = join(import.meta.dirname, "../../pkg");
  pageServer = await startPageServer({ port: 0, pkg, endpoint: sandboxServer.url, token });
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
  page = await browser.newPage();
  page.on("request", (request) => seen.push(request.url(), JSON.stringify(request.headers())));
  await page.goto(new URL("/demo.json", pageServer.url).href);
});

after(async () => {
  await browser?.close();
  await pageServer?.close();
  await sandboxServer?.close();
});

test("a user is created, listed, changed and deleted", async () => {
  const result = await page.evaluate(async () => {
    const { default: init, UsersApi, NotFoundException } = await import("/pkg/index.js");
    await init();
    const api = new UsersApi({ host: "/te-api/v7" });
    const { data, headers, rateLimit } = await api.createUserWithHttpInfo({ name: "Åsa 山田", email: "asa@example.com" });
    const { users } = await api.getUsers();
    const changed = await api.updateUser(data.uid, { name: "Åsa Yamada" });
    await api.deleteUser(data.uid);
    const gone = await api.getUser(data.uid).catch((error) => error);
    const isListed = users.some(({ uid, name }) => uid === data.uid && name === "Åsa 山田");
    const isGone = gone instanceof NotFoundException && gone instanceof Error;
    return { isListed, changed: changed.name, isGone, code: gone.code, known: rateLimit.known, location: headers.location };
  });
  const { location, ...rest } = result;
  assert.deepEqual(rest, { isListed: true, changed: "Åsa Yamada", isGone: true, code: "not-found", known: true });
  assert.match(location, /\/users\/\d+$/);
});

test("an aborted call rejects with the reason as it is", async () => {
  const reason = await page.evaluate(async () => {
    const { default: init, UsersApi } = await import("/pkg/index.js");
    await init();
    const api = new UsersApi({ host: "/te-api/v7" });
    return api.getUsers({ signal: AbortSignal.abort("user left") }).catch((error) => error);
  });
  assert.equal(reason, "user left");
});

test("use before init says what to do", async () => {
  const fresh = await browser.newPage();
  await fresh.goto(new URL("/demo.json", pageServer.url).href);
  const error = await fresh.evaluate(async () => {
    const { UsersApi } = await import("/pkg/index.js");
    try {
      return new UsersApi({ host: "/te-api/v7" });
    } catch ({ name, message }) {
      return { name, message };
    }
  });
  assert.equal(error.name, "NotInitializedError");
  assert.match(error.message, /await init\(\)/);
});

test("the token never reaches the browser", () => {
  assert.ok(seen.some((text) => text.includes("/te-api/v7/users")));
  assert.ok(!seen.some((text) => text.includes(token)));
});
