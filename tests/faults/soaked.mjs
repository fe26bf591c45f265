/**
 * A worker that makes a great many calls of some kinds in turn, and tells how they ended and what memory there was after
 * the first of them and after all.
 */
import { parentPort, workerData } from "node:worker_threads";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { begin } from "./soak-kinds.mjs";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

/** The package keeps its memory to itself, so its instance is watched while it is made. */
const { Instance } = WebAssembly;
let memory, tables;
WebAssembly.Instance = class extends Instance {
  constructor(...given) {
    super(...given);
    const exported = Object.values(this.exports);
    memory = exported.find((one) => one instanceof WebAssembly.Memory);
    tables = exported.filter((one) => one instanceof WebAssembly.Table);
  }
};

/** Waits between attempts are short here. */
const { setTimeout: startTimer } = globalThis;
globalThis.setTimeout = (work, delay, ...given) => startTimer(work, delay > 100 && delay < 20_000 ? 0 : delay, ...given);

// Most of what a failing call costs is the text of its stack.
Error.stackTraceLimit = 1;

const pkg = await import("../../pkg/node.mjs");
const { ThousandEyesError } = pkg;

const AT_A_TIME = 100;
/** More at a time at first: memory is as large then as whatever follows may need, however the calls happen to overlap. */
const AT_FIRST = 1.25 * AT_A_TIME;
/** A batch that is not over by then never is. */
const PATIENCE = 20_000;

const strays = [];
process.on("uncaughtException", (error) => strays.push(`uncaught: ${error?.message ?? error}`));
process.on("unhandledRejection", (error) => strays.push(`unhandled: ${error?.message ?? error}`));

const ended = (promise) =>
  promise.then(
    () => "success",
    (error) => (error instanceof ThousandEyesError ? error.name : String(error)),
  );

const { kinds, calls, warmUp } = workerData;
const makers = kinds.map((kind) => begin(kind, { ...pkg, collect }));
const wrong = [];
let done = 0;

async function run(until, atATime) {
  while (done < until && wrong.length === 0) {
    const batch = Array.from({ length: atATime }, (_, index) => makers[(done + index) % makers.length]);
    const results = await all(batch.map(({ call }) => ended(call())));
    batch.forEach(({ kind, expected }, index) => results[index] === expected || wrong.push(`${kind}: ${results[index]}`));
    wrong.push(...strays.splice(0));
    done += atATime;
  }
  await settled();
  return {
    wasm: memory.buffer.byteLength,
    tables: tables.reduce((sum, { length }) => sum + length, 0),
    heap: process.memoryUsage().heapUsed,
  };
}

/** How all of them ended; one that has not ended after a long time never does. */
async function all(promises) {
  const results = Array(promises.length).fill("never settles");
  const each = promises.map((promise, index) => promise.then((result) => (results[index] = result)));
  let patience;
  await Promise.race([Promise.all(each), new Promise((resolve) => (patience = startTimer(resolve, PATIENCE)))]);
  clearTimeout(patience);
  return results;
}

/** Finalisers run between turns. */
async function settled() {
  for (let round = 0; round < 5; round += 1) {
    collect();
    await new Promise((resolve) => startTimer(resolve, 10));
  }
}

const start = performance.now();
const early = await run(warmUp, AT_FIRST);
const late = await run(calls, AT_A_TIME);
parentPort.postMessage({ done, wrong: wrong.slice(0, 3), early, late, seconds: (performance.now() - start) / 1000 });
process.exit();
