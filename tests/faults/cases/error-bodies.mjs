/** Every status with every body that an error has been seen with, and some that nobody has seen yet. */
import { create, get, good, once, redirected, remove, serviceError, tooMany, unauthorized, unexpected, update } from "./words.mjs";

const statuses = {
  400: { result: "BadRequestException", code: "bad-request", outcome: "rejected" },
  401: unauthorized,
  403: { result: "ForbiddenException", code: "forbidden", outcome: "rejected" },
  404: { result: "NotFoundException", code: "not-found", outcome: "rejected" },
  405: unexpected,
  406: unexpected,
  408: { ...unexpected, outcome: "unknown" },
  409: unexpected,
  415: unexpected,
  418: unexpected,
  429: tooMany,
  500: serviceError,
  502: serviceError,
  503: serviceError,
  504: serviceError,
  599: serviceError,
};

const bodies = {
  "a problem": '{"type":"about:blank","title":"No","status":400,"detail":"No.","instance":"/v7/users"}',
  "a problem with field errors": '{"title":"No","errors":[{"code":"invalid","field":"email","message":"No."}]}',
  "all in the title": '{"title":"The request has errors. Error in field email: email is malformed."}',
  "an OAuth error": '{"error":"invalid_token","error_description":"No."}',
  "an errorMessage": '{"errorMessage":"401 Not Authorized\\nNo."}',
  "a legacy error": '{"timestamp":1,"httpStatus":"BAD_REQUEST","errors":["No."],"path":"/v7/users"}',
  "no body": "",
  "HTML": "<!DOCTYPE html><html><body><h1>502</h1></body></html>",
  "JSON that is no object": '["no"]',
  "members of the wrong types": '{"title":5,"detail":{},"status":"x","errors":{"a":1}}',
  "errors of the wrong types": '{"title":"No","errors":[null,5,[],{"field":{}}]}',
  "half of a JSON text": '{"title":"No',
  "lists nested 200000 levels deep": "[".repeat(200_000),
  "errors nested 200000 levels deep": `{"errors":${"[".repeat(200_000)}${"]".repeat(200_000)}}`,
  "a title of a million characters": JSON.stringify({ title: "x".repeat(1_000_000) }),
  "10000 errors": JSON.stringify({ errors: Array(10_000).fill({ field: "email", message: "No." }) }),
};

const invalidUtf8 = [0x7b, 0x22, 0x74, 0x69, 0x74, 0x6c, 0x65, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d];

export const errorBodies = [
  ...Object.entries(statuses).flatMap(([status, expected]) =>
    Object.entries(bodies).map(([what, body]) => ({
      name: `${status} with ${what}`,
      server: { status: Number(status), body },
      configuration: once,
      call: get,
      expected: { ...expected, requests: 1 },
    })),
  ),
  ...Object.entries(statuses).map(([status, expected]) => ({
    name: `${status} with invalid UTF-8`,
    server: { status: Number(status), bytes: invalidUtf8 },
    configuration: once,
    call: get,
    expected: { ...expected, requests: 1 },
  })),
  {
    name: "404, of a create: it may have been carried out",
    server: { status: 404 },
    call: create,
    expected: { ...statuses[404], outcome: "unknown", requests: 1 },
  },
  { name: "404, of a delete", server: { status: 404 }, call: remove, expected: { ...statuses[404], requests: 1 } },
  ...[408, 500, 502, 503, 504].flatMap((status) => [
    {
      name: `${status}, of a create: not sent again`,
      server: { status },
      call: create,
      expected: { ...statuses[status], requests: 1 },
    },
    {
      name: `${status} once, of an update: sent again`,
      server: [{ status }, good],
      call: update,
      expected: { result: "success", requests: 2 },
    },
  ]),
  {
    name: "500, then 400, of an update: it may have been the first request that changed",
    server: [{ status: 500 }, { status: 400 }],
    call: update,
    expected: { ...statuses[400], outcome: "unknown", requests: 2 },
  },
  ...[1, 10].map((megabytes) => ({
    name: `502 with ${megabytes} MB of HTML: read and told without holding others up`,
    server: { status: 502, repeat: ["<p>", megabytes * 1_000_000] },
    configuration: once,
    call: async ({ users }) => {
      const { name, body, message, stack } = await users.getUser("1").catch((error) => error);
      return [name, body.length, message.length + stack.length < 10_000];
    },
    expected: { result: "success", value: ["ServiceException", 16_384, true], requests: 1 },
  })),
  {
    name: "an error with cookies: they are not told",
    server: { status: 403, headers: { "set-cookie": "session=te-secret-of-a-session" } },
    call: get,
    expected: { ...statuses[403], requests: 1 },
  },
  {
    name: "the head of an error, then silence",
    server: "silence in the body",
    configuration: { maxRetries: 0, timeout: 500 },
    call: get,
    expected: { result: "TimeoutException", code: "timeout", outcome: "unknown", requests: 1 },
  },
  ...["problem", "escaped", "text"].flatMap((echo) =>
    [401, 500].map((status) => ({
      name: `${status} that repeats the token as ${echo}`,
      server: { status, echo },
      configuration: once,
      call: get,
      expected: { ...statuses[status], requests: 1 },
    })),
  ),
  {
    name: "a redirect that repeats the token",
    server: { status: 302, echo: "text", toForeign: true },
    call: get,
    expected: { ...redirected, requests: 1 },
  },
];
