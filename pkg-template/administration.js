/**
 * `client.admin`. What its jobs decide is Rust, in a WebAssembly of its own that calls nothing: a job says in a text what it needs, and
 * goes on with the answer. So all that a job does is done here, in the async context of its caller, with the client's own methods.
 */
import { ApiTypeError, NotInitializedError, ThousandEyesError, createError } from "./errors.js";
import { listen, reasonOf } from "./platform.js";

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

/** Gives each client its Admin, always the same object. */
export function withAdmin(Client) {
  const admins = new WeakMap();
  const get = function () {
    if (!admins.has(this)) admins.set(this, new Admin(this));
    return admins.get(this);
  };
  Object.defineProperty(Client.prototype, "admin", { get, configurable: true });
  return Client;
}

/** The journals of runs that are not over: two runs by one journal would both do what neither has done. */
const written = new WeakSet();

/** Safe administration: each method is a job. */
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
    return new ApplyRun(async (step) => {
      const journal = readable(options?.journal, "options.journal");
      if (journal && written.has(journal)) throw wrong("options.journal", "is that of a run that is not over: wait for its result.");
      if (journal) written.add(journal);
      try {
        return await this.#do("apply", plan, options, () => ({ step, journal }));
      } finally {
        written.delete(journal);
      }
    });
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
    const { options: own, queueTimeout, totalTimeout } = JSON.parse(start);
    const ofCalls = Object.fromEntries(Object.entries(options ?? {}).filter(([name]) => !Object.hasOwn(own, name)));
    const limits = { queueTimeout: queueTimeout || Infinity, totalTimeout: totalTimeout || Infinity };
    const tasks = tasksOf(client, ofCalls, { onProgress: options?.onProgress, limits, ...asked() });
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
          answer = JSON.stringify(told(error, limits, tasks.isLate));
          isFailure = true;
        }
      }
    } finally {
      job?.free();
    }
  }
}

/** What a job can ask for. The answers are texts. */
function tasksOf(client, options, { change, journal, onProgress, step, limits }) {
  let lateTries = 0;
  let wasRefused = false;
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
    /** Whether the last call was a write that would have come late. */
    isLate: false,
    async call({ api, operation, takesAid, writes, arguments: given, expand }) {
      tell();
      const { aid, ...others } = options;
      const own = { ...others, ...(takesAid && aid !== undefined && { aid }), ...(expand && { expand }) };
      const made = async (options) => JSON.stringify((await client[api][operation](...given, options)) ?? null);
      this.isLate = false;
      if (!writes) return made(own);
      // What was decided by what is there is written soon or not at all: in a minute somebody else may have changed it. Only where
      // calls always queue it waits in the end, or all of them would look again for ever.
      const isSoon = lateTries < LATE_TRIES && limits.queueTimeout > SOON;
      try {
        // After a 401 the client may ask for another token, which it does where it may retry.
        return await made({ ...own, maxRetries: wasRefused ? 1 : 0, ...(isSoon && { queueTimeout: SOON }) });
      } catch (error) {
        this.isLate = isSoon && error instanceof ThousandEyesError && error.setting === "queueTimeout";
        if (this.isLate) lateTries += 1;
        wasRefused = error?.status === 401;
        throw error;
      }
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

/** So many milliseconds a write may wait for its turn, until it has been late so often. */
const SOON = 2000;
const LATE_TRIES = 2;
/** No pause that a server asks for is longer. */
const LONGEST_PAUSE = 65_000;

/** What a job is told of a failure. After a look, it may write again what could be sent again, and what would have come late. */
function told(error, { queueTimeout, totalTimeout }, isLate) {
  const isOurs = error instanceof ThousandEyesError;
  const { status, outcome, retryable, retryAt } = isOurs ? error : {};
  const named = Math.max(Math.ceil(retryAt - Date.now()) || 0, 0);
  const hasTime = named <= LONGEST_PAUSE && named < (status === 429 ? queueTimeout : totalTimeout);
  const again = isLate || ((retryable || status === 401) && hasTime) ? named : undefined;
  const isFinal = !isOurs || error.code === "client-closed";
  return { status, outcome, message: `${error?.message ?? error}`, isFinal, again, isLate, chance: Math.floor(Math.random() * 1000) };
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
