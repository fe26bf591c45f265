/** What the two ways of decoding promise for every body, whatever it holds. */
import { isUtf8 } from "node:buffer";

import { same } from "./compare.mjs";

/** What became of a body. */
export const outcomes = ["fast", "slow", "normalised", "another model", "too deep", "not JSON", "not UTF-8"];
const [FAST, SLOW, NORMALISED, ANOTHER, TOO_DEEP, NOT_JSON, NOT_UTF8] = outcomes.keys();

/** Lists and objects within one another that decoding takes; `JSON.parse` has no limit. */
const DEPTH = 128;

const [QUOTE, BACKSLASH, OPEN, CLOSE] = [..."\"\\{}"].map((character) => character.charCodeAt(0));
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]00:00)$/;

/** The links whose addresses decoding gives, in that order. */
const RELATIONS = ["self", "next"];

const NOTHING = Symbol("no JSON");
// Without the byte order mark, as the slow path takes it.
const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Checks one body and gives its outcome; throws where a promise is broken.
 * @param decoders the fast and the slow path
 * @param {Uint8Array} body
 * @param model what it is read as
 * @param {number[]} windows how many bytes the fast path may look at together, each
 * @param {boolean} isPlain whether it must be one for the fast path
 */
export function check(decoders, body, model, windows, isPlain = false) {
  const text = read(body);
  const parsed = text === undefined ? NOTHING : parse(text);
  const [problem, json, isNormalised, ...links] = decoders.slow(body, model.number);
  const outcome = problem === undefined
    ? checkAccepted(text, parsed, json, isNormalised, links, model)
    : checkRefused(problem, text, parsed, model);
  let taken = 0;
  for (const window of windows) {
    const [made, ...found] = decoders.fast(body, model.number, window) ?? [NOTHING];
    if (made === NOTHING) continue;
    taken += 1;
    expect(outcome === SLOW, () => `the fast path takes in windows of ${window} what is ${outcomes[outcome]}`);
    expect(same(made, parsed, model), () => `the fast path makes ${show(made)} in windows of ${window}`);
    RELATIONS.forEach((relation, at) => {
      const [fast, slow] = [found[at], links[at]];
      expect(fast === slow, () => `the ${relation} link is ${fast} in windows of ${window}, by the slow path ${slow}`);
    });
  }
  expect(taken === 0 || taken === windows.length, () => "whether the fast path takes it depends on the window");
  expect(taken > 0 || !isPlain, () => "the fast path leaves it, though nothing is unusual");
  return taken > 0 ? FAST : outcome;
}

function checkAccepted(text, parsed, json, isNormalised, links, model) {
  expect(parsed !== NOTHING, () => "the slow path takes what JSON.parse refuses");
  expect(depth(text) <= DEPTH, () => "the slow path takes what is nested too deeply");
  expect(json === undefined || isNormalised, () => "the slow path changes the text and tells nothing");
  const value = json === undefined ? parsed : parse(json);
  expect(value !== NOTHING, () => `the slow path normalises it to what JSON.parse refuses: ${json}`);
  expect(isTelling(model, value), () => "the slow path takes what has none of the properties that are expected");
  expect(isObjectOf(model, value, !isNormalised), () => `the slow path gives what is not of the model: ${show(value)}`);
  RELATIONS.forEach((relation, at) => {
    const link = hasLink(model, relation) ? value._links?.[relation]?.href?.toWellFormed() : undefined;
    expect(link === links[at], () => `the ${relation} link is ${link}, by the slow path ${links[at]}`);
  });
  return isNormalised ? NORMALISED : SLOW;
}

/** Whether a link is one that the model knows. The same name in an object without pages is only unknown. */
function hasLink(model, relation) {
  return model.known.get("_links")?.of?.known.has(relation) ?? false;
}

/** Whether a value has what an answer of its model must have: its list, or anything but HAL's own properties. */
function isTelling({ properties, required }, value) {
  if (required !== null) return Object.hasOwn(value, required);
  return properties.some(({ name }) => !name.startsWith("_") && Object.hasOwn(value, name));
}

function checkRefused(problem, text, parsed, model) {
  const isText = !problem.startsWith("is not UTF-8");
  expect(isText === (text !== undefined), () => `the slow path says that it ${problem}; Node does not agree`);
  if (!isText) return NOT_UTF8;
  if (problem.includes("nested too deeply")) {
    expect(depth(text) > DEPTH, () => `the slow path says that it ${problem}`);
    return TOO_DEEP;
  }
  const isJson = problem !== "is empty" && !problem.startsWith("is not JSON");
  expect(isJson === (parsed !== NOTHING), () => `the slow path says that it ${problem}; JSON.parse does not agree`);
  if (!isJson) return NOT_JSON;
  expect(isOfAnotherModel(problem, parsed, model), () => `the slow path says that it ${problem}`);
  return ANOTHER;
}

function isOfAnotherModel(problem, parsed, { properties, required }) {
  if (!isObject(parsed)) return problem.endsWith("not an object");
  // For `null` there is an empty list.
  if (problem.startsWith("has no list")) return parsed[required] !== null && !Array.isArray(parsed[required]);
  const tells = (property) => !property.name.startsWith("_") && Object.hasOwn(parsed, property.name);
  const isTold = properties.some((property) => tells(property) && fits(property, parsed[property.name], true));
  return problem.startsWith("has none") && !isTold;
}

/** Where the slow path has something to tell, dates may still be what they were. */
function isObjectOf(model, value, withDates) {
  if (!isObject(value)) return false;
  for (const property of model.properties) {
    if (Object.hasOwn(value, property.name) && !fits(property, value[property.name], withDates)) return false;
  }
  return true;
}

function fits({ shape, of }, value, withDates) {
  switch (shape) {
    case "Flag":
      return typeof value === "boolean";
    case "One":
      return isObjectOf(of, value, withDates);
    case "Many":
      return Array.isArray(value) && value.every((item) => isObjectOf(of, item, withDates));
    case "Date":
      return typeof value === "string" && (!withDates || DATE.test(value));
    default:
      return typeof value === "string";
  }
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The most brackets that are open at a time, whether the text is JSON or not. */
function depth(text) {
  let open = 0;
  let most = 0;
  let isString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === BACKSLASH) at += 1;
    else if (character === QUOTE) isString = !isString;
    else if (isString) continue;
    // The bit makes a bracket the brace that is like it.
    else if ((character | 0x20) === OPEN) most = Math.max(most, (open += 1));
    else if ((character | 0x20) === CLOSE) open -= 1;
  }
  return most;
}

/** The error of a decoder takes longer than all else, so it is asked only where there is none. */
function read(body) {
  return isUtf8(body) ? decoder.decode(body) : undefined;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return NOTHING;
  }
}

function show(value) {
  return value === undefined ? "undefined" : JSON.stringify(value).slice(0, 2000);
}

function expect(holds, say) {
  if (!holds) throw new Error(say());
}
