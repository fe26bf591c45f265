/**
 * What of the course of a call must be JavaScript: the caller's async context, and the guard against traps.
 *
 * wasm-bindgen-futures polls the tasks of all calls in one queue, in whichever context comes: what a task called there of
 * the application's would run in another caller's AsyncLocalStorage, span, or request of a Worker. So each call owns a
 * loop, begun in its caller's context. After an `await` it is in that again, and does what the task asks for.
 */
import { InternalError, callersLine } from "./errors.js";
import { listen, platformFetch, readAnswer, reasonOf } from "./platform.js";

/** Something to do. It settles when it is cancelled, too: a task that waits for it is freed only then. */
class Work {
  #settled;
  constructor(context, begin, undo) {
    this.#settled = new Promise((resolve, reject) => Object.assign(this, { context, begin, undo, resolve, reject }));
    // Nobody may be left to wait for it.
    this.#settled.catch(() => {});
  }

  run() {
    try {
      // Not `resolve(begin())`: that would bind the promise to one that may never settle.
      Promise.resolve(this.begin?.()).then(this.resolve, this.reject);
    } catch (error) {
      this.reject(error);
    }
  }

  /** How a task waits for it. */
  then(resolve, reject) {
    const guarded = (wake) => (value) => guard(() => wake(value), this.context);
    this.#settled.then(guarded(resolve), guarded(reject));
  }

  cancel() {
    this.begin = undefined;
    this.undo?.();
    this.resolve();
  }
}

/** The calls whose promises are not settled yet. */
const underWay = new Set();

export class Context {
  #waiting = [];
  #next;
  origin = callersLine();

  constructor() {
    this.#loop();
  }

  async #loop() {
    for (;;) {
      while (this.#waiting.length > 0) this.#waiting.shift().run();
      await new Promise((resolve) => (this.#next = resolve));
    }
  }

  #do(begin, undo) {
    const work = new Work(this, begin, undo);
    this.#waiting.push(work);
    this.#next?.();
    return work;
  }

  /** The promise for the caller: as `promise` is settled, or as `fail` is called after a trap; `key` is the task's. */
  guard(promise, key) {
    return new Promise((resolve, reject) => {
      this.key = key;
      // Later, as the promise may be settled already.
      this.fail = (error) => resolved.then(() => reject(error));
      underWay.add(this);
      const isOver = () => underWay.delete(this);
      promise.then(resolve, reject);
      promise.then(isOver, isOver);
    });
  }

  call(run, argument) {
    return this.#do(() => run(argument));
  }

  /** Tells a hook. What it throws or rejects with changes nothing. */
  notify(hook, event) {
    this.#do(() => hook(event));
  }

  /** Settles when all that was asked for before has been begun. */
  reached() {
    return this.#do();
  }

  sleep(milliseconds) {
    let timer;
    const begin = () => new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)));
    return this.#do(begin, () => clearTimeout(timer));
  }

  /** Calls `fetch`, the platform's if none is given, and reads the answer. A listener of the signal is the application's, too. */
  fetch(fetch, url, init, controller) {
    const begin = async () => readAnswer(await (fetch ?? platformFetch())(url, init));
    return this.#do(begin, () => this.#do(() => controller?.abort()));
  }

  /** Rejects with the signal's reason when it aborts. */
  aborted(signal) {
    const abort = () => work.reject(reasonOf(signal));
    const work = new Work(this, undefined, listen(signal, abort));
    this.end = () => work.cancel();
    if (signal.aborted) abort();
    return work;
  }

  end() {}
}

let pollAll;
/** Ends the call by a key, or else the one that is polled. */
let onTrap;
export const watchTraps = (handler) => (onTrap = handler);

/**
 * Calls into the WebAssembly. Code that cannot panic can still trap, for want of memory. Without this the promise of that
 * call is never settled, the tasks behind it stay where they are, and Node ends the process (wasm-bindgen#2724).
 */
function guard(enter, context) {
  try {
    enter();
  } catch (cause) {
    try {
      onTrap(cause, context?.key);
    } catch {
      for (const { fail } of underWay) fail(new InternalError("The WebAssembly of thousandeyes-admin failed: reload the page or restart the process.", { cause }));
    }
    if (pollAll) queueMicrotask(pollAll);
  }
}

const resolved = Promise.resolve();

/** In place of the global function for wasm-bindgen's glue, which polls its queue of tasks by it. */
export function queueMicrotask(poll) {
  pollAll = poll;
  resolved.then(() => guard(poll));
}
