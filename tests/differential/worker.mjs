/** Checks a range of the cases of a seed, in a thread of its own so that a body that never ends can be told. */
import { parentPort, workerData } from "node:worker_threads";

import { Cases } from "./cases.mjs";
import { load, modelsOf } from "./decoders.mjs";
import { feature } from "./features.mjs";
import { check, outcomes } from "./promises.mjs";
import { shrink } from "./shrink.mjs";

const { seed, first, end, progress } = workerData;
// Most mutated bodies are no JSON, and a stack for each error takes longer than all else.
Error.stackTraceLimit = 0;

let decoders = await load();
const cases = new Cases(seed, modelsOf(decoders));
const bits = [0, ...Object.values(feature)];
const counts = bits.map(() => outcomes.map(() => 0));
let failure;

for (let index = first; index < end && !failure; index += 1) {
  progress[0] = index;
  progress[1] += 1;
  const { body, model, windows, isPlain, features } = cases.at(index);
  try {
    const outcome = check(decoders, body, model, windows, isPlain);
    for (let row = 0; row < bits.length; row += 1) {
      if ((features & bits[row]) === bits[row]) counts[row][outcome] += 1;
    }
  } catch (error) {
    failure = { index, problem: error.message, least: await leastOf(Buffer.from(body), model, windows) };
  }
}
parentPort.postMessage({ counts, failure });

/** What of a body is enough to break a promise; nothing where all of it keeps them, and only is not plain. */
async function leastOf(body, model, windows) {
  if ((await problemWith(body)) === undefined) return undefined;
  const least = await shrink(body, async (shorter) => (await problemWith(shorter)) !== undefined);
  return { body: least, problem: await problemWith(least) };

  async function problemWith(some) {
    progress[1] += 1;
    try {
      check(decoders, some, model, windows);
      return undefined;
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) decoders = await load();
      return error.message;
    }
  }
}
