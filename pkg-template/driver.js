/**
 * Sees calls through to their ends: asks for the token, sends the request, waits. What a call needs next, and whether
 * anything, is decided in WebAssembly. No function of the application's runs while that decides: a hook, a `fetch`
 * or a token provider may begin, abort and close whatever it likes.
 */
import { ThousandEyesError } from "./errors.js";

/** What the calls of one client share. */
export class Driver {
  runs = new Map();
  told = [];
  // Out of reach: whoever has the signal of a call comes to the driver by its listener, but must not come to the token.
  #text;
  #fields;

  /** @param {string} asked the names of the header fields that a success is asked for, with spaces between them */
  constructor(fetch, accessToken, hooks, asked) {
    this.fetch = fetch;
    this.asked = asked.split(" ");
    this.accessToken = accessToken;
    this.hooks = hooks;
  }

  /** Gives the promise of a call; `whole` says that it shall give all headers, too. */
  start(call, id, signal, whole) {
    return new Promise((resolve, reject) => {
      const run = new Run(this, call, id, signal, whole, resolve, reject);
      // Whoever aborts or closes in the same turn wants nothing to be sent.
      soon(() => run.begin());
    });
  }

  wake(id) {
    soon(() => this.runs.get(id)?.wake());
  }

  close() {
    for (const run of [...this.runs.values()]) run.close();
    this.#text = this.#fields = undefined;
  }

  /** Keeps what a hook shall see until the WebAssembly is left. */
  tell(hook, event) {
    const { [hook]: call } = this.hooks;
    this.told.push(() => call(JSON.parse(event)));
  }

  /** Calls the hooks. What one throws or rejects with changes nothing. */
  flush() {
    for (const call of this.told.splice(0)) (async () => call())().catch(() => {});
  }

  /** Asks for the token; those who need another one at the same time share one question, as long as anybody waits. */
  ask(refresh, run) {
    const { accessToken } = this;
    const ask = async () => accessToken({ refresh });
    if (!refresh) return ask();
    const shared = (this.refreshing ??= { waiting: 0 });
    shared.waiting += 1;
    run.undo = () => {
      shared.waiting -= 1;
      if (shared.waiting === 0 && this.refreshing === shared) this.refreshing = undefined;
    };
    // Last, because whoever is asked may abort the call.
    return (shared.token ??= ask());
  }

  /**
   * Sends a request with `fetch`, the platform's if none is given, and reads the answer to its end: its status, its head
   * and its bytes. A head is one line, such as `GET https://…` or a reason phrase, and a line for each header field. Of
   * a success, unless it is wanted `whole`, only those fields are read that the client goes by.
   */
  async exchange(head, body, signal, whole) {
    const { fetch } = this;
    const [space, end] = [head.indexOf(" "), head.indexOf("\n")];
    const [method, url] = [head.slice(0, space), head.slice(space + 1, end)];
    // Redirects are not followed: the token goes to no other host.
    const init = { method, headers: this.fieldsOf(head.slice(end + 1)), body, redirect: "manual", signal };
    const answer = await (fetch ? fetch(makeRequest(url, init)) : globalThis.fetch(url, init));
    const status = answer?.status;
    const isStatus = status === 0 || (Number.isInteger(status) && status >= 100 && status <= 999);
    if (!isStatus || answer.type === "error") throw new NoResponse();
    const asked = status >= 200 && status < 300 && !whole ? this.asked : undefined;
    const said = `${oneLine(answer.statusText ?? "")}\n${lines(answer.headers, asked)}`;
    return [status, said, answer.arrayBuffer ? view(await answer.arrayBuffer()) : await bytes(answer)];
  }

  /** Most requests of a client have the same header fields. The object is new: whoever wraps `fetch` may add to it. */
  fieldsOf(text) {
    if (text !== this.#text) {
      this.#text = text;
      this.#fields = Object.fromEntries(text.split("\n").map((line) => line.split(/: (.*)/, 2)));
    }
    return { ...this.#fields };
  }
}

const resolved = Promise.resolve();

/** Like `queueMicrotask`, which costs more in Node. */
function soon(work) {
  resolved.then(work);
}

/** One call on its way. */
class Run {
  /** What comes for an earlier turn comes too late. */
  turn = 0;
  /** Whether anything was begun for the need of this turn. */
  isBegun = false;
  /** What to do for the need of this turn, how to undo it, and how to wake the call from it. */
  next = undefined;
  undo = undefined;
  wake = undefined;
  timer = undefined;
  /** How the promise is settled, once there is a result, and what the result is. */
  settle = undefined;
  result = undefined;

  constructor(driver, call, id, signal, whole, resolve, reject) {
    this.driver = driver;
    this.call = call;
    this.id = id;
    this.signal = signal;
    this.whole = whole;
    this.resolve = resolve;
    this.reject = reject;
    signal?.addEventListener("abort", this);
    driver.runs.set(id, this);
  }

  begin() {
    if (this.signal?.aborted) this.handleEvent();
    else this.step("go");
  }

  /** The signal aborts. */
  handleEvent() {
    this.end(this.reject, this.signal.reason);
  }

  /** The client is closed; a result that is there already stays what it is. */
  close() {
    if (!this.settle) this.step("closed", this.isBegun);
  }

  /**
   * Tells the call what came of its last need, by the method of this name, and does what it needs next. What is told has
   * no rest parameter: engines take long over one before they compile the code.
   */
  step(what, a, b, c) {
    const { call, driver } = this;
    if (!call) return;
    this.leave();
    try {
      // By the clock whose origin src/wasm/driver.rs knows.
      call[what](this, performance.now(), a, b, c);
    } catch (cause) {
      return this.end(this.reject, failure(cause));
    }
    const { turn } = this;
    if (driver.told.length > 0) driver.flush();
    // A hook may have aborted it, or closed the client.
    if (!this.call || turn !== this.turn) return;
    if (this.settle) return this.end(this.settle, this.result);
    this.isBegun = true;
    this.next();
  }

  /** Ends what was begun for the last need. */
  leave() {
    const { timer, undo } = this;
    this.turn += 1;
    this.isBegun = false;
    this.undo = this.wake = this.timer = undefined;
    if (timer !== undefined) clearTimeout(timer);
    undo?.();
  }

  end(settle, value) {
    const { call, driver, id, signal } = this;
    if (!call) return;
    this.call = undefined;
    settle(value);
    driver.runs.delete(id);
    this.leave();
    try {
      signal?.removeEventListener?.("abort", this);
      call.free();
    } catch {
      // A signal that is none, or a call that failed in the middle: it is over either way.
    }
  }

  after(milliseconds, what) {
    this.timer = setTimeout(() => this.step(what), milliseconds);
  }

  limit(milliseconds) {
    if (milliseconds > 0) this.after(milliseconds, "elapsed");
  }

  // What the WebAssembly calls.

  needsWaking(limit) {
    this.next = () => {
      this.wake = () => this.step("go");
      this.limit(limit);
    };
  }

  needsSleep(milliseconds) {
    this.next = () => this.after(milliseconds, "go");
  }

  needsToken(limit, refresh) {
    this.next = () => {
      const { turn } = this;
      this.limit(limit);
      const comes = (what, detail) => {
        if (turn === this.turn) this.step(what, detail);
      };
      this.driver.ask(refresh, this).then(
        (token) => comes("token", typeof token === "string" ? JSON.stringify(token) : ""),
        (cause) => comes("noToken", cause),
      );
    };
  }

  needsAnswer(limit, head, body) {
    this.next = () => {
      const { driver, turn } = this;
      const controller = new AbortController();
      this.undo = () => controller.abort();
      this.limit(limit);
      const comes = (what, a, b, c) => {
        if (turn !== this.turn) return;
        this.undo = undefined;
        this.step(what, a, b, c);
      };
      driver.exchange(head, body, controller.signal, this.whole).then(
        ([status, said, bytes]) => comes("answered", status, said, bytes),
        (error) => comes("failed", withoutToken(error, head), outcome(error)),
      );
    };
  }

  succeeds(value) {
    this.settle = this.resolve;
    this.result = value;
  }

  succeedsWithHttpInfo(data, answer) {
    this.succeeds({ data, ...JSON.parse(answer) });
  }

  fails(error) {
    this.settle = this.reject;
    this.result = error;
  }
}

/** The WebAssembly itself failed, say for want of memory: what became of the request, nobody can tell. */
function failure(cause) {
  const message = "The call failed inside the WebAssembly of thousandeyes-admin: see the cause, and load the page anew.";
  return new ThousandEyesError(message, { code: "internal-error", outcome: "unknown", retryable: false, cause });
}

// One request and its answer.

function makeRequest(url, init) {
  try {
    return new Request(url, init);
  } catch (cause) {
    throw new NoRequest(cause);
  }
}

/** Whether a request to this address can be made from here: outside of pages it must be absolute. */
export function canCall(url) {
  try {
    return Boolean(new Request(url));
  } catch {
    return false;
  }
}

/**
 * What a failure means: `"not-sent"` if nothing left, else `"unknown"`; `"unsendable"` and `"broken"` are the same, but
 * sending again is in vain.
 */
export function outcome(error) {
  try {
    if (error instanceof NoRequest) return "unsendable";
    if (error instanceof NoResponse) return "broken";
    // Node tells of connections that were never made; browsers tell nothing.
    return neverMade.includes(error?.cause?.code) ? "not-sent" : "unknown";
  } catch {
    return "unknown";
  }
}

const neverMade = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
];

class NoRequest extends TypeError {
  constructor(cause) {
    super("no such request can be made", { cause });
  }
}

class NoResponse extends TypeError {
  constructor(message = "fetch answered something that is not a Response") {
    super(message);
  }
}

/** The failure, or what can be said of it where it shows the token, as that of an injected `fetch` may. */
export function withoutToken(error, head) {
  const token = /^Authorization: Bearer (.+)$/m.exec(head)?.[1];
  try {
    for (let cause = error, depth = 0; cause != null && depth < 8; cause = cause.cause, depth += 1) {
      const texts = typeof cause === "object" ? [cause.message, cause.stack] : [cause];
      if (token && texts.some((text) => String(text).includes(token))) {
        return new Error(String(cause.message ?? cause).replaceAll(token, "(token)"));
      }
    }
    return error;
  } catch {
    return new Error("fetch failed with something that cannot be looked at");
  }
}

// A stand-in for a Response may have any kind of headers, and only one way to the body.

/**
 * Those that are asked for, or all. Never the cookies: they are secrets, which belong in no log. Only what calls itself
 * Headers finds a field whatever the case of its name.
 */
function lines(headers, asked) {
  let text = "";
  if (asked && Object.prototype.toString.call(headers) === "[object Headers]" && headers.get) {
    for (const name of asked) {
      const value = headers.get(name);
      if (value != null) text += `${name}: ${oneLine(value)}\n`;
    }
    return text;
  }
  for (const [field, value] of headers?.entries ? headers.entries() : Object.entries(headers ?? {})) {
    const name = oneLine(field).toLowerCase();
    if (name !== "set-cookie") text += `${name}: ${oneLine(value)}\n`;
  }
  return text;
}

function oneLine(value) {
  const text = `${value}`;
  return /[\r\n]/.test(text) ? text.replace(/[\r\n]+/g, " ") : text;
}

/** No text of JavaScript is longer, by V8's measure, so nothing could be made of a longer body. */
const LONGEST = 0x1fffffe8;

function view(buffer) {
  const isView = ArrayBuffer.isView(buffer);
  if (!isView && Object.prototype.toString.call(buffer) !== "[object ArrayBuffer]") throw new NoResponse();
  if (buffer.byteLength > LONGEST) throw new NoResponse("fetch answered a body that is too long to be read");
  return isView ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength) : new Uint8Array(buffer);
}

async function bytes(answer) {
  const text = answer.text ? await answer.text() : answer.json ? JSON.stringify(await answer.json()) : "";
  return new TextEncoder().encode(text);
}
