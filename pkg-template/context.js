/**
 * What of the course of a call must be JavaScript: the caller's async context, and the guard against traps.
 *
 * wasm-bindgen-futures polls the tasks of all calls in one queue, in whichever context comes: what a task called there of
 * the application's would run in another caller's AsyncLocalStorage, span, or request of a Worker. So each call owns a
 * loop, begun in its caller's context. After an `await` it is in that again, and does what the task asks for.
 */
import { InternalError, callersLine } from "./errors.js";
import { listen, platformFetch, readAnswer, reasonOf } from "./platform.js";

/** Something to do. Its `report` is called once, unless it is cancelled before; afterwards it may be that of other work. */
class Work {
  constructor(context, report, begin, undo) {
    Object.assign(this, { context, report, begin, undo });
  }

  run() {
    try {
      this.begin?.(this);
    } catch (error) {
      this.settle(error, true);
    }
  }

  follow(promise) {
    promise.then((value) => this.settle(value), (error) => this.settle(error, true));
  }

  settle(value, isFailure = false) {
    const { report } = this;
    this.report = undefined;
    if (report) guard(report, this.context, value, isFailure);
  }

  cancel() {
    this.report = this.begin = undefined;
    this.undo?.();
  }
}

/** The calls whose promises are not settled yet. */
const underWay = new Set();

export class Context {
  #waiting = [];
  #next;
  #sender;
  origin = callersLine();
  end = () => {};

  constructor() {
    this.#loop();
  }

  async #loop() {
    for (;;) {
      while (this.#waiting.length > 0) this.#waiting.shift().run();
      await new Promise((resolve) => (this.#next = resolve));
    }
  }

  #do(report, begin, undo) {
    const work = new Work(this, report, begin, undo);
    this.#waiting.push(work);
    this.#next?.();
    return work;
  }

  /** The promise for the caller: as `promise` is settled, or as `fail` is called after a trap; `key` is the task's. */
  guard(promise, key) {
    this.key = key;
    underWay.add(this);
    return new Promise((resolve, reject) => {
      const by = (settle) => (value) => (underWay.delete(this), settle(value));
      promise.then(by(resolve), by(reject));
      // Later, as the promise may be settled already.
      this.fail = (error) => resolved.then(() => by(reject)(error));
    });
  }

  call(report, run, argument) {
    return this.#do(report, (work) => work.follow(Promise.resolve(run(argument))));
  }

  /** Tells a hook. What it throws or rejects with changes nothing; a function that the hook of a request gives sends that. */
  notify(hook, event, isRequest) {
    this.call(undefined, isRequest ? (event) => ((this.#sender = undefined), (this.#sender = hook(event))) : hook, event);
  }

  /** Tells when all that was asked for before has been begun. */
  reached(report) {
    return this.#do(report, (work) => work.settle());
  }

  sleep(report, milliseconds) {
    let timer;
    const begin = (work) => (timer = setTimeout(() => work.settle(), milliseconds));
    return this.#do(report, begin, () => clearTimeout(timer));
  }

  /** Calls `fetch`, the platform's if none is given, and reads the answer. A listener of the signal is the application's, too. */
  fetch(report, fetch, url, init, controller) {
    const send = () => (fetch ?? platformFetch())(url, init);
    const begin = (work) => work.follow(readAnswer(typeof this.#sender === "function" ? this.#sender(send) : send()));
    return this.#do(report, begin, () => this.#do(undefined, () => controller?.abort()));
  }

  /** Fails with the signal's reason when it aborts. */
  aborted(report, signal) {
    const work = new Work(this, report);
    const abort = () => work.settle(reasonOf(signal), true);
    this.end = () => work.cancel();
    try {
      work.undo = listen(signal, abort);
      if (signal.aborted) abort();
      return work;
    } catch (error) {
      throw (work.cancel(), error);
    }
  }
}

let pollAll, onTrap;
/** The handler ends the call by a key, or else the one that is polled. */
export const watchTraps = (handler) => (onTrap = handler);

/**
 * Calls into the WebAssembly. Code that cannot panic can still trap, for want of memory. Without this the promise of that
 * call is never settled, the tasks behind it stay where they are, and Node ends the process (wasm-bindgen#2724).
 */
function guard(enter, context, value, isFailure) {
  try {
    enter(value, isFailure);
  } catch (cause) {
    try {
      onTrap(cause, context?.key);
      if (pollAll) queueMicrotask(pollAll);
    } catch { // Nothing in there works any more: to poll it again would fail for ever.
      for (const { fail } of underWay) fail(new InternalError("The WebAssembly of thousandeyes-admin failed: reload the page or restart the process.", { cause }));
    }
  }
}

const resolved = Promise.resolve();

/** In place of the global function for wasm-bindgen's glue, which polls its queue of tasks by it. */
export function queueMicrotask(poll) {
  pollAll = poll;
  resolved.then(() => guard(poll));
}
