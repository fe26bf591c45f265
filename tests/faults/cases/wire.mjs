/** What can happen to a connection. */
import { connection, create, get, good, impatient, list, once, redirected, remove, success, timeout, undecodable, update } from "./words.mjs";

const cut = ["cut body", "reset in the body", "bad gzip"];

export const wire = [
  {
    name: "connection refused: a browser does not tell that nothing was sent",
    isRefused: true,
    call: get,
    expected: { ...connection, outcome: "not-sent", attempts: 3, requests: 0, chromium: { outcome: "unknown" } },
  },
  {
    name: "connection refused, of a create: sent again only where it provably never left",
    isRefused: true,
    call: create,
    expected: { ...connection, outcome: "not-sent", attempts: 3, requests: 0, chromium: { outcome: "unknown", attempts: 1 } },
  },
  { name: "reset, of a read", server: "reset", call: get, expected: { ...connection, requests: 3 } },
  { name: "reset, of a create", server: "reset", call: create, expected: { ...connection, requests: 1 } },
  { name: "reset, of an update", server: "reset", call: update, expected: { ...connection, requests: 3 } },
  { name: "reset, of a delete", server: "reset", call: remove, expected: { ...connection, requests: 3 } },
  {
    name: "reset, of a read that shall not be sent again",
    server: "reset",
    configuration: once,
    call: get,
    expected: { ...connection, requests: 1 },
  },
  { name: "reset once", server: ["reset", good], call: get, expected: { ...success, requests: 2 } },
  { name: "reset once, of an update", server: ["reset", good], call: update, expected: { ...success, requests: 2 } },
  {
    name: "reset, then 404, of a delete: it may have been the first request that deleted",
    server: ["reset", { status: 404 }],
    call: remove,
    expected: { result: "NotFoundException", code: "not-found", outcome: "unknown", requests: 2 },
  },
  {
    name: "reset, then 400, of a read: nothing to be unsure of",
    server: ["reset", { status: 400 }],
    call: get,
    expected: { result: "BadRequestException", code: "bad-request", outcome: "rejected", requests: 2 },
  },
  ...["hang up", "garbage"].map((server) => ({
    name: server,
    server,
    configuration: once,
    call: get,
    expected: { ...connection, requests: 1 },
  })),
  {
    name: "half a head: Chromium takes it for an answer without a body",
    server: "half a head",
    configuration: once,
    call: get,
    expected: { ...connection, requests: 1, chromium: undecodable },
  },
  ...cut.map((server) => ({
    name: `${server}, of a read`,
    server,
    configuration: once,
    call: get,
    expected: { ...connection, requests: 1 },
  })),
  ...cut.map((server) => ({ name: `${server}, of a create`, server, call: create, expected: { ...connection, requests: 1 } })),
  {
    name: "cut chunks: Node takes what came for the whole",
    server: "cut chunks",
    configuration: once,
    call: get,
    expected: { ...undecodable, requests: 1, chromium: connection },
  },
  { name: "cut body, once", server: ["cut body", good], call: list, expected: { ...success, requests: 2 } },
  ...["silence", "silence in the body", "drip"].flatMap((server) => [
    { name: `${server}, of a read`, server, configuration: impatient, call: get, expected: { ...timeout, requests: 1 } },
    {
      name: `${server}, of a create`,
      server,
      configuration: { timeout: 500 },
      call: create,
      expected: { ...timeout, requests: 1 },
    },
    {
      name: `${server}, of an update, twice`,
      server,
      configuration: { timeout: 500, maxRetries: 1 },
      call: update,
      expected: { ...timeout, requests: 2 },
    },
  ]),
  ...[301, 302, 303, 307, 308].flatMap((status) => [
    {
      name: `${status} to a foreign origin, of a read`,
      server: { status, toForeign: true },
      call: get,
      expected: { ...redirected, requests: 1 },
    },
    {
      name: `${status} to a foreign origin, of a create`,
      server: { status, toForeign: true },
      call: create,
      // 302 and 303 are how a form that was carried out points to its result, and Chromium hides which redirect it was.
      expected: {
        ...redirected,
        outcome: [302, 303].includes(status) ? "unknown" : "rejected",
        requests: 1,
        chromium: { outcome: "unknown" },
      },
    },
  ]),
];
