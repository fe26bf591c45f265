/** What the platform gives or lacks: addresses, signals, responses, and stand-ins for the last two. */

/** What calls may share. A class, as Rust imports no more than one plain function of a file without a duplicate key. */
export class Sharing {
  static waits = true;
}

/** For platforms that end what waits for another request: no call of a new client waits for another one. */
export function shareNothing() {
  Sharing.waits = false;
}

const program = Math.random();

/** The store by which limiters share a window. */
export class Store {
  /**
   * What asks it: gives how many limiters share the window if the request may go, else the milliseconds to wait, negative or 0.
   * Without a time for the answer, it is only told how things stand. Of what answers told, 0 is unknown.
   */
  static ask(store, time, key, number, isBulk, underWay, waiting, timeout, limit, remaining, resetAt, resetIn) {
    const report = { key, limiter: `${program}.${number}`, underWay, waiting, timeout };
    if (time) report.priority = isBulk ? "bulk" : "interactive";
    if (limit) report.limit = limit;
    if (resetAt && resetIn) Object.assign(report, { remaining, resetAt, resetIn });
    return () =>
      new Promise((resolve, reject) => {
        const asked = Promise.resolve(store(report));
        const timer = setTimeout(reject, time);
        const said = asked.then(({ granted, wait, limiters }) => resolve(granted ? Math.max(1, limiters) : -Math.max(0, wait)));
        said.catch(reject).finally(() => clearTimeout(timer));
      });
  }
}

/** The whole address of a path, which only a page has; undefined where there is none. Without URL nothing is known. */
export function addressOf(url) {
  const { URL, document, location } = globalThis;
  try {
    return URL ? new URL(url, document?.baseURI ?? location?.href).href : url;
  } catch {
    return undefined;
  }
}

/** The platform's own `fetch`, as it is at the moment. */
export function platformFetch() {
  const { fetch } = globalThis;
  if (!fetch) throw Object.assign(new TypeError("fetch is not defined"), { name: "NoFetch" });
  return (url, init) => fetch(url, init);
}

let probed = {};

/**
 * Whether requests take the signals that there are: in jsdom they are not those of Node's `fetch`, which then refuses
 * every request that has one.
 */
export function takesSignals() {
  const { AbortController, Request } = globalThis;
  if (probed.AbortController !== AbortController || probed.Request !== Request) {
    probed = { AbortController, Request, takes: AbortController !== undefined };
    try {
      if (Request) new Request("http://localhost/", { signal: new AbortController().signal });
    } catch {
      probed.takes = false;
    }
  }
  return probed.takes;
}

/** One listener for each signal, however many calls it has: Node warns of more than ten. */
const listeners = new WeakMap();

export function listen(signal, abort) {
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

export function reasonOf(signal) {
  try {
    return signal.reason;
  } catch (error) {
    return error;
  }
}

/** `fetch` gave something that will be no better the next time; by this name Rust knows it. */
class NoResponse extends TypeError {
  name = "NoResponse";
}

/**
 * An answer, read to its end in the context of the call: the bytes and the platform's own Response, or of anything else
 * the bytes and what it says: status, reason phrase, pairs of header fields.
 */
export async function readAnswer(answering) {
  const answer = await answering;
  const status = answer?.status;
  const isStatus = status === 0 || (Number.isInteger(status) && status >= 100 && status <= 999);
  if (!isStatus || answer.type === "error") throw new NoResponse("fetch answered something that is not a Response");
  if (isPlatforms(answer)) return [await bytesOf(answer), answer];
  const { headers } = answer;
  const fields = headers?.entries ? headers.entries() : Object.entries(headers ?? {});
  const pairs = Array.from(fields, ([name, value]) => [oneLine(name), oneLine(value)]);
  return [await bytesOf(answer), status, oneLine(answer.statusText ?? ""), pairs];
}

/** Whether nobody put anything in the place of what the platform's Response and its Headers say. */
function isPlatforms(answer) {
  try {
    const { Headers, Response } = globalThis;
    const isPlain = (object, { prototype }) =>
      Object.getPrototypeOf(object) === prototype && Object.getOwnPropertyNames(object).length === 0;
    // The getter throws where the answer is a Proxy.
    Object.getOwnPropertyDescriptor(Response.prototype, "status").get.call(answer);
    return isPlain(answer, Response) && isPlain(answer.headers, Headers);
  } catch {
    return false;
  }
}

/** No text of JavaScript is longer, by V8's measure, so nothing could be made of a longer body. */
const LONGEST = 0x1fffffe8;

async function bytesOf(answer) {
  if (!answer.arrayBuffer) {
    const text = answer.text ? await answer.text() : answer.json ? JSON.stringify(await answer.json()) : "";
    return new TextEncoder().encode(text);
  }
  const buffer = await answer.arrayBuffer();
  const isView = ArrayBuffer.isView(buffer);
  if (!isView && Object.prototype.toString.call(buffer) !== "[object ArrayBuffer]") {
    throw new NoResponse("fetch answered something that is not a Response");
  }
  if (buffer.byteLength > LONGEST) throw new NoResponse("fetch answered a body that is too long to be read");
  return isView ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength) : new Uint8Array(buffer);
}

function oneLine(value) {
  return `${value}`.replace(/[\r\n]+/g, " ");
}

/** The items of a list that comes in pages: each loop over it reads it anew. */
export class Items {
  #begin;
  constructor(api, options) {
    this.#begin = () => api.__read(options);
  }

  [Symbol.asyncIterator]() {
    return new Iteration(this.#begin());
  }
}

/** No generator: one of those would end only when the page under way is there. */
class Iteration {
  #reader;
  #page = [];
  #at = 0;
  #isOver = false;
  #last = Promise.resolve();
  constructor(reader) {
    this.#reader = reader;
  }

  /** One after the other, as of a generator. */
  next() {
    return (this.#last = this.#last.catch(() => {}).then(() => this.#next()));
  }

  async #next() {
    while (!this.#isOver && this.#at === this.#page.length) await this.#turn();
    return this.#isOver ? { done: true, value: undefined } : { done: false, value: this.#page[this.#at++] };
  }

  async #turn() {
    try {
      const page = await this.#reader.read();
      if (page) [this.#page, this.#at] = [page, 0];
      else this.#end();
    } catch (error) {
      // Whoever left the loop wants to know nothing more.
      if (this.#isOver) return;
      this.#end();
      throw error;
    }
  }

  async return(value) {
    this.#end();
    return { done: true, value };
  }

  #end() {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#reader.end();
    // At once, as nobody knows when it would be collected.
    this.#reader.free();
  }

  [Symbol.asyncIterator]() {
    return this;
  }
}
