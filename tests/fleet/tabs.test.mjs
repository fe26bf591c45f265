// How the tabs talk to each other, in Node, which has the same channels. tests/browser/tabs.test.mjs has real tabs.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { tabStore } from "../../pkg-template/tabs/tabs.mjs";

const { BroadcastChannel } = globalThis;
const REPORT = { limiter: "one", priority: "interactive", underWay: 0, waiting: 0, timeout: 30_000 };

let channels = 0;
globalThis.BroadcastChannel = class extends BroadcastChannel {
  constructor(name) {
    super(name);
    channels += 1;
    this.unref();
  }
};

/** The locks of a page: this tab gets the one that decides, or another one has it. */
function giveLocks(locks) {
  Object.defineProperty(globalThis, "navigator", { value: { locks }, configurable: true });
}
const decides = { request: async (_, run) => run() };
const waits = { request: () => new Promise(() => {}) };

let keys = 0;
beforeEach(() => (keys += 1));

/** The store of a tab, and a channel to it. */
function open(t, locks) {
  giveLocks(locks);
  const store = tabStore({ name: "test:" });
  const other = new BroadcastChannel(`test:${keys}`);
  t.after(() => other.close());
  return { ask: (report) => store({ key: String(keys), ...REPORT, ...report }), other };
}

test("without locks no channel is made", async (t) => {
  const { ask } = open(t, undefined);
  const before = channels;
  await assert.rejects(ask());
  await assert.rejects(ask());
  assert.equal(channels, before);
});

test("an answer with a hole in it is ignored", async (t) => {
  const { ask, other } = open(t, waits);
  other.onmessage = ({ data: [, number, tab] }) => {
    other.postMessage([2, number, tab, 1, 0, ,]);
    other.postMessage([2, number, tab, 1, 0, 3]);
  };
  assert.deepEqual(await ask(), { granted: true, wait: 0, limiters: 3 });
});

test("a limit of none at all is ignored", async (t) => {
  const { ask, other } = open(t, decides);
  await ask();
  other.postMessage([1, 1, 7, 0, 0, 0, 0, 0, 0, -1, -1, -1]);
  const answered = new Promise((resolve) => (other.onmessage = ({ data }) => data[0] === 2 && resolve()));
  // This one is taken, and comes later.
  other.postMessage([1, 2, 7, 1, 1, 0, 0, 0, -1, -1, -1, -1]);
  await answered;
  assert.deepEqual(await ask(), { granted: true, wait: 0, limiters: 2 });
});

test("a local clock that is days behind that of the API changes nothing", async (t) => {
  const { ask } = open(t, decides);
  const told = { limit: 240, resetAt: Date.now() + 5 * 86_400_000, resetIn: 30_000 };
  assert.equal((await ask({ ...told, remaining: 9 })).granted, true);
  const { granted, wait } = await ask({ ...told, remaining: 0 });
  assert.ok(!granted && wait > 29_000 && wait <= 30_000, `${granted}, ${wait} ms`);
});
