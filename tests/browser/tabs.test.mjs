// The tabs of one origin share a rate limit by tabStore(), in Chromium; and what other scripts of the origin can do to them.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";

import { transform } from "esbuild";
import { chromium } from "playwright-core";

import { startPageServer } from "../../www/page-server/server.mjs";
import { startSandbox } from "../../www/sandbox/server.mjs";
import { example } from "../readme.mjs";

const LIMIT = 40;
const WINDOW = 5000;
const TABS = 4;
const CALLS = 30;
const CHANNEL = "thousandeyes-admin:rate-limit:organisation";

let browser, context, pageServer, sandboxServer;

before(async () => {
  sandboxServer = await startSandbox({ port: 0, rateLimit: LIMIT, rateWindow: WINDOW });
  const { token } = sandboxServer.sandbox.options;
  pageServer = await startPageServer({ port: 0, pkg: join(import.meta.dirname, "../../pkg"), endpoint: sandboxServer.url, token });
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
});

after(async () => {
  await browser?.close();
  await pageServer?.close();
  await sandboxServer?.close();
});

beforeEach(async (t) => {
  sandboxServer.sandbox.reset();
  sandboxServer.sandbox.faults.add({ fault: "latency", ms: 50 });
  // Tabs of one context have one storage, and nothing of the tests before.
  context = await browser.newContext();
  const opened = context;
  t.after?.(() => opened.close());
});

async function open(shares = true) {
  const page = await context.newPage();
  await page.goto(new URL("/demo.json", pageServer.url).href);
  await page.evaluate(async (shares) => {
    const { default: init, UsersApi } = await import("/pkg/index.js");
    const { tabStore } = await import("/pkg/tabs/tabs.mjs");
    await init();
    const counts = { answered: 0, refused: 0, losses: 0, messages: [] };
    const users = new UsersApi({
      host: "/te-api/v7",
      rateLimitKey: "organisation",
      ...(shares && { rateLimitStore: tabStore() }),
      maxRetries: 5,
      onResponse: ({ status }) => (counts.refused += Number(status === 429)),
      onRateLimit: ({ store }) => (counts.losses += Number(store === "lost")),
    });
    Object.assign(globalThis, { users, counts });
  }, shares);
  return page;
}

const call = (page, count) =>
  page.evaluate(async (count) => {
    const began = performance.now();
    const { users, counts } = globalThis;
    await Promise.all(Array.from({ length: count }, () => users.getCurrentUser().then(() => (counts.answered += 1))));
    return { ...counts, milliseconds: performance.now() - began };
  }, count);

const windowBegins = () => new Promise((resolve) => setTimeout(resolve, WINDOW - (Date.now() % WINDOW) + 100));

async function run(pages) {
  await windowBegins();
  const began = Date.now();
  const all = await Promise.all(pages.map((page) => call(page, CALLS)));
  const sum = (name) => all.reduce((total, counts) => total + counts[name], 0);
  const least = (Math.ceil((pages.length * CALLS) / LIMIT) - 1) * WINDOW - (began % WINDOW);
  return { answered: sum("answered"), refused: sum("refused"), losses: sum("losses"), milliseconds: Date.now() - began, least };
}

const inTurn = async (count, make) => {
  const made = [];
  for (let index = 0; index < count; index += 1) made.push(await make());
  return made;
};

test("four tabs share a window, and are hardly ever refused", async (t) => {
  const alone = await run(await inTurn(TABS, () => open(false)));
  const shared = await run(await inTurn(TABS, () => open()));
  for (const [what, { answered, refused, milliseconds, least }] of Object.entries({ alone, shared })) {
    t.diagnostic(`${what}: ${answered} answered, ${refused} answers 429, ${milliseconds} ms, at least ${least} ms`);
  }
  assert.equal(shared.answered, TABS * CALLS);
  assert.equal(shared.losses, 0);
  assert.ok(shared.refused <= 1 && shared.refused < alone.refused, `${shared.refused} and ${alone.refused}`);
  assert.ok(shared.milliseconds <= shared.least + 3000, `${shared.milliseconds} ms`);
});

test("when the tab that decides is closed, another one does", async (t) => {
  const pages = await inTurn(TABS, () => open());
  for (const page of pages) await call(page, 1);
  const running = run(pages.slice(1));
  await windowBegins();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await pages[0].close();
  const { answered, refused, losses, milliseconds, least } = await running;
  t.diagnostic(`${answered} answered, ${refused} answers 429, ${losses} losses, ${milliseconds} ms, at least ${least} ms`);
  assert.equal(answered, (TABS - 1) * (CALLS + 1));
  assert.ok(refused <= 5, `${refused} answers 429`);
  assert.ok(losses < TABS, `${losses} losses`);
});

test("messages hold numbers alone, and what is out of range is ignored", { timeout: 30_000 }, async () => {
  const [first, second] = await inTurn(2, () => open());
  await call(first, 1);
  await first.evaluate((name) => {
    const channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }) => globalThis.counts.messages.push(data);
    globalThis.spy = channel;
  }, CHANNEL);
  const { losses } = await call(second, 3);
  assert.equal(losses, 0);
  const messages = await first.evaluate(() => globalThis.counts.messages);
  const reports = messages.filter(([kind]) => kind === 1);
  assert.ok(reports.length >= 6, `${reports.length} reports`);
  assert.ok(messages.flat().every((part) => Number.isInteger(part)), JSON.stringify(messages));

  // Each would shut the window for the tabs, or would be an answer to everything.
  const report = { kind: 1, number: 1, tab: 7, limiter: 0, priority: 0, underWay: 0, waiting: 0, timeout: 0, limit: 40 };
  const told = { remaining: 0, resetAt: Date.now() + 60_000, resetIn: 60_000 };
  const bad = [
    { ...report, ...told, resetIn: 1e9 },
    { ...report, ...told, resetAt: 9e15 },
    { ...report, ...told, remaining: -1 },
    { ...report, ...told, priority: 3 },
    { ...report, ...told, underWay: 0.5 },
    { ...report, ...told, waiting: -1 },
    { ...report, ...told, limit: 1e9 },
    { ...report, ...told, timeout: Infinity },
    { ...report, ...told, underWay: 1e9 },
    { ...report, ...told, more: 1 },
  ].map(Object.values);
  const { tab } = { tab: reports[0][2] };
  for (let number = 0; number < 40; number += 1) bad.push([2, number, tab, 0, 1e9, 1], [2, number, tab, 0, -5, 1], [2, number, tab, 2, 0, 1], [2, number, tab, 1, 0, 0]);
  bad.push("text", null, { length: 6 }, [], [1], ["1", "2", "3", "4", "5", "6"], new Array(12).fill(null), new Array(12).fill("0"));
  await first.evaluate((bad) => bad.forEach((message) => globalThis.spy.postMessage(message)), bad);
  for (const page of [first, second]) {
    const { milliseconds, losses } = await call(page, 5);
    assert.ok(milliseconds < 1000 && losses === 0, `${milliseconds} ms, ${losses} losses`);
  }
});

test("the example of the README shares a window", async () => {
  const page = await context.newPage();
  const code = example("share-tabs").replace('"thousandeyes-admin"', '"/pkg/index.js"').replace('"thousandeyes-admin/tabs"', '"/pkg/tabs/tabs.mjs"');
  const { code: body } = await transform(code, { loader: "ts" });
  await page.route("**/share.js", (route) => route.fulfill({ body, contentType: "text/javascript" }));
  await page.goto(new URL("/demo.json", pageServer.url).href);
  const result = await page.evaluate(async () => {
    const { users } = await import("/share.js");
    const { held } = await users.getUsers().then(() => navigator.locks.query());
    return held.map(({ name }) => name);
  });
  assert.deepEqual(result, ["thousandeyes-admin:rate-limit:example-networks"]);
});

test("without locks or channels each tab counts for itself", async () => {
  await context.addInitScript(() => delete globalThis.BroadcastChannel);
  const page = await open();
  const { answered, losses, milliseconds } = await call(page, 5);
  assert.deepEqual([answered, losses], [5, 1]);
  assert.ok(milliseconds < 1000, `${milliseconds} ms`);
});
