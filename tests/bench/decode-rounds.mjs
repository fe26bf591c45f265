/** Compares the ways to decode a body, in Node or in a page. */
import { bodyOf } from "./bodies.mjs";
import { inRounds, ratiosTo } from "./rounds.mjs";

const REFERENCE = "JSON.parse";

/** How long each design is warmed up, in milliseconds; engines compile what is used often. */
const WARM_UP = 300;

/** A major collection takes compiled code with the last object that it was compiled for: so some stay. */
const alive = [];

/**
 * @param {Record<string, { decoderOf: Function, asJson?: Function }>} designs see peers/index.mjs
 * @param {object} options
 * @param {string} [options.operation] whose answer is decoded
 * @param {number[]} options.sizes how many items the list of a body has
 * @param {string} [options.variant] of the body
 * @param {number} options.rounds a fifth of them where one decode takes long
 * @param {number} options.sample how long the reference is timed at a time, in milliseconds
 * @returns {Promise<Record<string, Record<string, number>>>} ratios by size and design
 */
export async function decodeInRounds(designs, { operation = "getUsers", sizes, variant, rounds, sample }) {
  const results = {};
  const decoders = Object.fromEntries(Object.entries(designs).map(([name, { decoderOf }]) => [name, decoderOf(operation)]));
  for (const decode of Object.values(decoders)) alive.push(decode(bodyOf(operation, 100, variant)));
  for (const size of sizes) {
    const bytes = bodyOf(operation, size, variant);
    requireSameValues(designs, operation, bytes);
    const once = Math.max(...Object.values(decoders).map((decode) => warmUp(decode, bytes)));
    const repeats = Math.ceil(sample / warmUp(decoders[REFERENCE], bytes));
    const turns = once > 50 ? Math.ceil(rounds / 5) : rounds;
    const garbage = once > 50 ? "major" : "minor";
    const measure = (name) => timed(decoders[name], bytes, repeats, garbage);
    const measured = await inRounds(Object.keys(decoders), turns, measure);
    results[size] = ratiosTo(REFERENCE, measured);
  }
  return results;
}

/** Gives how long decoding takes once it is warm. */
function warmUp(decode, bytes) {
  const start = performance.now();
  let times = 0;
  do {
    decode(bytes);
    times += 1;
  } while (performance.now() - start < WARM_UP);
  return (performance.now() - start) / times;
}

/** All values are kept to the end, so that none is cheaper for being garbage; that of others is collected before. */
function timed(decode, bytes, repeats, garbage) {
  globalThis.gc({ type: garbage });
  const kept = new Array(repeats);
  const start = performance.now();
  for (let index = 0; index < repeats; index += 1) kept[index] = decode(bytes);
  const time = performance.now() - start;
  return kept.length === repeats ? time : NaN;
}

function requireSameValues(designs, operation, bytes) {
  const expected = canonical(JSON.parse(new TextDecoder().decode(bytes)));
  for (const [name, { decoderOf, asJson = (value) => value }] of Object.entries(designs)) {
    const value = asJson(decoderOf(operation)(bytes), operation);
    if (canonical(value) !== expected) throw new Error(`${name} decodes a body of ${operation} to another value.`);
  }
}

/** JSON with sorted keys: the order of properties is nobody's promise. */
function canonical(value) {
  const sorted = (_key, item) =>
    item?.constructor === Object ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item;
  return JSON.stringify(value, sorted);
}
