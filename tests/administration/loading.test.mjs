// The jobs' WebAssembly comes with the first job: what fails on the way, and what comes meanwhile. Each test has a copy of the package.
import assert from "node:assert/strict";
import { cp, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { root } from "../../toolchain.mjs";
import { createSandbox } from "./support.mjs";

const folder = await mkdtemp(join(tmpdir(), "administration-"));
after(() => rm(folder, { recursive: true, force: true }));
let copies = 0;

/** A copy of the package that has loaded no jobs, and a client of it. */
async function fresh() {
  const copy = join(folder, String((copies += 1)));
  await cp(join(root, "pkg"), copy, { recursive: true });
  const entry = await import(pathToFileURL(join(copy, "node.mjs")));
  const sandbox = createSandbox({ rateLimit: 0, users: 8 });
  const client = new entry.ApiClient({ accessToken: sandbox.options.token, fetch: sandbox.fetch });
  return { ...entry, copy, sandbox, client, admin: client.admin };
}

/** Until the test ends, nothing is instantiated before `go` is called; `go(error)` lets the first fail with that. */
function held(t) {
  const { instantiate } = WebAssembly;
  let go;
  const gate = new Promise((resolve) => (go = resolve));
  let count = 0;
  WebAssembly.instantiate = async (...given) => {
    count += 1;
    const number = count;
    const error = await gate;
    if (error && number === 1) throw error;
    return instantiate.apply(WebAssembly, given);
  };
  t.after(() => (WebAssembly.instantiate = instantiate));
  return { go, count: () => count };
}

const failure = (promise) => promise.then((value) => assert.fail(`it ended with ${JSON.stringify(value)}`), (error) => error);

test("a file that is missing is a NotInitializedError, and calls work all the same", async () => {
  const { admin, client, copy, sandbox, NotInitializedError, ThousandEyesError } = await fresh();
  await rename(join(copy, "jobs64.cjs"), join(copy, "away.cjs"));
  const begun = [admin.findUser("x@example.com"), admin.apply({}).result, admin.modifyUser("5005", () => ({}))];
  for (const job of begun) {
    const error = await failure(job);
    assert.ok(error instanceof NotInitializedError && error instanceof ThousandEyesError, error);
    assert.deepEqual([error.retryable, error.outcome, typeof error.cause.message], [true, "not-sent", "string"]);
    assert.match(error.message, /try again/);
  }
  assert.deepEqual(sandbox.requests, []);
  // Calls need no jobs.
  assert.equal((await client.users.getUsers()).users.length, 8);
});

test("what is wrong with a job is told before anything is loaded", async (t) => {
  const { admin, ApiTypeError } = await fresh();
  const { count } = held(t);
  for (const job of [admin.findUser("x@example.com", { nme: 1 }), admin.modifyUser("5005", 7), admin.plan([], { onProgress: 7 })]) {
    assert.ok((await failure(job)) instanceof ApiTypeError);
  }
  assert.equal(count(), 0);
});

test("it is loaded once for all jobs that wait for it", async (t) => {
  const { admin, sandbox } = await fresh();
  const { go, count } = held(t);
  const jobs = Array.from({ length: 20 }, () => admin.findUser("robin.castellane@example.com"));
  await new Promise(setImmediate);
  assert.deepEqual([count(), sandbox.requests.length], [1, 0]);
  go();
  for (const user of await Promise.all(jobs)) assert.equal(user.uid, "5001");
  await admin.findUser("robin.castellane@example.com");
  assert.equal(count(), 1);
});

test("a failure is told to all who wait, and the next job tries again", async (t) => {
  const { admin, NotInitializedError } = await fresh();
  const { go, count } = held(t);
  const jobs = Array.from({ length: 5 }, () => admin.findUser("robin.castellane@example.com"));
  const cause = new WebAssembly.CompileError("no memory");
  go(cause);
  for (const job of jobs) {
    const error = await failure(job);
    assert.ok(error instanceof NotInitializedError);
    assert.equal(error.cause, cause);
  }
  assert.equal((await admin.findUser("robin.castellane@example.com")).uid, "5001");
  assert.equal(count(), 2);
});

test("a signal ends a job while it is loaded, and another one has it all the same", async (t) => {
  const { admin, sandbox } = await fresh();
  const { go } = held(t);
  const controller = new AbortController();
  const reason = new Error("left");
  const [left, stays] = [admin.findUser("x@example.com", { signal: controller.signal }), admin.findUser("robin.castellane@example.com")];
  const run = admin.apply({}, { signal: controller.signal });
  setTimeout(() => controller.abort(reason), 20);
  assert.equal(await failure(left), reason);
  assert.equal(await failure(run.result), reason);
  assert.deepEqual(sandbox.requests, []);
  go();
  assert.equal((await stays).uid, "5001");
});

test("a client that is closed meanwhile makes no call", async (t) => {
  const { admin, client, sandbox, ClientClosedException } = await fresh();
  const { go } = held(t);
  const job = admin.findUser("x@example.com");
  client.close();
  go();
  assert.ok((await failure(job)) instanceof ClientClosedException);
  assert.deepEqual(sandbox.requests, []);
});
