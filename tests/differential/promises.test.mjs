// The fuzzer's own judgement: decoders that are wrong in one thing each are told.
import assert from "node:assert/strict";
import { test } from "node:test";

import { same } from "./compare.mjs";
import { check } from "./promises.mjs";

const link = { properties: [{ name: "href", shape: "Address", of: null }] };
const relation = (name) => ({ name, shape: "One", of: link });
const links = { properties: ["self", "next"].map(relation) };
const user = {
  properties: [
    { name: "uid", shape: "Id", of: null },
    { name: "name", shape: "Text", of: null },
    { name: "lastLogin", shape: "Date", of: null },
    { name: "_links", shape: "One", of: links },
  ],
  required: null,
};
const selfLinks = { properties: [relation("self")] };
const withoutPages = {
  ...user,
  properties: user.properties.map((property) => (property.of === links ? { ...property, of: selfLinks } : property)),
};
for (const model of [link, links, user, selfLinks, withoutPages]) {
  model.known = new Map(model.properties.map((property) => [property.name, property]));
}

const BODY =
  '{"a":-0,"uid":"1","_links":{"self":{"href":"x"},"next":{"href":"n"}},"b":[{"c":1,"d":{}}],"__proto__":{"e":1},' +
  '"b":[{"c":1,"d":2}]}';
const ACCEPTED = [undefined, undefined, false, "x", "n"];
const NORMALISED = [undefined, '{"uid":"5"}', true];

/** Runs the check with what the two ways are to give: the fast one a change of the right value, or nothing. */
function judge(body, { slow = ACCEPTED, change, selfLink = "x", nextLink = "n", isPlain = false, model = user }) {
  const decoders = {
    slow: () => slow,
    fast: () => {
      if (change === undefined) return undefined;
      const value = JSON.parse(body);
      return [change(value) ?? value, selfLink, nextLink];
    },
  };
  return check(decoders, Buffer.from(body), model, [1], isPlain);
}

test("what is right is taken", () => {
  assert.equal(judge(BODY, { change: () => {} }), 0);
  assert.equal(judge(BODY, {}), 1);
  assert.equal(judge(BODY, { slow: [undefined, undefined, false, "x"], model: withoutPages }), 1);
  assert.equal(judge('{"uid":5}', { slow: NORMALISED }), 2);
  assert.equal(judge("{}", { slow: ["has none of the properties that were expected"] }), 3);
  assert.equal(judge("{", { slow: ["is not JSON: it ends too early, at byte 1"] }), 5);
});

const wrongValues = {
  "zero without its sign": (value) => void (value.a = 0),
  "a property that is missing": (value) => void delete value.uid,
  "a property too many": (value) => void (value.z = undefined),
  "the first of two by the same name": (value) => void (value.b[0].d = {}),
  "__proto__ as the prototype": ({ __proto__: _, ...value }) => Object.assign(Object.create({ e: 1 }), value),
  "__proto__ that is lost": (value) => void delete value.__proto__,
  "an order that is not the text's": (value) => void (value.b[0] = { d: 2, c: 1 }),
  "unknown properties in another order": ({ a, ...value }) => ({ ...value, a }),
  "a property that cannot be changed": (value) => void Object.defineProperty(value, "a", { writable: false }),
  "an object in place of a list": (value) => void (value.b = { ...value.b }),
  "a list that is too long": (value) => void value.b.push(null),
};
for (const [name, change] of Object.entries(wrongValues)) {
  test(`the fast path gives ${name}`, () => assert.throws(() => judge(BODY, { change }), /the fast path makes/));
}

const wrongAnswers = {
  "the fast path gives another self link": [BODY, { change: () => {}, selfLink: "y" }],
  "the fast path leaves a plain body": [BODY, { isPlain: true }],
  "the fast path takes what is normalised": ['{"uid":5}', { slow: NORMALISED, change: () => {} }],
  "the slow path gives another self link": [BODY, { slow: [undefined, undefined, false, "y", "n"] }],
  "the fast path gives another next link": [BODY, { change: () => {}, nextLink: "y" }],
  "the fast path gives no next link": [BODY, { change: () => {}, nextLink: null }],
  "the slow path gives another next link": [BODY, { slow: [undefined, undefined, false, "x", "y"] }],
  "the slow path gives a next link of what has no pages": [BODY, { model: withoutPages }],
  "the slow path changes the text and tells nothing": [BODY, { slow: [undefined, '{"uid":"1"}', false] }],
  "the slow path normalises to what is no JSON": [BODY, { slow: [undefined, "{", true, undefined] }],
  "the slow path keeps a wrong type": ['{"uid":5}', { slow: [undefined, undefined, false] }],
  "the slow path keeps a wrong date": ['{"lastLogin":"-"}', { slow: [undefined, undefined, false] }],
  "the slow path takes an object with links alone": ['{"_links":{}}', { slow: [undefined, undefined, false] }],
  "the slow path takes what is no JSON": ['{"uid":"\t"}', {}],
  "the slow path takes what is too deep": [`{"uid":"1","a":${"[".repeat(128)}${"]".repeat(128)}}`, {}],
  "the slow path refuses JSON": [BODY, { slow: ["is not JSON: a value was expected, at byte 1"] }],
  "the slow path refuses UTF-8": [BODY, { slow: ["is not UTF-8 from byte 1 on"] }],
  "the slow path refuses what is not too deep": [BODY, { slow: ["is not JSON: it is nested too deeply, at byte 1"] }],
  "the slow path refuses an object of the model": [BODY, { slow: ["has none of the properties that were expected"] }],
};
for (const [name, [body, answers]] of Object.entries(wrongAnswers)) {
  test(name, () => assert.throws(() => judge(body, answers), Error));
}

test("the order of known properties is free", () => {
  assert.ok(same({ uid: "1", name: "x", z: 1, y: 2 }, { z: 1, name: "x", y: 2, uid: "1" }, user));
});
