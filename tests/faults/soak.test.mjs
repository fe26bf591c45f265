// 100000 calls in one process: the memory of the WebAssembly does not grow after the first of them, nor does the heap.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const CALLS = 100_000;
const WARM_UP = 20_000;
const AT_A_TIME = 100;
/** A leak of 500 bytes for each call would be more. */
const HEAP_MARGIN = 40_000_000;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

/** The package keeps its memory to itself, so its instance is watched while it is made. */
const { Instance } = WebAssembly;
let memory;
WebAssembly.Instance = class extends Instance {
  constructor(...given) {
    super(...given);
    memory = Object.values(this.exports).find((exported) => exported instanceof WebAssembly.Memory);
  }
};
const { ApiClient, ThousandEyesError, UsersApi } = await import("../../pkg/node.mjs");

const user = { uid: "1", name: "Ada Example", email: "ada.example@example.com" };
const json = (status, value) => new Response(JSON.stringify(value), { status, headers: { "content-type": "application/json" } });
const many = { users: Array.from({ length: 50 }, (_, index) => ({ ...user, uid: String(index) })) };
const old = { users: many.users.map(({ uid, ...rest }) => ({ uid: Number(uid), ...rest, lastLogin: "-" })) };
/** As fetch does: nothing until it is aborted. */
const hang = ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

/** What `fetch` does, by the last part of the path. */
const answers = {
  found: () => json(200, user),
  listed: () => json(200, many),
  drifted: () => json(200, old),
  missing: () => json(404, { title: "Not found" }),
  down: () => json(503, { title: "Down" }),
  undecodable: () => new Response("<html>"),
  broken: () => Promise.reject(new TypeError("broken")),
  thrown: () => {
    throw new Error("thrown");
  },
  hanging: hang,
  slow: hang,
  strange: () => ({}),
};

let list = "listed";
const client = new ApiClient({
  accessToken: async () => "te-token-of-the-soak",
  rateLimiter: false,
  maxRetries: 0,
  onRequest: () => {},
  onResponse: () => Promise.reject(new Error("hook")),
  fetch: async (request) => answers[nameOf(request)](request),
});
const users = new UsersApi(client);

function nameOf({ method, url }) {
  const last = new URL(url).pathname.split("/").at(-1);
  if (last !== "users") return last;
  return method === "POST" ? "found" : list;
}

/** One of each; the name is what the call ends with. */
const calls = [
  ["success", () => users.getUser("found")],
  ["success", () => users.updateUser("found", { name: "Ada" })],
  ["success", () => users.createUserWithHttpInfo({ name: "Ada", email: "ada.example@example.com" })],
  ["success", () => users.deleteUser("found")],
  ["success", () => users.getUser("found", { signal: new AbortController().signal })],
  ["NotFoundException", () => users.getUser("missing")],
  ["ServiceException", () => users.getUser("down")],
  ["DecodeException", () => users.getUser("undecodable")],
  ["ConnectionException", () => users.getUser("broken")],
  ["ConnectionException", () => users.getUser("thrown")],
  ["ConnectionException", () => users.getUser("strange")],
  ["ApiTypeError", () => users.createUser({ name: 5 })],
  ["TimeoutException", () => users.getUser("hanging", { timeout: 1 })],
  ["reason", () => users.getUser("hanging", { signal: AbortSignal.abort("reason") })],
  ["reason", () => aborted()],
];

function aborted() {
  const controller = new AbortController();
  const promise = users.getUser("slow", { signal: controller.signal });
  setTimeout(() => controller.abort("reason"));
  return promise;
}

const lists = [
  ["listed", () => users.getUsers()],
  ["drifted", () => users.getUsersWithHttpInfo()],
];

const ended = (promise) =>
  promise.then(
    () => "success",
    (error) => (error instanceof ThousandEyesError ? error.name : String(error)),
  );

const wrong = [];
let done = 0;

async function run(until) {
  while (done < until) {
    const batch = Array.from({ length: AT_A_TIME - lists.length }, (_, index) => calls[(done + index) % calls.length]);
    const results = await Promise.all(batch.map(([, call]) => ended(call())));
    results.forEach((result, index) => result !== batch[index][0] && wrong.push([batch[index][0], result]));
    for (const [answer, call] of lists) {
      list = answer;
      const result = await ended(call());
      if (result !== "success") wrong.push([answer, result]);
    }
    done += AT_A_TIME;
  }
  await settled();
  return { wasm: memory.buffer.byteLength, heap: process.memoryUsage().heapUsed };
}

/** Finalisers run between turns. */
async function settled() {
  for (let round = 0; round < 5; round += 1) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

let early, late;

before(async () => {
  early = await run(WARM_UP);
  late = await run(CALLS);
});

test("every one of 100000 calls ended as it should", (t) => {
  t.diagnostic(`after ${WARM_UP} calls ${JSON.stringify(early)}, after ${CALLS} ${JSON.stringify(late)}`);
  assert.equal(done, CALLS);
  assert.deepEqual(wrong.slice(0, 5), []);
});

test("the memory of the WebAssembly stays as it was", () => assert.equal(late.wasm, early.wasm));

test("the heap does not grow without bound", () => {
  assert.ok(late.heap - early.heap < HEAP_MARGIN, `${late.heap - early.heap} bytes more`);
});
