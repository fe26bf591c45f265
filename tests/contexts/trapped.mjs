/**
 * A worker that runs one course of a call again and again, each time with a trap at another step, and reports what is
 * wrong afterwards. A step is the call of an import, whichever; a trap throws a RuntimeError through the frames of the
 * WebAssembly, as `unreachable` does. In a worker, because a trap may leave anything behind, uncaught errors too.
 */
import { parentPort, workerData } from "node:worker_threads";

/** Far above what a call takes here; one that is not over then never ends. */
const PATIENCE = 1000;
/** So many failures tell enough, and each may have cost some patience. */
const ENOUGH = 5;
/** How the call ends that is trapped: what became of its request, nobody can tell. */
const TRAPPED = "internal-error, unknown";

let stepsUntilTrap = Infinity;

const mapValues = (object, change) => Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));

function trapping(imported) {
  if (typeof imported !== "function") return imported;
  return (...given) => {
    if (stepsUntilTrap > 0) {
      stepsUntilTrap -= 1;
      return imported(...given);
    }
    stepsUntilTrap = Infinity;
    throw new WebAssembly.RuntimeError("unreachable");
  };
}

/** The package keeps its memory and its imports to itself, so its instance is watched while it is made. */
const { Instance } = WebAssembly;
let memory;
WebAssembly.Instance = class extends Instance {
  constructor(module, imports) {
    super(module, mapValues(imports, (namespace) => mapValues(namespace, trapping)));
    memory = Object.values(this.exports).find((exported) => exported instanceof WebAssembly.Memory);
  }
};

/** Waits between attempts are short here. */
const { setTimeout: startTimer } = globalThis;
globalThis.setTimeout = (work, delay, ...given) => startTimer(work, delay < 2000 ? 0 : delay, ...given);
const pause = (milliseconds) => new Promise((resolve) => startTimer(resolve, milliseconds));

const uncaught = [];
process.on("uncaughtException", (error) => uncaught.push(`uncaught exception: ${error?.message ?? error}`));
process.on("unhandledRejection", (error) => uncaught.push(`unhandled rejection: ${error?.message ?? error}`));

const { ApiClient, ThousandEyesError, UsersApi } = await import("../../pkg/node.mjs");

const json = (status, body) => new Response(JSON.stringify(body), { status });
const good = (id) => json(200, { uid: id });
const refused = (status) => () => json(status, { title: "no" });
const user = { name: "Ada Example", email: "ada.example@example.com" };
const read = (users, id) => users.getUser(id);

/** What the server gives to the requests of the call, in turn, and how the call is made; `calls` is how many at once. */
const courses = {
  "a good answer to a read": { answers: [good], call: read },
  "a good answer to a write": { answers: [good], call: (users, id) => users.updateUser(id, user) },
  "a good answer, with all that came": { answers: [good], call: (users, id) => users.getUserWithHttpInfo(id) },
  "an answer with an error": { answers: [refused(404)], call: read },
  "an answer that cannot be decoded": { answers: [() => new Response("<html>")], call: read },
  "another attempt": { answers: [refused(503), good], call: read },
  "a lost connection": {
    answers: [() => Promise.reject(new TypeError("lost"))],
    call: (users, id) => users.updateUser(id, user, { maxRetries: 0 }),
  },
  "a refreshed token": { answers: [refused(401), good], call: read },
  "an abort": {
    answers: [(_, { controller }) => new Promise(() => startTimer(() => controller.abort("left"), 1))],
    call: (users, id, { controller }) => users.getUser(id, { signal: controller.signal }),
  },
  "good answers to four calls at once": { answers: [good], call: read, calls: 4 },
};

/** A client with one permit more than there are calls at once, for another call that keeps it all the while. */
function office({ answers, calls = 1 }) {
  const office = { controller: new AbortController() };
  const requests = new Map();
  office.client = new ApiClient({
    maxConcurrency: calls + 1,
    accessToken: ({ refresh }) => (refresh ? "te-token-2" : "te-token-1"),
    onRequest() {},
    onResponse() {},
    async fetch(input, init) {
      const { url, signal } = new Request(input, init);
      const id = url.split("/").at(-1);
      const aborted = new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      return Promise.race([respond(id), aborted]);
    },
  });
  office.users = new UsersApi(office.client);

  async function respond(id) {
    const count = requests.get(id) ?? 0;
    requests.set(id, count + 1);
    if (id === "other") await new Promise((resolve) => (office.release = resolve));
    if (id.startsWith("next")) await together();
    if (!id.startsWith("subject")) return good(id);
    return answers[Math.min(count, answers.length - 1)](id, office);
  }

  /** Begins the other call, and gives what ends it. */
  office.begin = () => {
    const promise = office.users.getUser("other");
    promise.catch(() => {});
    return () => {
      office.release();
      return ended(promise);
    };
  };

  /** The next calls are answered once as many of them are under way as there are permits for. */
  const waiting = [];
  function together() {
    return new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length === calls) for (const answer of waiting.splice(0)) answer();
    });
  }
  return office;
}

/** How a call ended, in words. */
async function ended(promise) {
  const late = pause(PATIENCE).then(() => "never settles");
  const fails = (error) =>
    error instanceof ThousandEyesError ? `${error.code}, ${error.outcome}` : `rejects with ${error?.message ?? error}`;
  const end = promise.then((value) => `success ${(value?.data ?? value)?.uid}`, fails);
  return Promise.race([end, late]);
}

/**
 * Runs a course with a trap after so many steps. The permits are given back if as many calls as before can be under way
 * at once before the other one ends.
 */
async function run(course, steps) {
  const { call, calls = 1 } = course;
  const subject = office(course);
  const { users } = subject;
  const other = subject.begin();
  while (!subject.release) await pause(0);
  const ids = Array.from({ length: calls }, (_, index) => `subject-${index}`);
  const promises = ids.map((id) => ended(call(users, id, subject)));
  stepsUntilTrap = steps;
  const results = await Promise.all(promises);
  const isTrapped = stepsUntilTrap === Infinity;
  stepsUntilTrap = Infinity;
  const next = await Promise.all(ids.map((_, index) => ended(users.getUser(`next-${index}`))));
  const report = { isTrapped, results, next, other: await other() };
  await pause(1);
  return { ...report, uncaught: uncaught.splice(0) };
}

/** What is wrong with how it ended, in words; `sound` is how it ends without a trap. */
function judge(report, sound) {
  const strange = report.results.filter((result, index) => result !== sound.results[index] && result !== TRAPPED);
  const traps = report.results.filter((result) => result === TRAPPED).length;
  return [
    ...strange.map((result) => `the call: ${result}`),
    ...(traps > 1 ? [`${traps} calls failed by one trap`] : []),
    ...report.next.filter((result, index) => result !== sound.next[index]).map((result) => `the next call: ${result}`),
    ...(report.other === sound.other ? [] : [`the other call under way: ${report.other}`]),
    ...report.uncaught,
  ];
}

/** A trap at each step, until there are no more steps. */
async function sweep(course) {
  const sound = await run(course, Infinity);
  const wrong = [];
  let failed = 0;
  let steps = 0;
  for (; wrong.length < ENOUGH; steps += 1) {
    const report = await run(course, steps);
    if (!report.isTrapped) break;
    if (report.results.includes(TRAPPED)) failed += 1;
    const found = judge(report, sound);
    if (found.length > 0) wrong.push(`a trap at step ${steps + 1}: ${found.join("; ")}`);
  }
  return { sound: sound.results, steps, failed, wrong };
}

/** More traps than there are permits, at three of the first steps, in the calls of one client. */
async function repeat(course) {
  const subject = office(course);
  const results = [];
  for (let count = 0; count < 100; count += 1) {
    const promise = ended(course.call(subject.users, `subject-${count}`, subject));
    stepsUntilTrap = (count % 3) * 3;
    results.push(await promise);
    stepsUntilTrap = Infinity;
  }
  const next = await Promise.all(Array.from({ length: 10 }, (_, index) => ended(subject.users.getUser(`next-${index}`))));
  return { results, next, uncaught };
}

/** The real one: all memory is taken, so there is no room for a large body. */
async function exhaust(course) {
  const large = (id) => json(200, { uid: id, name: "x".repeat(50_000_000) });
  const subject = office({ ...course, answers: [large] });
  // So that there is room for the next calls, also when what the trapped one had is lost.
  await Promise.all(Array.from({ length: 4 }, () => subject.users.getUser("before")));
  const other = subject.begin();
  while (!subject.release) await pause(0);
  // Address space only: nothing of it is ever touched.
  for (let pages = 32_768; pages >= 1; pages = canGrow(pages) ? pages : pages / 2);
  const result = await ended(course.call(subject.users, "subject", subject));
  const next = await ended(subject.users.getUser("next"));
  return { result, next, other: await other(), uncaught };
}

function canGrow(pages) {
  try {
    return memory.grow(pages) > 0;
  } catch {
    return false;
  }
}

const { work, course } = workerData;
parentPort.postMessage(await { sweep, repeat, exhaust }[work](courses[course]));
process.exit();
