/** 429, and how the wait is told. Far-off clocks: the wait is counted from the answer's own Date. */
import { create, get, good, once, success, tooMany } from "./words.mjs";

const YEARS = 10 * 365 * 86_400_000;
const spent = { status: 429, resetIn: 2 };
/** The reset is told in whole seconds, as is the Date that it is counted from. */
const gap = 2000;

export const rateLimits = [
  { name: "429, and no retries", server: spent, configuration: once, call: get, expected: { ...tooMany, requests: 1 } },
  {
    name: "429 with a reset, of a create: sent again after the reset",
    server: [spent, good],
    call: create,
    expected: { ...success, requests: 2, gap },
  },
  {
    name: "429 with a reset, and a local clock that is ten years ahead",
    server: [spent, good],
    clock: YEARS,
    call: get,
    expected: { ...success, requests: 2, gap },
  },
  {
    name: "429 with a reset, and a local clock that is ten years behind",
    server: [spent, good],
    clock: -YEARS,
    call: get,
    expected: { ...success, requests: 2, gap },
  },
  {
    name: "429 with Retry-After",
    server: [{ status: 429, headers: { "retry-after": "2" } }, good],
    call: get,
    expected: { ...success, requests: 2, gap },
  },
  {
    name: "429 with headers that make no sense",
    server: [
      {
        status: 429,
        headers: {
          "retry-after": "soon",
          date: "yesterday",
          "x-organization-rate-limit-limit": "-1",
          "x-organization-rate-limit-remaining": "many",
          "x-organization-rate-limit-reset": "99999999999999999999",
        },
      },
      good,
    ],
    call: get,
    expected: { ...success, requests: 2 },
  },
  {
    name: "429 with a reset later than the call may wait for its turn: it ends at once",
    server: { status: 429, resetIn: 60 },
    configuration: { queueTimeout: 5000, rateLimiter: false },
    call: get,
    expected: { ...tooMany, requests: 1 },
  },
  {
    name: "429 for a call, and the next one of the client waits for the reset, too",
    server: [spent, good],
    configuration: once,
    call: async ({ users }) => {
      const { name } = await users.getUser("1").catch((error) => error);
      return [name, (await users.getUser("2")).uid];
    },
    expected: { ...success, value: ["TooManyRequestsException", "2"], requests: 2, gap },
  },
  {
    name: "429 that asks for more than a minute, which the call has not got: it ends at once, and says when",
    server: { status: 429, headers: { "retry-after": "300" } },
    call: async ({ users }) => {
      const { name, retryAt } = await users.getUser("1").catch((error) => error);
      return [name, Math.abs(retryAt - Date.now() - 300_000) < 10_000];
    },
    expected: { ...success, value: ["TooManyRequestsException", true], requests: 1 },
    after: async () => "not asked: it would wait for a minute",
  },
  {
    name: "429 that asks for a day: the next call waits for a minute at most, and is sent",
    server: [{ status: 429, headers: { "retry-after": "86400" } }, good],
    call: async ({ users, memory }) => {
      await users.getUser("1").catch(() => {});
      const { name } = await users.getUser("2", { queueTimeout: 1000 }).catch((error) => error);
      return [name, memory.waits.every((wait) => wait === undefined || wait <= 66_000)];
    },
    configuration: ({ memory }) => {
      memory.waits = [];
      return { ...once, onRateLimit: ({ wait }) => memory.waits.push(wait) };
    },
    expected: { ...success, value: ["TimeoutException", true], requests: 1 },
    after: async () => "not asked: it would wait for a minute",
  },
  {
    name: "a limit of 0 is none that could be waited for",
    server: [
      {
        status: 200,
        body: '{"uid":"1"}',
        headers: {
          "x-organization-rate-limit-limit": "0",
          "x-organization-rate-limit-remaining": "0",
          "x-organization-rate-limit-reset": "30",
        },
      },
      good,
    ],
    call: async ({ users }) => [(await users.getUser("1")).uid, (await users.getUser("2")).uid],
    expected: { ...success, value: ["1", "2"], requests: 2 },
  },
];
