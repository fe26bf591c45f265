/**
 * Sees calls through to their ends: asks for the token, sends the request, waits. What a call needs next, and whether
 * anything, is decided in WebAssembly. Nothing of the application's runs while the WebAssembly does: a hook, a `fetch`
 * or a token provider may begin, abort and close whatever it likes.
 */
import { exchange, outcome, withoutToken } from "./fetch.js";

/** What the calls of one client share. */
export class Driver {
  runs = new Map();
  told = [];

  constructor(fetch, accessToken, hooks) {
    this.fetch = fetch;
    this.accessToken = accessToken;
    this.hooks = hooks;
  }

  /** Gives the promise of a call. */
  start(call, id, signal) {
    return new Promise((resolve, reject) => {
      const run = new Run(this, call, id, signal, resolve, reject);
      // Whoever aborts or closes in the same turn wants nothing to be sent.
      queueMicrotask(() => run.begin());
    });
  }

  wake(id) {
    queueMicrotask(() => this.runs.get(id)?.wake());
  }

  close() {
    for (const run of [...this.runs.values()]) run.step((call) => call.closed(run));
  }

  /** Keeps what a hook shall see until the WebAssembly is left. */
  tell(hook, event) {
    this.told.push(() => this.hooks[hook](JSON.parse(event)));
  }

  /** Calls the hooks. What one throws or rejects with changes nothing. */
  flush() {
    for (const call of this.told.splice(0)) (async () => call())().catch(() => {});
  }

  /** Asks for the token; those who need another one at the same time share one question, as long as anybody waits. */
  ask(refresh, run) {
    const ask = async () => this.accessToken({ refresh });
    if (!refresh) return ask();
    const shared = (this.refreshing ??= { token: ask(), waiting: 0 });
    shared.waiting += 1;
    run.undo = () => {
      shared.waiting -= 1;
      if (shared.waiting === 0) this.refreshing = undefined;
    };
    return shared.token;
  }
}

/** One call on its way. */
class Run {
  /** What comes for an earlier turn comes too late. */
  turn = 0;

  constructor(driver, call, id, signal, resolve, reject) {
    this.driver = driver;
    this.call = call;
    this.id = id;
    this.signal = signal;
    this.resolve = resolve;
    this.reject = reject;
    signal?.addEventListener("abort", this);
    driver.runs.set(id, this);
  }

  begin() {
    if (this.signal?.aborted) this.handleEvent();
    else if (this.call) this.step((call) => call.go(this));
  }

  /** The signal aborts. */
  handleEvent() {
    this.end(this.reject, this.signal.reason);
  }

  /** Tells the call what came of its last need, and does what it needs next. */
  step(tell) {
    this.leave();
    try {
      tell(this.call);
    } catch (error) {
      // It cannot go on, say for want of memory.
      return this.end(this.reject, error);
    }
    this.driver.flush();
    // A hook may have aborted it, or closed the client.
    if (this.call) this.next();
  }

  /** Ends what was begun for the last need. */
  leave() {
    this.turn += 1;
    clearTimeout(this.timer);
    this.undo?.();
    this.undo = this.wake = undefined;
  }

  end(settle, value) {
    if (!this.call) return;
    this.leave();
    const { call, driver, id, signal } = this;
    this.call = undefined;
    driver.runs.delete(id);
    signal?.removeEventListener("abort", this);
    try {
      call.free();
    } finally {
      settle(value);
    }
  }

  after(milliseconds, tell) {
    this.timer = setTimeout(() => this.step(tell), milliseconds);
  }

  limit(milliseconds) {
    if (milliseconds > 0) this.after(milliseconds, (call) => call.elapsed(this));
  }

  // What the WebAssembly calls.

  needsWaking(limit) {
    this.next = () => {
      this.wake = () => this.step((call) => call.go(this));
      this.limit(limit);
    };
  }

  needsSleep(milliseconds) {
    this.next = () => this.after(milliseconds, (call) => call.go(this));
  }

  needsToken(limit, refresh) {
    this.next = async () => {
      const { turn } = this;
      this.limit(limit);
      let tell;
      try {
        const token = await this.driver.ask(refresh, this);
        tell = (call) => call.token(this, typeof token === "string" ? JSON.stringify(token) : "");
      } catch (cause) {
        tell = (call) => call.noToken(this, cause);
      }
      if (turn === this.turn) this.step(tell);
    };
  }

  needsAnswer(limit, method, url, headers, body) {
    this.next = async () => {
      const { turn } = this;
      const controller = new AbortController();
      this.undo = () => controller.abort();
      this.limit(limit);
      let tell;
      try {
        const answer = await exchange(this.driver.fetch, method, url, headers, body, controller.signal);
        tell = (call) => call.answered(this, answer.status, answer.reason, answer.headers, answer.body);
      } catch (error) {
        tell = (call) => call.failed(this, withoutToken(error, headers), outcome(error));
      }
      if (turn !== this.turn) return;
      this.undo = undefined;
      this.step(tell);
    };
  }

  succeeds(value) {
    this.next = () => this.end(this.resolve, value);
  }

  succeedsWithHttpInfo(data, answer) {
    this.succeeds({ data, ...JSON.parse(answer) });
  }

  fails(error) {
    this.next = () => this.end(this.reject, error);
  }
}
