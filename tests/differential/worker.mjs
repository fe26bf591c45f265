/** Checks a range of the cases of a seed, in a thread of its own so that a body that never ends can be told. */
import { parentPort, workerData } from "node:worker_threads";

import { Cases } from "./cases.mjs";
import { load, modelsOf, withNested } from "./decoders.mjs";
import { feature } from "./features.mjs";
import { check, outcomes } from "./promises.mjs";
import { shrink } from "./shrink.mjs";

const { seed, first, end, progress } = workerData;
// Most mutated bodies are no JSON, and a stack for each error takes longer than all else.
Error.stackTraceLimit = 0;

let decoders = await load();
const models = modelsOf(decoders);
const cases = new Cases(seed, models);
const names = ["all", ...Object.keys(feature), ...withNested(models).map(({ name }) => name)];
const counts = Object.fromEntries(names.map((name) => [name, outcomes.map(() => 0)]));
let failure;

for (let index = first; index < end && !failure; index += 1) {
  progress[0] = index;
  progress[1] += 1;
  const made = cases.at(index);
  const { body, model, windows, isPlain } = made;
  try {
    const outcome = check(decoders, body, model, windows, isPlain);
    count(made, outcome);
  } catch (error) {
    failure = { index, problem: error.message, least: await leastOf(Buffer.from(body), model, windows) };
  }
}
parentPort.postMessage({ counts, failure });

/** Under everything that a body has. What is read as a model counts for it, whatever it holds. */
function count({ model, features, held }, outcome) {
  counts.all[outcome] += 1;
  for (const name in feature) if (features & feature[name]) counts[name][outcome] += 1;
  for (const name of new Set([model.name, ...held])) counts[name][outcome] += 1;
}

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
