/** Compares the ways of decoding over the bodies of a seed, in threads that are watched. */
import { Worker } from "node:worker_threads";

import { Cases } from "./cases.mjs";
import { build, load, modelsOf } from "./decoders.mjs";
import { describe, table } from "./report.mjs";

/** No body takes so many milliseconds. */
const HANGS = 20_000;

/**
 * Gives what became of the bodies, as numbers and as text; throws what is to be known of one that breaks a promise.
 * The same seed makes the same bodies, whatever their number and that of the threads.
 */
export async function compareAll({ seed, bodies, first = 0, jobs = 1 }) {
  build();
  const began = performance.now();
  const share = Math.ceil(bodies / jobs);
  const starts = Array.from({ length: jobs }, (_, job) => first + job * share);
  const parts = await Promise.all(starts.map((start) => work(seed, start, Math.min(start + share, first + bodies))));
  const addRow = (row, other) => row.map((count, outcome) => count + other[outcome]);
  const addAll = (sum, part) => Object.fromEntries(Object.entries(sum).map(([name, row]) => [name, addRow(row, part[name])]));
  const counts = parts.reduce(addAll);
  const seconds = (performance.now() - began) / 1000;
  const speed = `${bodies} bodies in ${seconds.toFixed(1)} s, ${Math.round(bodies / seconds)} a second`;
  return { counts, text: `seed ${seed}: ${speed}\n${table(counts)}` };
}

async function work(seed, first, end) {
  // The index of the body, and a number that grows as long as something goes on.
  const progress = new Float64Array(new SharedArrayBuffer(16));
  const worker = new Worker(new URL("worker.mjs", import.meta.url), { workerData: { seed, first, end, progress } });
  let watch;
  const { counts, failure } = await new Promise((resolve, reject) => {
    let last;
    watch = setInterval(() => {
      const [index, steps] = progress;
      if (steps === last) resolve({ failure: { index, problem: `it takes more than ${HANGS / 1000} s` } });
      last = steps;
    }, HANGS);
    worker.on("message", resolve);
    worker.on("error", reject);
  });
  clearInterval(watch);
  await worker.terminate();
  if (failure === undefined) return counts;
  const { body, model, windows } = new Cases(seed, modelsOf(await load())).at(failure.index);
  throw new Error(describe({ ...failure, seed, body, model, windows }));
}
