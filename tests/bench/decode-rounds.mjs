/** Compares the ways to decode a body, in Node or in a page. */
import { usersBody } from "./bodies.mjs";
import { inRounds, ratiosTo } from "./rounds.mjs";

const REFERENCE = "JSON.parse";

/** How long each design is warmed up, in milliseconds; engines compile what is used often. */
const WARM_UP = 300;

/** A major collection takes compiled code with the last object that it was compiled for: so some stay. */
const alive = [];

/**
 * @param {Record<string, { decode: (bytes: Uint8Array) => unknown, asJson?: (value: unknown) => unknown }>} decoders
 * @param {object} options
 * @param {number[]} options.sizes how many users a body has
 * @param {string} [options.variant] of the body
 * @param {number} options.rounds a fifth of them where one decode takes long
 * @param {number} options.sample how long the reference is timed at a time, in milliseconds
 * @returns {Promise<Record<string, Record<string, number>>>} ratios by size and design
 */
export async function decodeInRounds(decoders, { sizes, variant, rounds, sample }) {
  const results = {};
  for (const { decode } of Object.values(decoders)) alive.push(decode(usersBody(100, variant)));
  for (const size of sizes) {
    const bytes = usersBody(size, variant);
    requireSameValues(decoders, bytes);
    const once = Math.max(...Object.values(decoders).map(({ decode }) => warmUp(decode, bytes)));
    const repeats = Math.ceil(sample / warmUp(decoders[REFERENCE].decode, bytes));
    const turns = once > 50 ? Math.ceil(rounds / 5) : rounds;
    const garbage = once > 50 ? "major" : "minor";
    const measure = (name) => timed(decoders[name].decode, bytes, repeats, garbage);
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

function requireSameValues(decoders, bytes) {
  const expected = canonical(JSON.parse(new TextDecoder().decode(bytes)));
  for (const [name, { decode, asJson = (value) => value }] of Object.entries(decoders)) {
    if (canonical(asJson(decode(bytes))) !== expected) throw new Error(`${name} decodes a body to another value.`);
  }
}

/** JSON with sorted keys: the order of properties is nobody's promise. */
function canonical(value) {
  const sorted = (_key, item) =>
    item?.constructor === Object ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item;
  return JSON.stringify(value, sorted);
}
