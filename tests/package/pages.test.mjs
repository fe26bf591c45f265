// The activity log, page by page: a loop sees all of it or an error, and ends what it began.
import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { test } from "node:test";

import { install } from "./support.mjs";

const project = await install();
const { ApiClient, DecodeException, NotFoundException } = await project.import("thousandeyes-admin");

const HOST = "https://te.example/te/v7";
const PATH = "/audit-user-events";

/** A log of so many pages with two events each, and what was asked for. */
function log(pages, { host = HOST, next = (page) => `${host}${PATH}?cursor=${page}&aid=999`, answer, ...configuration } = {}) {
  const asked = [];
  const fetch = async (url, init) => {
    const { pathname, searchParams } = new URL(url);
    const page = Number(searchParams.get("cursor") ?? 1);
    asked.push({ pathname, query: Object.fromEntries(searchParams), page });
    const special = await answer?.(page, init);
    if (special) return special;
    const links = page < pages ? { _links: { next: { href: next(page + 1) } } } : {};
    return Response.json({ auditEvents: [{ event: `${page}a` }, { event: `${page}a` }], ...links });
  };
  const client = new ApiClient({ host, accessToken: "the-token", aid: "7", fetch, ...configuration });
  return { events: (options) => client.userEvents.userEvents(options), client, asked };
}

async function all(events) {
  const names = [];
  for await (const { event } of events) names.push(event);
  return names;
}

const hangs = (_, { signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

test("a loop sees every event, equal ones too, and keeps to the first request but for the cursor", async () => {
  const { events, asked } = log(3);
  assert.deepEqual(await all(events({ window: "7d" })), ["1a", "1a", "2a", "2a", "3a", "3a"]);
  assert.deepEqual(asked.map(({ pathname }) => pathname), Array(3).fill(`/te/v7${PATH}`));
  const first = { aid: "7", window: "7d" };
  assert.deepEqual(asked.map(({ query }) => query), [first, { ...first, cursor: "2" }, { ...first, cursor: "3" }]);
});

test("links on the vendor's host are followed on the configured one", async () => {
  const { events, asked } = log(2, { next: (page) => `https://api.thousandeyes.com/v7${PATH}?cursor=${page}` });
  assert.equal((await all(events())).length, 4);
  assert.equal(asked.length, 2);
});

test("nothing is read before it is wanted, and each loop reads anew", async () => {
  const { events, asked } = log(3);
  const list = events();
  assert.equal(asked.length, 0);
  for await (const _ of list) break;
  assert.equal(asked.length, 1);
  assert.equal((await all(list)).length, 6);
  assert.equal(asked.length, 4);
});

test("a page without events is not the end", async () => {
  const empty = (page) =>
    page === 2 && Response.json({ auditEvents: [], _links: { next: { href: `${HOST}${PATH}?cursor=3` } } });
  assert.deepEqual(await all(log(3, { answer: empty }).events()), ["1a", "1a", "3a", "3a"]);
});

for (const [name, configuration, options, says] of [
  ["a cursor that comes again", { next: () => `${HOST}${PATH}?cursor=2` }, {}, /gave 4 items, but not all: on page 2 .* read already/],
  ["another host", { next: () => `https://evil.example/te/v7${PATH}?cursor=2` }, {}, /gave 2 items, but not all: on page 1 .* another address/],
  ["another path", { next: () => `${HOST}/users?cursor=2` }, {}, /another address/],
  ["more than maxPages", {}, { maxPages: 2 }, /gave 4 items, but not all: .* page 3, and maxPages is 2/],
]) {
  test(`${name} rejects the loop`, async () => {
    const { events } = log(4, configuration);
    const error = await all(events(options)).then(assert.fail, (error) => error);
    assert.ok(error instanceof DecodeException, `${error}`);
    assert.match(error.message, says);
    assert.equal(error.operation, "getUserEvents");
    assert.ok(error.stack.includes("pages.test.mjs"), error.stack);
  });
}

test("a page that fails rejects the loop with its error, and then it is over", async () => {
  const { events } = log(3, { answer: (page) => page === 2 && new Response("", { status: 404 }) });
  const iterator = events()[Symbol.asyncIterator]();
  await iterator.next();
  await iterator.next();
  await assert.rejects(iterator.next(), NotFoundException);
  assert.deepEqual(await iterator.next(), { done: true, value: undefined });
});

test("wrong options reject before anything is sent", async () => {
  for (const [options, path] of [
    [{ maxPages: 0 }, "options.maxPages"],
    [{ maxPages: "all" }, "options.maxPages"],
    [{ window: "7d", startDate: new Date() }, "options.window"],
    [{ startDate: new Date(NaN) }, "options.startDate"],
    [{ pages: 3 }, "options.pages"],
    [5, "options"],
  ]) {
    const { events, asked } = log(1);
    const error = await all(events(options)).then(assert.fail, (error) => error);
    assert.equal(error.path, path, `${error}`);
    assert.equal(asked.length, 0);
  }
});

test("leaving while a page is on its way ends its request and settles what waits for it", async () => {
  let aborted = 0;
  const answer = (page, init) => page === 2 && hangs(page, init).catch((reason) => { aborted += 1; throw reason; });
  const ends = [];
  const { events } = log(3, { answer, onCallEnd: ({ attempts }) => ends.push(attempts) });
  const iterator = events()[Symbol.asyncIterator]();
  await iterator.next();
  await iterator.next();
  const pending = iterator.next();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(await iterator.return("left"), { done: true, value: "left" });
  assert.deepEqual(await pending, { done: true, value: undefined });
  assert.deepEqual(await iterator.next(), { done: true, value: undefined });
  assert.equal(aborted, 1);
  assert.deepEqual(ends, [1, 1]);
});

test("the caller's signal ends it with its own reason", async () => {
  const controller = new AbortController();
  const { events } = log(3, { answer: (page, init) => page === 2 && hangs(page, init) });
  const seen = [];
  const loop = async () => {
    for await (const { event } of events({ signal: controller.signal })) if (seen.push(event) === 2) setTimeout(() => controller.abort("mine"), 10);
  };
  assert.equal(await loop().then(assert.fail, (reason) => reason), "mine");
  assert.deepEqual(seen, ["1a", "1a"]);
});

test("several next at once come one after the other", async () => {
  const { events, asked } = log(2);
  const iterator = events()[Symbol.asyncIterator]();
  const results = await Promise.all(Array.from({ length: 6 }, () => iterator.next()));
  assert.deepEqual(results.map(({ value }) => value?.event), ["1a", "1a", "2a", "2a", undefined, undefined]);
  assert.equal(asked.length, 2);
});

test("each page is read in the context of the loop", async () => {
  const storage = new AsyncLocalStorage();
  const seen = [];
  const { events } = log(3, { answer: () => void seen.push(storage.getStore()), maxConcurrency: 1 });
  const list = events();
  await Promise.all(["a", "b"].map((who) => storage.run(who, () => all(list))));
  assert.deepEqual(seen.toSorted(), ["a", "a", "a", "b", "b", "b"]);
});
