/** What belongs to a client: closing, places, the time of a whole call, header fields. */
import { closed, create, get, success, timeout, wrongType, wrongValue } from "./words.mjs";

/** Afterwards the client is closed, and says so. */
const after = "ClientClosedException";

const hostile = {
  get timeout() {
    throw new Error("no");
  },
};

export const clients = [
  {
    name: "close during a flight",
    server: "silence",
    call: async (tools) => {
      const promise = get(tools);
      await tools.seen(1);
      tools.client.close();
      return promise;
    },
    expected: { ...closed, outcome: "unknown", requests: 1, after },
  },
  {
    name: "close while the body comes",
    server: "drip",
    call: async (tools) => {
      const promise = create(tools);
      await tools.seen(1);
      tools.client.close();
      return promise;
    },
    expected: { ...closed, outcome: "unknown", requests: 1, after },
  },
  {
    name: "close while waiting for another attempt: what was answered is known",
    server: { status: 429 },
    configuration: ({ memory }) => ({ onRetry: () => setTimeout(() => memory.client.close()) }),
    call: (tools) => {
      tools.memory.client = tools.client;
      return create(tools);
    },
    expected: { ...closed, outcome: "rejected", requests: 1, after },
  },
  {
    name: "close while waiting for a place: nothing was sent",
    server: "silence",
    configuration: { maxConcurrency: 1 },
    call: async ({ users, client, seen }) => {
      const first = users.getUser("1").catch((error) => error);
      await seen(1);
      const second = users.getUser("2");
      client.close();
      await first;
      return second;
    },
    expected: { ...closed, outcome: "not-sent", requests: 1, after },
  },
  {
    name: "close before, and twice",
    call: (tools) => {
      tools.client.close();
      tools.client.close();
      return get(tools);
    },
    expected: { ...closed, outcome: "not-sent", requests: 0, after },
  },
  {
    name: "close in the same turn in which the call was made",
    call: (tools) => {
      const promise = get(tools);
      tools.client.close();
      return promise;
    },
    expected: { ...closed, outcome: "not-sent", requests: 0, after },
  },
  {
    name: "the whole time is over during silence",
    server: "silence",
    configuration: { timeout: 0, totalTimeout: 500 },
    call: get,
    expected: { ...timeout, requests: 1 },
  },
  {
    name: "the whole time is over before a second attempt could begin",
    server: { status: 503 },
    configuration: { totalTimeout: 200 },
    call: get,
    expected: { result: "ServiceException", code: "service-error", outcome: "unknown", requests: 1 },
  },
  {
    name: "the whole time is over during the second attempt",
    server: ["reset", "silence"],
    configuration: { totalTimeout: 2000 },
    call: create,
    expected: { result: "ConnectionException", code: "connection-failed", outcome: "unknown", requests: 1 },
  },
  {
    name: "the whole time is over during the second attempt, of a read",
    server: ["reset", "silence"],
    configuration: { totalTimeout: 2000 },
    call: get,
    expected: { ...timeout, requests: 2 },
  },
  {
    name: "the time for waiting is over before there is a permit: nothing was sent",
    server: "silence",
    configuration: { maxConcurrency: 1, timeout: 2000, maxRetries: 0 },
    call: async ({ users, seen }) => {
      const first = users.getUser("1").catch(() => {});
      await seen(1);
      const second = users.createUser({ name: "Ada" }, { queueTimeout: 300 });
      await second.catch(() => {});
      await first;
      return second;
    },
    expected: { ...timeout, outcome: "not-sent", requests: 1 },
  },
  {
    name: "no limits at all, and a good answer",
    configuration: { timeout: 0, totalTimeout: 0 },
    call: get,
    expected: { ...success, requests: 1 },
  },
  {
    name: "many calls and one place: all get their turn",
    configuration: { maxConcurrency: 1 },
    call: async ({ users }) => {
      const ids = Array.from({ length: 20 }, (_, index) => `${index + 1}`);
      const answers = await Promise.all(ids.map((id) => users.getUser(id)));
      return answers.every(({ uid }, index) => uid === ids[index]);
    },
    expected: { ...success, value: true, requests: 20 },
  },
  {
    name: "header fields of one's own",
    configuration: { headers: { "X-A": "b" } },
    call: ({ users }) => users.getUser("1", { headers: { "X-A": null, "X-C": "d" } }),
    expected: { ...success, requests: 1 },
  },
  ...Object.entries({
    "a line break": { "X-A": "b\r\nX-C: d" },
    "a letter beyond ASCII": { "X-A": "é" },
    "a name that is none": { "X A": "b" },
    Authorization: { Authorization: "Bearer te-secret" },
    "a length": { "content-length": "1" },
  }).map(([what, headers]) => ({
    name: `header fields with ${what}`,
    call: ({ users }) => users.getUser("1", { headers }),
    expected: wrongValue,
  })),
  {
    name: "header fields that are no object",
    call: ({ users }) => users.getUser("1", { headers: "X-A: b" }),
    expected: wrongType,
  },
  {
    name: "options whose properties throw",
    call: ({ users }) => users.getUser("1", hostile),
    expected: wrongType,
  },
  {
    name: "a request whose properties throw",
    call: ({ users }) =>
      users.createUser({
        get name() {
          throw new Error("no");
        },
      }),
    expected: wrongType,
  },
  {
    name: "a request that cannot be looked into",
    call: ({ users }) => users.createUser(new Proxy({}, { ownKeys: () => { throw new Error("no"); } })),
    expected: wrongType,
  },
];
