/**
 * What of the course of a call must be JavaScript: the caller's async context, and the guard against traps.
 *
 * wasm-bindgen-futures has one queue for the tasks of all calls, and polls them in whichever context comes. What a task
 * called from there of the application's would run in another caller's context: another AsyncLocalStorage, another span,
 * in a Worker another request. So each call owns a loop that is begun in its caller's context; an `await` comes back in
 * the context that it was made in, and there the loop does what the task asks for.
 */
import { InternalError } from "./errors.js";
import { readAnswer } from "./fetch.js";

/** A piece of work for the loop. It settles when it is cancelled, too: a task that waits for it is freed only then. */
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
  static sharesWaiting = true;
  #waiting = [];
  #next;
  #leaveSignal;
  /** Where the call was made; its text is made only when it is read. */
  #origin = callersLine();

  constructor() {
    this.#loop();
  }

  async #loop() {
    for (;;) ((this.#waiting.shift() ?? (await new Promise((resolve) => (this.#next = resolve))))().run());
  }

  #do(begin, undo) {
    const work = new Work(this, begin, undo);
    const next = this.#next;
    this.#next = undefined;
    // In a function, as work can be waited for itself.
    if (next) next(() => work);
    else this.#waiting.push(() => work);
    return work;
  }

  get origin() {
    return this.#origin.stack;
  }

  /** The promise for the caller: as `promise` is settled, or as `fail` is called after a trap; `key` is the task's. */
  guard(promise, key) {
    return new Promise((resolve, reject) => {
      this.key = key;
      // Later, as the promise may be settled already.
      this.fail = (error) => resolved.then(() => reject(error));
      underWay.add(this);
      const settled = (settle) => (value) => {
        underWay.delete(this);
        settle(value);
      };
      promise.then(settled(resolve), settled(reject));
    });
  }

  /** Calls a function of the application's with one argument. */
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

  /** Calls `fetch`, the platform's if none is given, and reads what it answers. A listener of the signal is the application's, too. */
  fetch(fetch, url, init, controller) {
    const begin = async () => readAnswer(await (fetch ?? globalThis.fetch)(url, init));
    return this.#do(begin, () => this.#do(() => controller?.abort()));
  }

  /** Rejects with the signal's reason when it aborts. */
  aborted(signal) {
    const work = new Work(this);
    const abort = () => work.reject(reasonOf(signal));
    const leave = listen(signal, abort);
    this.#leaveSignal = () => {
      leave();
      work.cancel();
    };
    if (signal.aborted) abort();
    return work;
  }

  end() {
    this.#leaveSignal?.();
  }
}

/** One listener for each signal, however many calls it has: Node warns of more than ten. */
const listeners = new WeakMap();

function listen(signal, abort) {
  const aborts = listeners.get(signal) ?? new Set();
  if (!listeners.has(signal)) {
    // A plain function: whoever made the signal is handed nothing else.
    aborts.listener = () => aborts.forEach((abort) => abort());
    signal.addEventListener("abort", aborts.listener);
    listeners.set(signal, aborts);
  }
  aborts.add(abort);
  return () => {
    aborts.delete(abort);
    if (aborts.size > 0 || !listeners.delete(signal)) return;
    try {
      signal.removeEventListener("abort", aborts.listener);
    } catch {
      // A stand-in for a signal that cannot be left.
    }
  };
}

function reasonOf(signal) {
  try {
    return signal.reason;
  } catch (error) {
    return error;
  }
}

/** An Error whose stack reaches beyond the WebAssembly to the line that made the call. */
function callersLine() {
  const { stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = stackTraceLimit && stackTraceLimit + 10;
  } catch {
    // Frozen: then it is as long as it is.
  }
  const error = new Error();
  try {
    Error.stackTraceLimit = stackTraceLimit;
  } catch {
    // As above.
  }
  return error;
}

/** For platforms that end what waits for another request: no call of a new client waits for another one. */
export function shareNothing() {
  Context.sharesWaiting = false;
}

let pollAll;
let onTrap;

/** What ends the call by this key, or the one that is polled, when a trap comes. */
export function watchTraps(handler) {
  onTrap = handler;
}

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
      // Not even that can be done any more.
      for (const { fail } of underWay) fail(new InternalError("The WebAssembly of thousandeyes-admin failed.", { cause }));
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
