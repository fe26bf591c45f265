// The fault matrix in Chromium: the same table in a page.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { chromium } from "playwright-core";

import { cases } from "./cases/index.mjs";
import { check } from "./check.mjs";
import { MARK } from "./run-case.mjs";
import { startFaultyServer } from "./server/server.mjs";

const printed = [];
const uncaught = [];
let browser, page, server;

before(async () => {
  server = await startFaultyServer();
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
  page = await browser.newPage();
  page.on("console", (message) => isBrowsersOwn(message) || printed.push(message.text()));
  page.on("pageerror", (error) => uncaught.push(String(error?.stack ?? error)));
  await page.goto(server.url);
  await page.evaluate(start);
});

after(async () => {
  await browser?.close();
  await server?.close();
});

/** The browser repeats the reason phrase of the server, which may be a token; no page can keep it from that. */
function isBrowsersOwn(message) {
  return message.text().startsWith("Failed to load resource: the server responded");
}

/** Runs in the page. */
async function start() {
  const pkg = await import("/pkg/index.js");
  await pkg.init();
  const { runCase } = await import("/tests/faults/run-case.mjs");
  const frame = document.body.appendChild(document.createElement("iframe"));

  /** All that can be reached from a value, hidden properties and prototypes too. */
  function inspect(value, seen = new Set()) {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return String(value);
    if (seen.has(value)) return "seen";
    seen.add(value);
    const parts = Reflect.ownKeys(value).map((key) => {
      const { value: own } = Reflect.getOwnPropertyDescriptor(value, key);
      return `${String(key)}: ${inspect(own, seen)}`;
    });
    return `{${parts.join()}} ${inspect(Object.getPrototypeOf(value), seen)}`;
  }

  const foreign = frame.contentWindow;
  const foreignPromise = () => foreign.Promise.reject(new foreign.Error("foreign"));
  const platform = { name: "chromium", origin: "", pkg, inspect, ForeignError: foreign.Error, foreignPromise };
  globalThis.runCase = (index) => runCase(index, platform);
}

// A browser has six connections to an origin at a time; silence and drips keep theirs.
describe("the fault matrix in Chromium", { concurrency: 4 }, () => {
  for (const [index, { name, expected }] of cases.entries()) {
    test(name, async () => check(await page.evaluate((at) => globalThis.runCase(at), index), expected, "chromium"));
  }
});

test("nothing on the console shows a token, and no error went uncaught", () => {
  assert.ok(printed.length > 0);
  assert.deepEqual(printed.filter((text) => text.includes(MARK)), []);
  assert.deepEqual(uncaught, []);
});
