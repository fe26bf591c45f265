/** Answers of success with every sort of body. */
import { create, get, list, once, success, undecodable, update } from "./words.mjs";

const LEVELS = 200_000;
const nested = (open, close, inside = "") => open.repeat(LEVELS) + inside + close.repeat(LEVELS);

const unusable = {
  "no body": "",
  "blanks": " \r\n ",
  "HTML": "<!DOCTYPE html><html><body>Sign in</body></html>",
  "text": "ok",
  "garbage": "\u0000\u0001\u0002{\u0003",
  "null": "null",
  "a number": "17",
  "a string": '"1"',
  "a list": "[]",
  "an empty object": "{}",
  "another object": '{"status":"ok"}',
  "half an object": '{"uid":"1","name":"Ada',
  "two objects": '{"uid":"1"}{"uid":"2"}',
  "a comma too many": '{"uid":"1",}',
  "a bare control character in a string": '{"uid":"1","name":"\n"}',
  "NaN": '{"uid":NaN}',
  [`lists nested ${LEVELS} levels deep`]: nested("[", "]"),
  [`objects nested ${LEVELS} levels deep`]: nested('{"uid":', "}", "1"),
  [`known objects nested ${LEVELS} levels deep`]: nested('{"_links":{"self":', "}}", "1"),
  [`an unknown property nested ${LEVELS} levels deep`]: `{"uid":"1","news":${nested("[", "]")}}`,
  [`${LEVELS} brackets that stay open`]: "[".repeat(LEVELS),
  [`${LEVELS} brackets that stay open in a known list`]: `{"accountGroupRoles":${"[".repeat(LEVELS)}`,
};

const malformed = {
  "invalid UTF-8": [0x7b, 0x22, 0x75, 0x69, 0x64, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d],
  "UTF-8 that breaks off": [0x7b, 0x22, 0x75, 0x69, 0x64, 0x22, 0x3a, 0x22, 0xe2, 0x82],
  "UTF-16": [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00],
};

const usable = {
  "a byte order mark": ['\ufeff{"uid":"1"}', { uid: "1" }],
  "a number as id": ['{"uid":1}', { uid: "1" }],
  "the object in a list": ['{"users":[{"uid":"1"}]}', { uid: "1" }],
  "half of a surrogate pair, escaped": ['{"uid":"1","name":"\\ud800"}', { uid: "1", name: "\ud800" }],
};

export const successBodies = [
  ...Object.entries(unusable).map(([what, body]) => ({
    name: `200 with ${what}`,
    server: { status: 200, body },
    configuration: once,
    call: get,
    expected: { ...undecodable, requests: 1 },
  })),
  ...Object.entries(malformed).map(([what, bytes]) => ({
    name: `200 with ${what}`,
    server: { status: 200, bytes },
    configuration: once,
    call: get,
    expected: { ...undecodable, requests: 1 },
  })),
  ...Object.entries(usable).map(([what, [body, value]]) => ({
    name: `200 with ${what}`,
    server: { status: 200, body },
    call: get,
    expected: { ...success, value, requests: 1 },
  })),
  {
    name: "200 with __proto__ as a property: one like any other",
    server: { status: 200, body: '{"uid":"1","__proto__":{"polluted":true}}' },
    call: async ({ users }) => {
      const user = await users.getUser("1");
      return [user.polluted === undefined, {}.polluted === undefined];
    },
    expected: { ...success, value: [true, true], requests: 1 },
  },
  {
    name: "201 with HTML, of a create: not sent again, although it may be created",
    server: { status: 201, body: "<html></html>" },
    call: create,
    expected: { ...undecodable, requests: 1 },
  },
  {
    name: "204, of an update",
    server: { status: 204 },
    call: update,
    expected: { ...undecodable, requests: 1 },
  },
  {
    name: "a list of users that is none",
    server: { status: 200, body: '{"users":"none"}' },
    call: list,
    expected: { ...undecodable, requests: 1 },
  },
  {
    name: "a list with items that are no users",
    server: { status: 200, body: '{"users":[null,5,"x",[],{"uid":"1"}]}' },
    call: async ({ users }) => (await users.getUsers()).users,
    expected: { ...success, value: [{ uid: "1" }], requests: 1 },
  },
];
