// 10000 writes over HTTP, with faults by chance: none is lost, none doubled, and what each error says of it is true.
// `FAULT_SEED=17 node --test tests/faults/chaos.test.mjs` repeats the plan and the faults of seed 17.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { ApiClient, ThousandEyesError, TimeoutException, UsersApi } from "../../pkg/node.mjs";
import { startSandbox } from "../../www/sandbox/server.mjs";
import { createRandom } from "../../www/sandbox/seed/random.mjs";

const seed = Number(process.env.FAULT_SEED ?? Math.floor(Math.random() * 2 ** 31));
const random = createRandom(seed);

const COUNTS = { create: 4000, update: 3500, delete: 2500 };
const AT_A_TIME = 60;
/** Far above what an answer takes on a busy machine. */
const ATTEMPT_TIMEOUT = 2000;
/** They own the sandbox's tokens. */
const TOKEN_OWNERS = 4;
const BYSTANDERS = 100;

const FAULTS = [
  { fault: "error", status: 503, when: "before", share: 0.04 },
  { fault: "error", status: 500, when: "after", share: 0.04 },
  { fault: "error", status: 504, body: "html", when: "after", share: 0.02 },
  { fault: "error", status: 400, when: "before", share: 0.02 },
  { fault: "connection-reset", when: "before", share: 0.04 },
  { fault: "connection-reset", when: "after", share: 0.04 },
  { fault: "cut-body", share: 0.04 },
  { fault: "hang", when: "before", share: 0.01 },
  { fault: "hang", when: "after", share: 0.01 },
  { fault: "too-many-requests", resetIn: 1, share: 0.03 },
  { fault: "not-found", share: 0.04, match: { method: "POST" } },
  { fault: "latency", ms: 300, share: 0.03 },
  { fault: "latency", ms: 2 * ATTEMPT_TIMEOUT, share: 0.01 },
  { fault: "drift", share: 0.05 },
];

const token = "te-token-of-the-chaos";
const log = [];
let server, initial, writes, final;

before(async () => {
  server = await startSandbox({
    token,
    seed: seed % 2 ** 31,
    users: TOKEN_OWNERS + BYSTANDERS + COUNTS.update + COUNTS.delete,
    rateLimit: 0,
    // The organisation takes the same user twice, so that a create that is sent twice does not go unnoticed.
    duplicateEmail: "add-roles",
    // Quicker: every create compares its address with thousands.
    emailCase: "sensitive",
    onRequest: (entry) => log.push(entry),
  });
  initial = server.sandbox.state.users;
  for (const fault of FAULTS) server.sandbox.faults.add(fault);
  writes = plan();
  const configuration = { host: server.url, accessToken: token, timeout: ATTEMPT_TIMEOUT };
  const free = new UsersApi(new ApiClient({ ...configuration, rateLimiter: false }));
  const limited = new UsersApi(new ApiClient({ ...configuration, maxConcurrency: 10 }));
  const queue = writes.values();
  await Promise.all(Array.from({ length: AT_A_TIME }, () => work(queue, free, limited)));
  final = server.sandbox.state.users;
});

after(() => server?.close());

/** Every write has a user of its own, so that what became of it can be seen from the users. */
function plan() {
  const targets = initial.slice(TOKEN_OWNERS + BYSTANDERS).map(({ uid }) => uid);
  const kinds = Object.entries(COUNTS).flatMap(([kind, count]) => Array(count).fill(kind));
  return shuffled(kinds).map((kind, index) => ({
    kind,
    index,
    name: `Chaos ${index}`,
    email: `chaos.${index}@example.com`,
    uid: kind === "create" ? undefined : targets.pop(),
    options: { maxRetries: Math.floor(random() * 3) },
    isLimited: random() < 0.05,
    isWithRead: random() < 0.1,
    abortAfter: random() < 0.02 ? random() * 100 : undefined,
  }));
}

function shuffled(list) {
  const keyed = list.map((item) => [random(), item]);
  return keyed.sort(([one], [other]) => one - other).map(([, item]) => item);
}

async function work(queue, free, limited) {
  for (const write of queue) {
    const users = write.isLimited ? limited : free;
    await Promise.all([attempt(users, write), write.isWithRead && users.getUser(initial[0].uid).catch(() => {})]);
  }
}

async function attempt(users, write) {
  const controller = new AbortController();
  const timer = write.abortAfter && setTimeout(() => controller.abort(write), write.abortAfter);
  try {
    write.value = await send(users, write, { ...write.options, signal: controller.signal });
    write.result = "success";
  } catch (error) {
    write.error = error;
    write.result = error === write ? "aborted" : error.outcome;
  } finally {
    clearTimeout(timer);
  }
}

function send(users, { kind, uid, name, email }, options) {
  if (kind === "create") return users.createUser({ name, email }, options);
  if (kind === "update") return users.updateUser(uid, { name }, options);
  return users.deleteUser(uid, options);
}

const show = ({ kind, index, result, error }) => `${kind} ${index}: ${result}, ${error?.stack ?? "no error"}`;
const wrong = (condition) => writes.filter(condition).map(show).slice(0, 5);

/** What happened to each write, as the users and the sandbox's log tell. */
function examine() {
  const byUid = new Map(final.map((user) => [user.uid, user]));
  const byEmail = groupBy(final, ({ email }) => email);
  const requests = groupBy(log, ({ method, path, body }) =>
    method === "POST" ? body?.email : method === "PUT" ? body?.name : method === "DELETE" ? path.split("/").at(-1) : undefined,
  );
  for (const write of writes) {
    const { kind, uid, name, email } = write;
    write.requests = requests.get({ create: email, update: name, delete: uid }[kind]) ?? [];
    write.made = byEmail.get(email) ?? [];
    write.isDone = { create: write.made.length > 0, update: byUid.get(uid)?.name === name, delete: !byUid.has(uid) }[kind];
  }
}

function groupBy(list, key) {
  const groups = new Map();
  for (const item of list) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

/** Whether what came back, or did not, leaves the fate of a write open. */
function isOpen({ kind, requests, error }) {
  const leavesOpen = ({ status, executed, faults }) =>
    executed ||
    status === undefined ||
    status >= 500 ||
    faults.includes("latency") ||
    (status === 404 && kind === "create");
  return requests.some(leavesOpen) || requests.length < error.attempts || error instanceof TimeoutException;
}

describe(`10000 writes with faults by chance, FAULT_SEED=${seed}`, () => {
  before(examine);

  test("every write ended, and every failure is an error of the package", (t) => {
    const counts = {};
    for (const { kind, result } of writes) counts[`${kind} ${result}`] = (counts[`${kind} ${result}`] ?? 0) + 1;
    t.diagnostic(`FAULT_SEED=${seed}, ${log.length} requests: ${JSON.stringify(counts)}`);
    const results = ["success", "aborted", "not-sent", "rejected", "unknown"];
    assert.deepEqual(wrong(({ result }) => !results.includes(result)), []);
    assert.deepEqual(wrong(({ error, result }) => error && result !== "aborted" && !(error instanceof ThousandEyesError)), []);
  });

  test("none is lost: what succeeded is done", () => {
    assert.deepEqual(wrong(({ result, isDone }) => result === "success" && !isDone), []);
    assert.deepEqual(
      wrong(({ kind, result, value, made }) => kind === "create" && result === "success" && value.uid !== made[0].uid),
      [],
    );
  });

  test("none is doubled: no user is created twice, and a create is sent again after a 429 alone", () => {
    assert.deepEqual(wrong(({ made }) => made.length > 1), []);
    const creates = (condition) => wrong((write) => write.kind === "create" && condition(write.requests));
    assert.deepEqual(creates((requests) => requests.filter(({ executed }) => executed).length > 1), []);
    assert.deepEqual(creates((requests) => requests.slice(0, -1).some(({ status }) => status !== 429)), []);
  });

  test("what was rejected or not sent is not done", () => {
    assert.deepEqual(wrong(({ result, isDone }) => ["rejected", "not-sent"].includes(result) && isDone), []);
    assert.deepEqual(wrong(({ result, requests }) => result === "not-sent" && requests.length > 0), []);
  });

  test("unknown is said only where it is open", () => {
    assert.deepEqual(wrong((write) => write.result === "unknown" && !isOpen(write)), []);
  });

  test("no write is sent more often than its retries allow", () => {
    assert.deepEqual(wrong(({ requests, options }) => requests.length > options.maxRetries + 1), []);
  });

  test("nobody else is touched", () => {
    const touched = new Set(writes.map(({ uid }) => uid));
    const others = (users) => users.filter(({ uid, email }) => !touched.has(uid) && !email.startsWith("chaos."));
    assert.deepEqual(others(final), others(initial));
    const done = (kind) => writes.filter((write) => write.kind === kind && write.isDone).length;
    assert.equal(final.length, initial.length + done("create") - done("delete"));
  });

  test("every fault struck, every outcome occurred, and most writes succeeded", () => {
    const struck = new Set(log.flatMap(({ faults }) => faults));
    assert.deepEqual([...new Set(FAULTS.map(({ fault }) => fault))].filter((fault) => !struck.has(fault)), []);
    const count = (wanted) => writes.filter(({ result }) => result === wanted).length;
    for (const result of ["aborted", "rejected", "unknown"]) assert.ok(count(result) > 0, result);
    assert.ok(writes.some(({ result, isDone }) => result === "unknown" && isDone));
    assert.ok(writes.some(({ result, isDone }) => result === "unknown" && !isDone));
    assert.ok(count("success") > writes.length / 2, `${count("success")} successes`);
  });
});
