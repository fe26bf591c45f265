/** Hooks that misbehave: a call goes on as without them. */
import { closed, create, get, good, success } from "./words.mjs";

const misbehaviours = {
  throws: () => {
    throw new Error("hook");
  },
  "throws nothing": () => {
    throw undefined;
  },
  rejects: () => Promise.reject(new Error("hook")),
  "never answers": () => new Promise(() => {}),
  "answers something": () => ({ then: "no" }),
};

const all = (hook) => ({ onRequest: hook, onResponse: hook, onRetry: hook, onRateLimit: hook });

export const hooks = [
  ...Object.entries(misbehaviours).map(([what, hook]) => ({
    name: `every hook ${what}`,
    server: [{ status: 503 }, { status: 429 }, good],
    configuration: all(hook),
    call: get,
    expected: { ...success, requests: 3 },
  })),
  {
    name: "every hook rejects with a promise of another realm",
    server: [{ status: 503 }, { status: 429 }, good],
    configuration: ({ foreignPromise }) => all(() => foreignPromise()),
    call: get,
    expected: { ...success, requests: 3 },
  },
  {
    name: "hooks see no token",
    server: [{ status: 503 }, { status: 429, echo: "problem" }, good],
    configuration: ({ memory }) => {
      memory.events = [];
      return all((...given) => memory.events.push(JSON.stringify(given)));
    },
    call: async ({ users, memory }) => {
      await users.getUser("1");
      return [memory.events.length, memory.events.some((event) => event.includes("te-secret"))];
    },
    expected: { ...success, value: [9, false], requests: 3 },
  },
  {
    name: "a hook makes calls of its own",
    configuration: ({ memory }) => ({
      onResponse: ({ operation }) => {
        if (operation === "createUser") memory.inner = memory.users.getUser("2");
      },
    }),
    call: async (tools) => {
      tools.memory.users = tools.users;
      await create(tools);
      return (await tools.memory.inner).uid;
    },
    expected: { ...success, value: "2", requests: 2 },
  },
  {
    name: "a hook closes the client",
    server: { status: 503 },
    configuration: ({ memory }) => ({ onResponse: () => memory.client.close() }),
    call: ({ users, client, memory }) => {
      memory.client = client;
      return users.getUser("1");
    },
    expected: { ...closed, outcome: "unknown", requests: 1, after: "ClientClosedException" },
  },
  {
    name: "a hook closes the client before a create is sent",
    configuration: ({ memory }) => ({ onRequest: () => memory.client.close() }),
    call: (tools) => {
      tools.memory.client = tools.client;
      return create(tools);
    },
    expected: { ...closed, outcome: "not-sent", requests: 0, after: "ClientClosedException" },
  },
  {
    name: "a hook closes the client when the answer is there: it stays the answer",
    server: { status: 404 },
    configuration: ({ memory }) => ({ onResponse: () => memory.client.close() }),
    call: ({ users, client, memory }) => {
      memory.client = client;
      return users.getUser("1");
    },
    expected: { result: "NotFoundException", code: "not-found", requests: 1, after: "ClientClosedException" },
  },
  {
    name: "hooks see nothing of the client",
    configuration: ({ memory }) => ({
      onResponse() {
        memory.self = this;
      },
    }),
    call: async ({ users, memory }) => [(await users.getUser("1")).uid, typeof memory.self],
    expected: { ...success, value: ["1", "undefined"], requests: 1 },
  },
];
