/**
 * What Rust has of JavaScript: what the platform gives or lacks (addresses, signals, responses, stand-ins for the last two), and
 * the classes that are JavaScript's own: iterations, and the jobs of administration.
 */
import { ApiTypeError, NotInitializedError, ThousandEyesError, createError } from "./errors.js";

/** What calls may share. A class, as Rust imports no more than one plain function of a file without a duplicate key. */
export class Sharing {
  static waits = true;
}

/** For platforms that end what waits for another request: no call of a new client waits for another one. */
export function shareNothing() {
  Sharing.waits = false;
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

/** Where the jobs of administration come from: each entry of the package says how they are loaded, once. */
export class Jobs {
  static source;
  static #loading;

  /** The class of a job. After a failure it is tried again. */
  static load() {
    return (Jobs.#loading ??= Jobs.source().catch((cause) => {
      Jobs.#loading = undefined;
      const message = "The part of thousandeyes-admin that does this could not be loaded: see the cause, and try again.";
      throw new NotInitializedError(message, { cause, retryable: true });
    }));
  }
}

/** Safe administration: each method is a job in a WebAssembly of its own, which asks for what it needs, one thing at a time. */
export class Admin {
  #client;
  constructor(client) {
    if (typeof client?.__prepare !== "function") throw wrong("client", "must be an ApiClient.");
    this.#client = client;
  }

  modifyUser(id, change, options) {
    return this.#do("modifyUser", id, options, () => {
      if (typeof change !== "function") throw wrong("change", "must be a function that gives a user request.");
      return { change };
    });
  }

  findUser(email, options) {
    return this.#do("findUser", email, options);
  }

  inviteUser(request, options) {
    return this.#do("inviteUser", request, options);
  }

  plan(changes, options) {
    return this.#do("plan", changes, options);
  }

  apply(plan, options) {
    return new ApplyRun((step) => this.#do("apply", plan, options, () => ({ step, journal: readable(options?.journal, "options.journal") })));
  }

  planUndo(journal, options) {
    return this.#do("planUndo", undefined, options, () => {
      if (!journal) throw wrong("journal", "must have the function read().");
      return { journal: readable(journal, "journal") };
    });
  }

  accessReport(options) {
    return this.#do("accessReport", undefined, options);
  }

  /** Does a job: it says in a text what it needs, and goes on with the answer. All of it runs in the caller's async context. */
  async #do(name, argument, options, asked = () => ({})) {
    const client = this.#client;
    const origin = new Error();
    const start = client.__prepare(name, digits(), argument, options);
    const own = Object.keys(JSON.parse(start).options);
    const ofCalls = Object.fromEntries(Object.entries(options ?? {}).filter(([name]) => !own.includes(name)));
    const tasks = tasksOf(client, ofCalls, { onProgress: options?.onProgress, ...asked() });
    const { signal } = ofCalls;
    const Job = await unlessAborted(signal, Jobs.load());
    let job;
    // Whatever is thrown in there is a trap. It leaves the job borrowed, so that freeing it would throw, too.
    const inside = (enter) => {
      try {
        return enter();
      } catch (cause) {
        job = undefined;
        const advice = "see the cause, then reload the page or restart the process.";
        const message = `${name} failed inside the WebAssembly of thousandeyes-admin: ${advice}`;
        throw createError("InternalError", { message, outcome: "unknown" }, cause, origin);
      }
    };
    job = inside(() => new Job(start));
    const failures = [];
    try {
      let answer;
      for (let isFailure = false; ; ) {
        const { limit } = client.rateLimit;
        const question = JSON.parse(inside(() => job.resume(answer, isFailure, Date.now(), limit)));
        if (question.ask === "done") return question.value ?? undefined;
        if (question.ask === "told") throw failures[question.place];
        if (question.ask === "failed") throw createError(question.class, question.fields, undefined, origin);
        try {
          answer = await unlessAborted(signal, tasks[question.ask](question));
          isFailure = false;
        } catch (error) {
          if (isAborted(signal)) throw reasonOf(signal);
          failures.push(error);
          answer = JSON.stringify(told(error));
          isFailure = true;
        }
      }
    } finally {
      job?.free();
    }
  }
}

/** What a job can ask for. The answers are texts. */
function tasksOf(client, options, { change, journal, onProgress, step }) {
  let [progress, shown] = [];
  const tell = () => {
    if (!onProgress || !progress) return;
    const { remaining, resetAt } = client.rateLimit;
    const waits = remaining === 0 && resetAt > Date.now();
    const event = { ...progress, ...(waits && { waitingUntil: resetAt }) };
    if (JSON.stringify(event) === shown) return;
    shown = JSON.stringify(event);
    // Whoever only watches changes nothing.
    new Promise((resolve) => resolve(onProgress(event))).catch(() => {});
  };
  return {
    async call({ api, operation, takesAid, arguments: given, expand }) {
      tell();
      const { aid, ...others } = options;
      const own = { ...others, ...(takesAid && aid !== undefined && { aid }), ...(expand && { expand }) };
      return JSON.stringify((await client[api][operation](...given, own)) ?? null);
    },
    pause: ({ milliseconds }) => pause(milliseconds, options.signal),
    async change({ user }) {
      const request = change(user);
      const tookTime = typeof request?.then === "function";
      return `[${client.__change(await request)},${tookTime}]`;
    },
    async read() {
      const text = await journal.read();
      if (typeof text !== "string") throw wrong("journal", "must give its text: read() gave something else.");
      return text;
    },
    async append({ line }) {
      await journal.append(line);
      return "";
    },
    async progress({ done, total }) {
      progress = { done, total };
      tell();
      return "";
    },
    step: async ({ result }) => `${step(result)}`,
  };
}

/** What a job is told of a failure. */
function told(error) {
  const isOurs = error instanceof ThousandEyesError;
  const { status, outcome } = isOurs ? error : {};
  return { status, outcome, message: `${error?.message ?? error}`, isFinal: !isOurs || error.code === "client-closed" };
}

function readable(journal, path) {
  if (journal && typeof journal.read !== "function") throw wrong(path, "must have the function read().");
  return journal;
}

function wrong(path, problem) {
  return new ApiTypeError(`${path} ${problem}`, { path, outcome: "not-sent" });
}

/** What tells a plan from all others. */
function digits() {
  const some = () => Math.floor(Math.random() * 2 ** 48).toString(16).padStart(12, "0");
  return some() + some();
}

function isAborted(signal) {
  try {
    return signal?.aborted === true;
  } catch {
    return true;
  }
}

/** What a promise gives, or the reason of a signal that aborts first: what is not over then is let go of. */
async function unlessAborted(signal, promise) {
  if (!signal) return promise;
  let leave;
  const aborted = new Promise((_, reject) => {
    const abort = () => reject(reasonOf(signal));
    leave = listen(signal, abort);
    if (isAborted(signal)) abort();
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    leave();
  }
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    if (isAborted(signal)) return reject(reasonOf(signal));
    const leave = signal && listen(signal, () => (clearTimeout(timer), leave(), reject(reasonOf(signal))));
    const timer = setTimeout(() => (leave?.(), resolve("")), milliseconds);
  });
}

/** A plan that is being carried out: its results, as they come. */
class ApplyRun {
  #results = [];
  #isOver = false;
  #isStopped = false;
  #wakes = [];
  result;
  constructor(begin) {
    this.result = begin((result) => {
      if (result) this.#results.push(result);
      this.#wake();
      return this.#isStopped;
    }).finally(() => {
      this.#isOver = true;
      this.#wake();
    });
  }

  stop() {
    this.#isStopped = true;
  }

  async *[Symbol.asyncIterator]() {
    // Whoever reads the results is told of a failure there.
    this.result.catch(() => {});
    try {
      for (let at = 0; ; ) {
        while (at < this.#results.length) yield this.#results[at++];
        if (this.#isOver) break;
        await new Promise((resolve) => this.#wakes.push(resolve));
      }
      await this.result;
    } finally {
      this.stop();
    }
  }

  #wake() {
    for (const wake of this.#wakes.splice(0)) wake();
  }
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
