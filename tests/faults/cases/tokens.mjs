/** The access token: unusable ones, providers that fail, and a refused one that is replaced. */
import { get, impatient, once, serviceError, success, timeout, unauthorized, update, wrongType, wrongValue } from "./words.mjs";

const SECRET = "te-secret";
const until = (isHealed, { sound }) => (faulty) => (...given) => (isHealed() ? sound : faulty(...given));
/** A provider that misbehaves until the good call. */
const provider = (faulty) => ({ isHealed, token }) => ({ accessToken: until(isHealed, { sound: token })(faulty) });

const unusable = {
  "a newline at its end": [`${SECRET}\n`, wrongValue],
  "a line break and a header": [`${SECRET}\r\nX-Injected: 1`, wrongValue],
  "a space": [`${SECRET} two`, wrongValue],
  "a space at its start": [` ${SECRET}`, wrongValue],
  "a tab": [`${SECRET}\t`, wrongValue],
  "a zero byte": [`${SECRET}\u0000`, wrongValue],
  "a letter beyond ASCII": [`${SECRET}é`, wrongValue],
  "half of a surrogate pair": [`${SECRET}\ud800`, wrongValue],
  nothing: ["", wrongValue],
  "a number": [5, wrongType],
  "an object": [{ token: SECRET }, wrongType],
};

const quoted = `${SECRET}"quoted\\'<b>`;

export const tokens = [
  ...Object.entries(unusable).flatMap(([what, [accessToken, expected]]) => [
    { name: `a token with ${what}`, configuration: { accessToken }, call: get, expected },
    {
      name: `a provider of a token with ${what}`,
      configuration: provider(() => accessToken),
      call: get,
      expected,
    },
  ]),
  {
    name: "a token with quotes is one like any other",
    server: { status: 401, unlessToken: quoted },
    configuration: { accessToken: quoted },
    call: get,
    expected: { ...success, requests: 1 },
  },
  ...["problem", "escaped", "text"].map((echo) => ({
    name: `a token with quotes that is repeated as ${echo}`,
    server: { status: 401, echo },
    configuration: { accessToken: quoted },
    call: get,
    expected: { ...unauthorized, requests: 1 },
  })),
  ...Object.entries({
    "throws an Error": () => {
      throw new Error("no token");
    },
    "throws a string": () => {
      throw "no token";
    },
    "rejects with an Error": () => Promise.reject(new Error("no token")),
    "rejects with undefined": () => Promise.reject(undefined),
  }).map(([what, faulty]) => ({
    name: `a provider that ${what}`,
    configuration: provider(faulty),
    call: get,
    expected: wrongValue,
  })),
  {
    name: "a provider that gives nothing",
    configuration: provider(() => undefined),
    call: get,
    expected: wrongType,
  },
  {
    name: "a provider that never answers",
    configuration: (tools) => ({ ...impatient, ...provider(() => new Promise(() => {}))(tools) }),
    call: get,
    expected: { ...timeout, outcome: "not-sent", requests: 0 },
  },
  {
    name: "401 with a fixed token: sent once, because repeated failures lock the account",
    server: { status: 401 },
    call: get,
    expected: { ...unauthorized, requests: 1 },
  },
  {
    name: "401, and a provider that gives the same token again",
    server: { status: 401 },
    configuration: ({ token }) => ({ accessToken: () => token }),
    call: get,
    expected: { ...unauthorized, requests: 1 },
  },
  {
    name: "401, and a provider that gives another token",
    server: { status: 401, unlessToken: `${SECRET}-new` },
    configuration: ({ token }) => ({ accessToken: ({ refresh }) => (refresh ? `${SECRET}-new` : token) }),
    call: update,
    expected: { ...success, requests: 2 },
  },
  {
    name: "401, and no retries: the provider is not asked again",
    server: { status: 401, unlessToken: `${SECRET}-new` },
    configuration: ({ token }) => ({ ...once, accessToken: ({ refresh }) => (refresh ? `${SECRET}-new` : token) }),
    call: get,
    expected: { ...unauthorized, requests: 1 },
  },
  {
    name: "401 for another token, too",
    server: { status: 401 },
    configuration: ({ token }) => ({ accessToken: ({ refresh }) => (refresh ? `${SECRET}-new` : token) }),
    call: get,
    expected: { ...unauthorized, requests: 2 },
  },
  ...Object.entries({
    "that fails when it shall refresh": () => Promise.reject(new Error("no token")),
    "that gives an unusable token when it shall refresh": () => `${SECRET}\n`,
  }).map(([what, refreshed]) => ({
    name: `401, and a provider ${what}`,
    server: { status: 401 },
    configuration: ({ token }) => ({ accessToken: ({ refresh }) => (refresh ? refreshed() : token) }),
    call: get,
    expected: { ...unauthorized, requests: 1 },
  })),
  {
    name: "401, and a provider that never answers when it shall refresh",
    server: { status: 401 },
    configuration: ({ token }) => ({
      timeout: 500,
      accessToken: ({ refresh }) => (refresh ? new Promise(() => {}) : token),
    }),
    call: get,
    expected: { ...unauthorized, requests: 1 },
  },
  {
    name: "401 for many calls at once: they share one refresh",
    server: { status: 401, unlessToken: `${SECRET}-new` },
    configuration({ token, memory }) {
      memory.refreshes = 0;
      const refresh = async () => {
        memory.refreshes += 1;
        await new Promise((resolve) => setTimeout(resolve, 500));
        memory.token = `${SECRET}-new`;
        return memory.token;
      };
      return { accessToken: (why) => (why.refresh ? refresh() : (memory.token ?? token)) };
    },
    call: async ({ users, memory }) => {
      const answers = await Promise.all(["1", "2", "3", "4", "5"].map((id) => users.getUser(id)));
      return { uids: answers.map(({ uid }) => uid), refreshes: memory.refreshes };
    },
    expected: { ...success, value: { uids: ["1", "2", "3", "4", "5"], refreshes: 1 }, requests: 10 },
  },
  {
    name: "401 for many calls at once, of which the first is aborted during the refresh",
    server: { status: 401, unlessToken: `${SECRET}-new` },
    configuration({ token, memory }) {
      memory.refreshes = 0;
      const refresh = async () => {
        memory.refreshes += 1;
        memory.refreshing();
        await new Promise((resolve) => setTimeout(resolve, 500));
        return `${SECRET}-new`;
      };
      return { accessToken: (why) => (why.refresh ? refresh() : token) };
    },
    call: async ({ users, seen, memory }) => {
      const controller = new AbortController();
      const refreshing = new Promise((resolve) => (memory.refreshing = resolve));
      const first = users.getUser("1", { signal: controller.signal }).catch((error) => error);
      await seen(1);
      await refreshing;
      const second = users.getUser("2");
      await seen(2);
      controller.abort("left");
      return [await first, (await second).uid, memory.refreshes];
    },
    expected: { ...success, value: ["left", "2", 1], requests: 3 },
  },
  {
    name: "401, and a refresh that hangs once: the next call asks anew",
    server: { status: 401, unlessToken: `${SECRET}-new` },
    configuration({ token, memory }) {
      memory.refreshes = 0;
      const refresh = () => {
        memory.refreshes += 1;
        return memory.refreshes === 1 ? new Promise(() => {}) : `${SECRET}-new`;
      };
      return { timeout: 500, accessToken: (why) => (why.refresh ? refresh() : token) };
    },
    call: async ({ users, memory }) => {
      const { name } = await users.getUser("1").catch((error) => error);
      return [name, (await users.getUser("2")).uid, memory.refreshes];
    },
    expected: { ...success, value: ["UnauthorizedException", "2", 2], requests: 3 },
  },
  {
    name: "401, and a refresh whose call is aborted: its answer is for nobody",
    server: { status: 401, unlessToken: `${SECRET}-second` },
    configuration({ token, memory }) {
      memory.refreshes = 0;
      const refresh = async () => {
        memory.refreshes += 1;
        memory.refreshing();
        return memory.refreshes === 1 ? new Promise(() => {}) : `${SECRET}-second`;
      };
      return { accessToken: (why) => (why.refresh ? refresh() : token) };
    },
    call: async ({ users, memory }) => {
      const controller = new AbortController();
      const refreshing = new Promise((resolve) => (memory.refreshing = resolve));
      const first = users.getUser("1", { signal: controller.signal }).catch((error) => error);
      await refreshing;
      controller.abort("left");
      return [await first, (await users.getUser("2")).uid, memory.refreshes];
    },
    expected: { ...success, value: ["left", "2", 2], requests: 3 },
  },
  {
    name: "401, another token, then 503: the new token is sent again",
    server: [{ status: 401 }, { status: 503 }, { status: 401, unlessToken: `${SECRET}-new` }],
    configuration: ({ token }) => ({
      maxRetries: 2,
      accessToken: ({ refresh }) => (refresh ? `${SECRET}-new` : token),
    }),
    call: get,
    expected: { ...success, requests: 3 },
  },
  {
    name: "401, another token, then 503 twice, and one retry allowed: the other token does not count",
    server: [{ status: 401 }, { status: 503 }, { status: 503 }],
    configuration: ({ token }) => ({
      maxRetries: 1,
      accessToken: ({ refresh }) => (refresh ? `${SECRET}-new` : token),
    }),
    call: get,
    expected: { ...serviceError, requests: 3 },
  },
  {
    name: "401 twice, and the second answer repeats the first token",
    server: [{ status: 401 }, { status: 401, body: `{"title":"${SECRET}-first was refused"}` }],
    configuration: { accessToken: ({ refresh }) => (refresh ? `${SECRET}-other` : `${SECRET}-first`) },
    call: get,
    expected: { ...unauthorized, requests: 2 },
  },
  {
    name: "401, and a refresh that aborts its own call at once: the next call asks anew",
    server: { status: 401, unlessToken: `${SECRET}-new` },
    configuration: ({ token, memory }) => ({
      accessToken({ refresh }) {
        if (!refresh) return token;
        const isFirst = !memory.controller.signal.aborted;
        memory.controller.abort("left");
        return isFirst ? `${SECRET}-stale` : `${SECRET}-new`;
      },
    }),
    call: async ({ users, memory }) => {
      memory.controller = new AbortController();
      const { signal } = memory.controller;
      return [await users.getUser("1", { signal }).catch((reason) => reason), (await users.getUser("2")).uid];
    },
    expected: { ...success, value: ["left", "2"], requests: 3 },
  },
  {
    name: "a provider sees nothing of the client",
    configuration: ({ token, memory }) => ({
      accessToken() {
        memory.self = this;
        return token;
      },
    }),
    call: async ({ users, memory }) => [(await users.getUser("1")).uid, typeof memory.self],
    expected: { ...success, value: ["1", "undefined"], requests: 1 },
  },
];
