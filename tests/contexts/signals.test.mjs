// Signals of strangers: none gets a way to the client by the listener that it is handed, and whatever one does, the call
// settles, gives its permit back, and leaves the next call alone.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { inspect } from "node:util";

import { ApiClient, UsersApi } from "../../pkg/node.mjs";

const token = "te-token-of-the-signals";
const thrown = new Error("thrown by the signal");
const explode = () => {
  throw thrown;
};

/** Far above what a call takes here; one that is not over then never ends. */
const PATIENCE = 2000;

/** A client with one permit, whose first requests are answered by `begin` or end with their signal, as `fetch` does. */
function office({ begin = good, isTokenLate } = {}) {
  const office = { sent: 0, isDone: false };
  office.client = new ApiClient({
    accessToken: () => (isTokenLate && !office.isDone ? never() : token),
    maxConcurrency: 1,
    // No test waits for it; it ends what one that failed has left behind.
    totalTimeout: 2 * PATIENCE,
    async fetch(input, init) {
      if (office.isDone) return good();
      office.sent += 1;
      return Promise.race([begin(), aborted(new Request(input, init).signal)]);
    },
  });
  office.users = new UsersApi(office.client);
  return office;
}

const good = () => new Response('{"uid":"1"}');
const never = () => new Promise(() => {});
const aborted = (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

/** What is read of a signal, and a way to abort it; `overrides` make it hostile. */
function standIn(overrides = {}) {
  const target = new EventTarget();
  const listeners = new Set();
  const signal = {
    aborted: false,
    reason: undefined,
    addEventListener(type, listener) {
      listeners.add(listener);
      target.addEventListener(type, listener);
    },
    removeEventListener(type, listener) {
      listeners.delete(listener);
      target.removeEventListener(type, listener);
    },
  };
  Object.defineProperties(signal, Object.getOwnPropertyDescriptors(overrides));
  const fire = () => target.dispatchEvent(new Event("abort"));
  const abort = (reason) => {
    if (!("aborted" in overrides)) signal.aborted = true;
    if (!("reason" in overrides)) signal.reason = reason;
    fire();
  };
  return { signal, listeners, fire, abort };
}

/** How a call ended, in a form to compare: the value, or what it was rejected with. */
async function ended(promise) {
  const late = pause(PATIENCE, { late: "never settles" }, { ref: false });
  return Promise.race([promise.then(({ uid }) => ({ uid }), (reason) => ({ reason })), late]);
}

/** After whatever happened, the same client makes its next call. */
async function assertSound(office) {
  office.isDone = true;
  assert.deepEqual(await ended(office.users.getUser("2")), { uid: "1" }, "the next call of the same client");
}

async function assertEnds(office, end, { result, sent }) {
  assert.deepEqual(await end, result);
  await assertSound(office);
  assert.equal(office.sent, sent, "requests that were sent");
}

const success = { uid: "1" };

describe("a listener is a plain function without a way to anything", () => {
  const kinds = {
    "a platform's AbortSignal": () => {
      const controller = new AbortController();
      const { addEventListener, removeEventListener } = EventTarget.prototype;
      const abort = (reason) => controller.abort(reason);
      return { signal: controller.signal, add: addEventListener, remove: removeEventListener, abort };
    },
    "a stand-in": () => {
      const { signal, abort } = standIn();
      return { signal, add: signal.addEventListener, remove: signal.removeEventListener, abort };
    },
  };

  /** Replaces both methods of a signal by ones that write down what they are called with. */
  function watched(make) {
    const { signal, add, remove, abort } = make();
    const calls = [];
    for (const [name, original] of Object.entries({ addEventListener: add, removeEventListener: remove })) {
      const value = function (...given) {
        calls.push({ name, self: this, given });
        return Reflect.apply(original, this, given);
      };
      Object.defineProperty(signal, name, { value });
    }
    return { signal, calls, abort };
  }

  function assertHarmless({ self, given }, signal) {
    const [type, listener, options, ...more] = given;
    assert.equal(self, signal);
    assert.equal(type, "abort");
    assert.equal(typeof listener, "function");
    assert.equal(Object.getPrototypeOf(listener), Function.prototype);
    assert.deepEqual(Reflect.ownKeys(listener).filter((key) => key !== "length" && key !== "name"), []);
    for (const value of Object.values(options ?? {})) assert.equal(typeof value, "boolean");
    assert.deepEqual(more, []);
    const shown = inspect(given, { depth: Infinity, showHidden: true, getters: true });
    assert.ok(!shown.includes(token), shown);
  }

  for (const [kind, make] of Object.entries(kinds)) {
    for (const [end, { begin, result, act }] of Object.entries({
      "that succeeds": { result: success, act: () => {} },
      "that is aborted": { begin: never, result: { reason: "left" }, act: ({ abort }) => abort("left") },
    })) {
      test(`${kind}, of a call ${end}`, async () => {
        const subject = office({ begin });
        const { signal, calls, abort } = watched(make);
        const end = ended(subject.users.getUser("1", { signal }));
        await pause(5);
        act({ abort });
        await assertEnds(subject, end, { result, sent: 1 });
        assert.ok(calls.some(({ name }) => name === "addEventListener"), "it listens");
        for (const call of calls) assertHarmless(call, signal);
        const listeners = (method) => calls.filter(({ name }) => name === method).map(({ given }) => given[1]);
        const removed = listeners("removeEventListener");
        assert.ok(listeners("addEventListener").every((listener) => removed.includes(listener)), "it no longer listens");
      });
    }
  }

  test("no frame of the package on the stack of the signal's methods gives a function or a `this`", async () => {
    const given = [];
    const look = () => {
      const { prepareStackTrace, stackTraceLimit } = Error;
      Error.stackTraceLimit = Infinity;
      Error.prepareStackTrace = (_, frames) => frames;
      const frames = new Error().stack.filter((frame) => /[\\/]pkg[\\/]/.test(frame.getFileName()));
      given.push(...frames.map((frame) => [frame.getThis(), frame.getFunction()]));
      Object.assign(Error, { prepareStackTrace, stackTraceLimit });
    };
    const subject = office();
    const { signal } = standIn({ addEventListener: look, removeEventListener: look });
    assert.deepEqual(await ended(subject.users.getUser("1", { signal })), success);
    assert.ok(given.length > 0);
    assert.deepEqual(given.filter(([self, work]) => self !== undefined || work !== undefined), []);
  });

  const odd = {
    "nothing": [undefined, []],
    "another this": [{ aborted: false, signal: {}, call: {} }, [{ type: "abort" }]],
    "null": [null, [null, null, null]],
    "an event whose properties throw": [globalThis, [new Proxy({}, { get: explode, has: explode, ownKeys: explode })]],
    "functions": [() => {}, [() => {}, class {}]],
  };

  for (const [name, given] of Object.entries(odd)) {
    test(`called with ${name} it ends the call with the signal's reason, and gives nothing`, async () => {
      const subject = office({ begin: never });
      const { signal, listeners } = standIn();
      const end = ended(subject.users.getUser("1", { signal }));
      await pause(5);
      Object.assign(signal, { aborted: true, reason: "left" });
      const [listener] = listeners;
      assert.equal(Reflect.apply(listener, ...given), undefined);
      await assertEnds(subject, end, { result: { reason: "left" }, sent: 1 });
    });

    test(`called with ${name} after the end it does nothing`, async () => {
      const subject = office();
      const { signal, listeners } = standIn({ removeEventListener() {} });
      assert.deepEqual(await ended(subject.users.getUser("1", { signal })), success);
      Object.assign(signal, { aborted: true, reason: "left" });
      const [listener] = listeners;
      assert.equal(Reflect.apply(listener, ...given), undefined);
      const others = Array.from({ length: 3 }, () => ended(subject.users.getUser("1")));
      assert.equal(Reflect.apply(listener, ...given), undefined);
      assert.deepEqual(await Promise.all(others), Array(3).fill(success));
      await assertSound(subject);
    });
  }
});

/** When it aborts: what the client and its `fetch` are like, and how long until then. */
const phases = {
  "before the call": { isEarly: true, sent: 0 },
  "in the turn of the call": { isAtOnce: true, sent: 0 },
  "while the token is awaited": { isTokenLate: true, sent: 0 },
  "while it is queued": { begin: never, isQueued: true, sent: 1 },
  "while the request is under way": { begin: never, sent: 1 },
  "while the body comes": { begin: () => ({ status: 200, headers: {}, arrayBuffer: never }), sent: 1 },
  "while it waits for another attempt": { begin: () => new Response("", { status: 503 }), sent: 1 },
};

const reasons = {
  "rejects with the reason": [{}, "left"],
  "rejects with a reason that is a thenable, untouched": [{}, { then: explode }],
  "rejects with what its `reason` throws": [{ get reason() { throw thrown; } }, undefined, thrown],
};

describe("a signal that aborts", () => {
  for (const [when, { isEarly, isAtOnce, isQueued, sent, ...setting }] of Object.entries(phases)) {
    for (const [what, [overrides, given, expected]] of Object.entries(reasons)) {
      test(`${when}: the call ${what}`, async () => {
        const subject = office(setting);
        const { signal, abort } = standIn(overrides);
        const first = new AbortController();
        const ahead = isQueued && ended(subject.users.getUser("0", { signal: first.signal }));
        if (isEarly) abort(given);
        const end = ended(subject.users.getUser("1", { signal }));
        if (!isAtOnce) await pause(5);
        if (!isEarly) abort(given);
        const { reason, ...rest } = await end;
        assert.deepEqual(rest, {}, "it is rejected");
        assert.equal(reason, expected ?? given);
        first.abort();
        await ahead;
        await assertSound(subject);
        assert.equal(subject.sent, sent, "requests that were sent");
      });
    }
  }
});

const refused = (signal) => ({ signal, result: "refused", sent: 0 });

/** Makes a signal; `act` is what it does 5 ms after the call was made. */
const hostile = {
  "whose `aborted` throws is refused": () => refused(standIn({ get aborted() { throw thrown; } }).signal),
  "whose `addEventListener` cannot be read is refused": () =>
    refused(standIn({ get addEventListener() { throw thrown; } }).signal),
  "whose `addEventListener` throws is refused": () => refused(standIn({ addEventListener: explode }).signal),
  "that is a proxy whose traps throw is refused": () =>
    refused(new Proxy({}, { get: explode, has: explode, getPrototypeOf: explode })),
  "that is a revoked proxy is refused": () => {
    const { proxy, revoke } = Proxy.revocable(new AbortController().signal, {});
    revoke();
    return refused(proxy);
  },
  "whose `reason` throws, and which never aborts, changes nothing": () => ({
    signal: standIn({ get reason() { throw thrown; } }).signal, result: success, sent: 1,
  }),
  "without `removeEventListener` changes nothing": () => ({
    signal: standIn({ removeEventListener: undefined }).signal, result: success, sent: 1,
  }),
  "whose `removeEventListener` cannot be read changes nothing": () => ({
    signal: standIn({ get removeEventListener() { throw thrown; } }).signal, result: success, sent: 1,
  }),
  "whose `removeEventListener` throws changes nothing": () => ({
    signal: standIn({ removeEventListener: explode }).signal, result: success, sent: 1,
  }),
  "whose `removeEventListener` calls the listener changes nothing": () => ({
    signal: standIn({ removeEventListener: (_, listener) => listener() }).signal, result: success, sent: 1,
  }),
  "whose `aborted` throws once the call is under way changes nothing": () => {
    let isLate = false;
    const { signal } = standIn({ get aborted() { return isLate ? explode() : false; } });
    return { signal, act: () => (isLate = true), result: success, sent: 1 };
  },
  "that is a proxy which is revoked under way changes nothing": () => {
    const { proxy, revoke } = Proxy.revocable(standIn().signal, {});
    return { signal: proxy, act: revoke, result: success, sent: 1 };
  },
  "that aborts by its listener although its `aborted` throws by then: rejects with the reason": () => {
    let isLate = false;
    const { signal, abort } = standIn({ get aborted() { return isLate ? explode() : false; } });
    const act = () => {
      isLate = true;
      abort("left");
    };
    return { signal, act, begin: never, result: { reason: "left" }, sent: 1 };
  },
  "that calls its listener while it is added: rejects with the reason, and nothing is sent": () => ({
    signal: standIn({
      addEventListener(_, listener) {
        Object.assign(this, { aborted: true, reason: "left" });
        listener({ type: "abort" });
      },
    }).signal,
    result: { reason: "left" },
    sent: 0,
  }),
  "that aborts while its listener is added, and does not call it: rejects with the reason, and nothing is sent": () => ({
    signal: standIn({ addEventListener() { Object.assign(this, { aborted: true, reason: "left" }); } }).signal,
    result: { reason: "left" },
    sent: 0,
  }),
  "that calls its listener many times, each with another reason: rejects with the first": () => {
    const { signal, abort } = standIn();
    const act = () => ["first", "second", "third"].forEach(abort);
    return { signal, act, begin: never, result: { reason: "first" }, sent: 1 };
  },
  "whose `reason` is another one at each look: rejects with the first": () => {
    let looks = 0;
    const { signal, abort } = standIn({ get reason() { return `look ${(looks += 1)}`; } });
    return { signal, act: () => [abort(), abort()], begin: never, result: { reason: "look 1" }, sent: 1 };
  },
  "whose `reason` calls the listener again: rejects with the reason": () => {
    let depth = 0;
    const { signal, fire, abort } = standIn({
      get reason() {
        depth += 1;
        if (depth < 5) fire();
        return "left";
      },
    });
    return { signal, act: abort, begin: never, result: { reason: "left" }, sent: 1 };
  },
  "that is a transparent proxy of a platform's: rejects with the reason": () => {
    const controller = new AbortController();
    const bound = (target, key) => (typeof target[key] === "function" ? target[key].bind(target) : target[key]);
    const signal = new Proxy(controller.signal, { get: bound });
    return { signal, act: () => controller.abort("left"), begin: never, result: { reason: "left" }, sent: 1 };
  },
  "that is made by Object.create, of which nothing can be read, is refused": () =>
    refused(Object.create(AbortSignal.prototype)),
};

describe("a signal", () => {
  for (const [name, make] of Object.entries(hostile)) {
    test(name, async () => {
      const { signal, act = () => {}, begin, result, sent } = make();
      const slow = async () => (await pause(20), good());
      const subject = office({ begin: begin ?? slow });
      if (result === "refused") {
        const { reason } = await ended(subject.users.getUser("1", { signal }));
        const { name, path, outcome } = reason ?? {};
        assert.deepEqual([name, path, outcome], ["ApiTypeError", "options.signal", "not-sent"], inspect(reason));
        await assertSound(subject);
        return assert.equal(subject.sent, sent);
      }
      const end = ended(subject.users.getUser("1", { signal }));
      await pause(5);
      act();
      await assertEnds(subject, end, { result, sent });
    });
  }

  test("whose `addEventListener` closes the client: rejects with a ClientClosedException, and nothing is sent", async () => {
    const subject = office();
    const { signal } = standIn({ addEventListener: () => subject.client.close() });
    const { reason } = await ended(subject.users.getUser("1", { signal }));
    assert.deepEqual([reason?.name, reason?.outcome, subject.sent], ["ClientClosedException", "not-sent", 0]);
  });

  test("whose `addEventListener` makes a call of its own: both are answered, each once", async () => {
    const subject = office();
    const inner = [];
    const { signal } = standIn({ addEventListener: () => inner.push(ended(subject.users.getUser("2"))) });
    assert.deepEqual(await ended(subject.users.getUser("1", { signal })), success);
    assert.deepEqual(await Promise.all(inner), [success]);
    assert.equal(subject.sent, 2);
  });
});
