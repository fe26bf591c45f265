/**
 * `npm run fuzz -- --bodies 10000000 --seed 1`: compares the fast path of decoding, the slow one and JSON.parse over
 * generated and mutated bodies. `--first 123 --bodies 1` makes one body of a seed again; `--jobs 2` uses two threads.
 */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";

import { compareAll } from "./compare-all.mjs";

const { values } = parseArgs({
  options: {
    bodies: { type: "string", default: "1000000" },
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
    first: { type: "string", default: "0" },
    jobs: { type: "string", default: "1" },
  },
});
try {
  const [bodies, seed, first, jobs] = ["bodies", "seed", "first", "jobs"].map(number);
  console.log((await compareAll({ bodies, seed, first, jobs })).text);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

function number(name) {
  if (!/^\d{1,10}$/.test(values[name])) throw new Error(`--${name} takes a whole number, not ${values[name]}.`);
  return Number(values[name]);
}
