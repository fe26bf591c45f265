/** A caller's signal, before, during and after. The call rejects with the signal's own reason, whatever that is. */
import { reason, success, wrongType } from "./words.mjs";

const one = { ...reason, requests: 1 };

const reasons = { "an Error": new Error("left"), "a string": "left", "no reason": undefined, null: null, "a number": 0 };

const hostile = new Proxy({}, { get: () => { throw new Error("no"); } });

/** Aborts once so many requests are at the server. */
const abortAt = (count, why, call = (users, options) => users.getUser("1", options)) =>
  async ({ users, seen, aborter }) => {
    const controller = aborter();
    const promise = call(users, { signal: controller.signal });
    await seen(count);
    controller.abort(why);
    return promise;
  };

export const aborts = [
  ...Object.entries(reasons).flatMap(([what, why]) => [
    {
      name: `abort before, with ${what}`,
      server: "silence",
      call: ({ users, aborter }) => {
        const controller = aborter();
        controller.abort(why);
        return users.getUser("1", { signal: controller.signal });
      },
      expected: { ...reason, requests: 0 },
    },
    { name: `abort during silence, with ${what}`, server: "silence", call: abortAt(1, why), expected: { ...reason, requests: 1 } },
    {
      name: `abort while the body comes, with ${what}`,
      server: "drip",
      call: abortAt(1, why),
      expected: { ...reason, requests: 1 },
    },
    {
      name: `abort after, with ${what}`,
      call: async ({ users, aborter }) => {
        const controller = aborter();
        const { uid } = await users.getUser("1", { signal: controller.signal });
        controller.abort(why);
        return uid;
      },
      expected: { ...success, value: "1", requests: 1 },
    },
  ]),
  {
    name: "abort of a create under way",
    server: "silence",
    call: abortAt(1, "left", (users, options) => users.createUser({ name: "Ada" }, options)),
    expected: { ...reason, requests: 1 },
  },
  {
    name: "abort by a signal whose reason is undefined",
    server: "silence",
    call: ({ users, rejectsWith }) => {
      rejectsWith(undefined);
      return users.getUser("1", { signal: { aborted: true, reason: undefined, addEventListener() {}, removeEventListener() {} } });
    },
    expected: { ...reason, requests: 0 },
  },
  ...[
    ["nothing is sent", { server: "silence" }],
    ["a fetch of the application's is not called", { fetch: () => () => new Promise(() => {}) }],
  ].map(([what, where]) => ({
    name: `abort in the same turn in which the call was made: ${what}`,
    ...where,
    call: ({ users, aborter }) => {
      const controller = aborter();
      const promise = users.getUser("1", { signal: controller.signal });
      controller.abort("left");
      return promise;
    },
    expected: { ...reason, requests: 0 },
  })),
  ...Object.entries({ onRequest: { ...reason, requests: 0 }, onResponse: one, onRetry: one }).map(([hook, expected]) => ({
    name: `abort in ${hook}`,
    server: { status: 503 },
    configuration: ({ memory }) => ({ [hook]: () => memory.controller.abort("left") }),
    call: ({ users, aborter, memory }) => {
      memory.controller = aborter();
      return users.getUser("1", { signal: memory.controller.signal });
    },
    expected,
  })),
  {
    name: "abort, and a listener of the request's signal closes the client",
    fetch: ({ memory }) => (request) => {
      request.signal.addEventListener("abort", () => memory.client.close());
      setTimeout(() => memory.controller.abort("left"));
      return new Promise(() => {});
    },
    call: ({ users, client, aborter, memory }) => {
      memory.client = client;
      memory.controller = aborter();
      return users.getUser("1", { signal: memory.controller.signal });
    },
    expected: { ...reason, requests: 1, after: "ClientClosedException" },
  },
  {
    name: "a stand-in for a signal that cannot be left",
    call: ({ users }) => users.getUser("1", { signal: { aborted: false, addEventListener() {} } }),
    expected: { result: "success", requests: 1 },
  },
  {
    name: "abort while the application is asked for the token",
    configuration: { accessToken: () => new Promise(() => {}) },
    call: ({ users, aborter }) => {
      const controller = aborter();
      const promise = users.getUser("1", { signal: controller.signal });
      setTimeout(() => controller.abort("left"), 50);
      return promise;
    },
    expected: { ...reason, requests: 0 },
    after: async () => "not asked: there is no token",
  },
  {
    name: "abort while waiting for another attempt",
    server: "reset",
    configuration: ({ memory }) => ({ onRetry: () => setTimeout(() => memory.controller.abort("left")) }),
    call: ({ users, aborter, memory }) => {
      memory.controller = aborter();
      return users.getUser("1", { signal: memory.controller.signal });
    },
    expected: { ...reason, requests: 1 },
  },
  {
    name: "abort while waiting for a place",
    server: "silence",
    configuration: { maxConcurrency: 1 },
    call: async ({ users, seen, aborter }) => {
      const first = new AbortController();
      const ahead = users.getUser("1", { signal: first.signal }).catch(() => {});
      await seen(1);
      const second = aborter();
      const waiting = users.getUser("2", { signal: second.signal });
      second.abort("left");
      await waiting.catch(() => {});
      first.abort();
      await ahead;
      return waiting;
    },
    expected: { ...reason, requests: 1 },
  },
  {
    name: "abort while waiting for the rate limit",
    server: { status: 429, resetIn: 30 },
    configuration: { maxRetries: 0 },
    call: async ({ users, aborter }) => {
      await users.getUser("1").catch(() => {});
      const controller = aborter();
      const waiting = users.getUser("2", { signal: controller.signal });
      setTimeout(() => controller.abort("left"));
      return waiting;
    },
    expected: { ...reason, requests: 1, after: "the reason" },
    // The window is still spent, so the good call would wait for it; it is ended as well.
    after: (users, { aborter }) => {
      const controller = aborter();
      setTimeout(() => controller.abort("left"));
      return users.getUser("1", { signal: controller.signal });
    },
  },
  {
    name: "abort of one of many calls leaves the others alone",
    configuration: { maxConcurrency: 2 },
    call: async ({ users }) => {
      const controller = new AbortController();
      const calls = Array.from({ length: 10 }, (_, index) =>
        users.getUser(`${index + 1}`, index === 4 ? { signal: controller.signal } : {}),
      );
      controller.abort();
      return (await Promise.allSettled(calls)).map(({ value }) => value?.uid ?? null);
    },
    expected: { ...success, value: ["1", "2", "3", "4", null, "6", "7", "8", "9", "10"], requests: 9 },
  },
  {
    name: "a signal that is none",
    call: ({ users }) => users.getUser("1", { signal: "soon" }),
    expected: wrongType,
  },
  {
    name: "a signal whose properties throw",
    call: ({ users }) => users.getUser("1", { signal: hostile }),
    expected: wrongType,
  },
];
