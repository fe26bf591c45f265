// Steps of plans with faults by chance, and runs that are killed by chance, also between a write and the journal: no step is lost,
// none is doubled, and what the journal says is true.
// `ADMINISTRATION_SEED=17 ADMINISTRATION_STEPS=10000 node --test tests/administration/chaos.test.mjs` repeats seed 17, with all steps.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { shuffled } from "./cases.mjs";
import { ApiClient, createRandom, createSandbox, finish, hurry, isWrite, journalOf, pick, seedOf, stateOfStep, usersOf } from "./support.mjs";

hurry();

const seed = seedOf("ADMINISTRATION_SEED");
const STEPS = Number(process.env.ADMINISTRATION_STEPS ?? 2000);
const STEPS_OF_A_PLAN = 20;
const AT_A_TIME = 4;
const MOST_RUNS = 100;
/** They own the sandbox's tokens. */
const TOKEN_OWNERS = 4;
/** Real time: `hurry` leaves it as it is. */
const TIMEOUT = 90;

const FAULTS = [
  { fault: "error", status: 503, when: "before", share: 0.02 },
  { fault: "error", status: 500, when: "after", share: 0.03 },
  { fault: "error", status: 504, body: "html", when: "after", share: 0.02 },
  { fault: "error", status: 400, when: "before", share: 0.01 },
  { fault: "error", status: 403, when: "before", share: 0.01 },
  { fault: "connection-reset", when: "before", share: 0.03 },
  { fault: "connection-reset", when: "after", share: 0.03 },
  { fault: "cut-body", share: 0.03 },
  { fault: "hang", when: "before", share: 0.002 },
  { fault: "hang", when: "after", share: 0.002 },
  { fault: "too-many-requests", resetIn: 0, share: 0.02 },
  { fault: "not-found", share: 0.04, match: { method: "POST" } },
  { fault: "latency", ms: 5, share: 0.02 },
  { fault: "latency", ms: TIMEOUT + 10, share: 0.002 },
  { fault: "drift", share: 0.03 },
];

/** A process: once it is killed, nothing of it reaches the world, and nothing reaches it. */
class Mortal {
  #moments;
  #controller = new AbortController();
  killedAt;
  constructor(moments) {
    this.#moments = moments;
  }

  get signal() {
    return this.#controller.signal;
  }

  /** Whether it dies here. */
  #dies(where) {
    if (this.killedAt) return true;
    if ((this.#moments -= 1) > 0) return false;
    this.killedAt = where;
    return true;
  }

  #end() {
    this.#controller.abort(new Error(`killed ${this.killedAt}`));
    return new Promise(() => {});
  }

  fetch(fetch) {
    return async (url, init) => {
      const what = init.method === "GET" ? "read" : "write";
      if (this.#dies(`before a ${what}`)) return this.#end();
      try {
        return await fetch(url, init);
      } finally {
        if (this.#dies(`behind a ${what}`)) await this.#end();
      }
    };
  }

  journal(journal, random) {
    return {
      read: () => journal.read(),
      append: async (line) => {
        if (this.#dies("before a line")) return this.#end();
        if (this.#dies("within a line")) {
          // What reaches the disk is bytes: the tear may be in the middle of a character.
          const bytes = Buffer.from(line);
          journal.text += bytes.subarray(0, 1 + Math.floor(random() * (bytes.length - 1))).toString();
          return this.#end();
        }
        await journal.append(line);
        if (this.#dies("behind a line")) return this.#end();
      },
    };
  }
}

const grant = (user, roleId, aid) => ({ kind: "grant", user, role: { id: roleId }, accountGroup: { id: aid } });

/** A plan of invitations, changes and removals, each of another user. */
async function planOf(sandbox, number, random) {
  const uids = sandbox.state.users.slice(TOKEN_OWNERS).map(({ uid }) => uid);
  const changes = uids.map((uid, index) => {
    if (index % 3 === 0) return { kind: "remove", user: { uid } };
    if (index % 3 === 1) return grant({ uid }, pick(random, ["401", "403"]), pick(random, ["2001", "2006"]));
    return { kind: "update", user: { uid }, name: `Chaos ${number}-${index}` };
  });
  for (let index = uids.length; index < STEPS_OF_A_PLAN; index += 1) {
    changes.push({
      kind: "invite",
      email: `chaos.${number}.${index}@example.com`,
      name: `Chaos ${number}-${index}`,
      roles: [{ role: { id: "33" }, accountGroup: { id: "2001" } }],
    });
  }
  const client = new ApiClient({ accessToken: sandbox.options.token, fetch: sandbox.fetch });
  return client.admin.plan(shuffled(random, changes), { reason: `chaos ${number}` });
}

const runs = [];
const problems = [];
const struck = new Set();
let requests = 0;
let steps = 0;

/** Carries out a plan, however often that is killed, until it is complete. */
async function carryOut(number) {
  const random = createRandom((seed + number) % 2 ** 31);
  // The organisation takes the same user twice, so that a create that is sent twice does not go unnoticed.
  const sandbox = createSandbox({ rateLimit: 0, users: TOKEN_OWNERS + 12, duplicateEmail: "add-roles", seed: number });
  const initial = usersOf(sandbox);
  const plan = await planOf(sandbox, number, random);
  const say = (problem) => problems.push(`plan ${number}: ${problem}`);
  for (const fault of FAULTS) sandbox.faults.add(fault);
  const journal = journalOf();

  /** A write is only sent if the journal ends with its intent. */
  const fetch = async (url, init) => {
    if (isWrite(init)) {
      const { type, step } = journal.lines.at(-1) ?? {};
      const isMeant = init.method === "POST" ? JSON.parse(init.body).email === step?.user.email : url.endsWith(`/${step?.user.uid}`);
      if (type !== "intent" || !isMeant) say(`${init.method} ${url} without an intent`);
    }
    return await sandbox.fetch(url, init);
  };

  let summary;
  for (let run = 0; !summary?.complete && run < MOST_RUNS; run += 1) {
    const mortal = new Mortal(random() < 0.1 ? Infinity : 1 + Math.floor(random() ** 2 * 120));
    const client = new ApiClient({
      accessToken: sandbox.options.token,
      fetch: mortal.fetch(fetch),
      maxRetries: Math.floor(random() * 3),
      timeout: TIMEOUT,
    });
    const options = { allow: ["max-removals"], journal: mortal.journal(journal, random), signal: mortal.signal };
    try {
      ({ summary } = await finish(client.admin.apply(plan, options)));
    } catch (error) {
      // A run can fail in the moment in which it is killed.
      if (error !== mortal.signal.reason && error?.outcome === undefined) say(`${run}: ${error?.stack}`);
      summary = undefined;
    }
    client.close();
    runs.push(mortal.killedAt ?? (summary?.complete ? "complete" : "ended"));
    checkJournal(journal, plan, initial, usersOf(sandbox), say);
  }

  if (!summary?.complete) say(`is not complete after ${MOST_RUNS} runs: ${JSON.stringify(summary)}`);
  sandbox.faults.clear();
  checkEnd(sandbox, plan, initial, say);
  await checkResumed(sandbox, plan, journal, say);
  await checkUndone(sandbox, plan, journal, initial, say);
  for (const { faults } of sandbox.requests) faults.forEach((fault) => struck.add(fault));
  requests += sandbox.requests.length;
  steps += plan.steps.length;
}

/** What became of a step's user. */
function found(users, { user }, uid = user.uid) {
  return uid ? users.get(uid) : [...users.values()].find(({ email }) => email === user.email);
}

const isEqual = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const target = ({ after }) => (after === null ? undefined : stateOfStep(after));
const isThere = (now, step) => isEqual(now && (step.before ? now : { ...now, login: undefined }), target(step));

/** What the journal says is so: what it calls done is done, and what it calls refused was not written. */
function checkJournal(journal, plan, initial, users, say) {
  const last = new Map();
  // Steps whose last line is an intent.
  const open = new Set();
  for (const line of journal.lines) {
    if (line.type === "intent") open.add(line.step.id);
    if (line.type !== "result") continue;
    last.set(line.stepId, line);
    open.delete(line.stepId);
  }
  for (const step of plan.steps) {
    const { status, uid } = last.get(step.id) ?? {};
    const now = found(users, step, uid);
    if (["done", "unchanged"].includes(status) && !isThere(now, step)) say(`step ${step.id} is ${status}, but is not: ${JSON.stringify(now)}`);
    const wasRefused = ["failed", "blocked", "conflict"].includes(status);
    if (wasRefused && !open.has(step.id) && !isEqual(now, found(initial, step))) say(`step ${step.id} is ${status}, but was written`);
    if (status === undefined && !journal.text.includes(`"step":{"id":"${step.id}"`) && !isEqual(now, found(initial, step))) {
      say(`step ${step.id} is not in the journal, but was written`);
    }
  }
}

/** Every step has reached its target, no write was made twice, and nobody else was touched. */
function checkEnd(sandbox, plan, initial, say) {
  const users = usersOf(sandbox);
  const executed = sandbox.requests.filter((request) => isWrite(request) && request.executed);
  let expected = 0;
  for (const step of plan.steps) {
    if (!isThere(found(users, step), step)) say(`step ${step.id} is lost: ${JSON.stringify(found(users, step))}`);
    const own = executed.filter(({ method, path, body }) =>
      step.kind === "invite" ? method === "POST" && body.email === step.user.email : path.endsWith(`/${step.user.uid}`),
    );
    expected += own.length;
    if (own.length === 0) say(`step ${step.id} was never written`);
    // An update that is sent again makes the same of the user; whatever else is sent again is doubled.
    if (step.kind !== "update" && own.length > 1) say(`step ${step.id} is doubled`);
    if (new Set(own.map(({ body }) => JSON.stringify(body))).size > 1) say(`step ${step.id} was written in two ways`);
  }
  if (executed.length !== expected) say(`${executed.length - expected} writes are in no step`);
  const planned = new Set(plan.steps.map(({ user }) => user.uid));
  for (const [uid, state] of initial) {
    if (!planned.has(uid) && !isEqual(users.get(uid), state)) say(`${uid} is in no step, but was written`);
  }
  const count = (kind) => plan.steps.filter((step) => step.kind === kind).length;
  if (users.size !== initial.size + count("invite") - count("remove")) say(`${users.size} users are there`);
}

/** The journal is whole: from it alone one more run knows that all is done, and asks for no user. */
async function checkResumed(sandbox, plan, journal, say) {
  const before = sandbox.requests.length;
  const client = new ApiClient({ accessToken: sandbox.options.token, fetch: sandbox.fetch, maxRetries: 0 });
  const { summary, results } = await finish(client.admin.apply(plan, { allow: ["max-removals"], journal: journalOf(journal.text) }));
  if (!summary.complete) say(`resumed, it is not complete: ${JSON.stringify(summary)}`);
  const more = sandbox.requests.slice(before).filter(isWrite).length;
  if (more > 0) say(`resumed, it writes ${more} more: ${JSON.stringify(results)}`);
}

/** What was done in however many runs can be taken back: all but deleted users, and those of whom nobody knows who created them. */
async function checkUndone(sandbox, plan, journal, initial, say) {
  const { admin } = new ApiClient({ accessToken: sandbox.options.token, fetch: sandbox.fetch, maxRetries: 0 });
  const undo = await admin.planUndo(journalOf(journal.text));
  const { summary } = await finish(admin.apply(undo, { allow: ["max-removals"] }));
  if (!summary.complete) say(`taken back, it is not complete: ${JSON.stringify(summary)}`);
  const users = usersOf(sandbox);
  const last = new Map();
  for (const line of journal.lines) if (line.type === "result") last.set(line.stepId, line);
  for (const step of plan.steps) {
    const { uid, created } = last.get(step.id);
    const expected = step.kind === "update" ? initial.get(uid) : undefined;
    if (created === "assumed" ? !users.has(uid) : !isEqual(users.get(uid), expected)) {
      say(`${step.kind} ${step.id}, created ${created}, is not taken back: ${JSON.stringify(users.get(uid))}`);
    }
  }
}

describe(`${STEPS} steps with faults and kills by chance, ADMINISTRATION_SEED=${seed}`, () => {
  const numbers = Array.from({ length: Math.ceil(STEPS / STEPS_OF_A_PLAN) }, (_, index) => index + 1);
  const unhandled = [];
  const note = (error) => unhandled.push(error);

  before(async () => {
    process.on("unhandledRejection", note);
    const queue = numbers.values();
    await Promise.all(Array.from({ length: AT_A_TIME }, async () => {
      for (const number of queue) await carryOut(number);
    }));
  });
  after(() => process.off("unhandledRejection", note));

  test("none is lost, none is doubled, and the journal is true at every end", (t) => {
    const counts = {};
    for (const run of runs) counts[run] = (counts[run] ?? 0) + 1;
    t.diagnostic(`ADMINISTRATION_SEED=${seed}: ${steps} steps, ${requests} requests, ${runs.length} runs: ${JSON.stringify(counts)}`);
    assert.deepEqual(problems.slice(0, 5), [], `${problems.length} problems`);
    assert.equal(steps, numbers.length * STEPS_OF_A_PLAN);
  });

  test("nothing was rejected that nobody handled", () => assert.deepEqual(unhandled, []));

  test("runs were killed at every kind of moment, and every fault struck", () => {
    const moments = ["before a read", "behind a read", "before a write", "behind a write", "before a line", "within a line", "behind a line"];
    assert.deepEqual(moments.filter((moment) => !runs.includes(moment)), []);
    assert.deepEqual([...new Set(FAULTS.map(({ fault }) => fault))].filter((fault) => !struck.has(fault)), []);
  });
});
