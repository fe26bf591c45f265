import { setMaxListeners } from "node:events";

/** The kinds of calls of the soak. */
const request = { name: "Ada Example", email: "ada.example@example.com" };
const user = { uid: "1", ...request };
const many = { users: Array.from({ length: 10 }, (_, index) => ({ ...user, uid: String(index) })) };
const old = { users: many.users.map(({ uid, ...rest }) => ({ uid: Number(uid), ...rest, lastLogin: "-" })) };
const accessToken = "te-token-of-the-soak";

/** A stand-in for a Response, of which half a million cost little. */
function answer(status, value) {
  const bytes = new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
  const headers = { "content-type": "application/json" };
  return () => ({ status, headers, arrayBuffer: async () => bytes.slice().buffer });
}

const good = answer(200, user);
const explode = () => {
  throw new Error("thrown");
};
/** Like `fetch`: nothing until it is aborted. */
const hang = (_, { signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
const never = () => new Promise(() => {});

/** Of each client, by the first label of its host. The platform's `fetch` is called alike in every release. */
const servers = new Map();
globalThis.fetch = async (url, init) => servers.get(url.slice("https://".length, url.indexOf(".")))(url, init);

/** A client with a `fetch` of its own, and what calls it. */
const client = (fetch, call, configuration) => (pkg) => {
  const host = `https://client-${servers.size}.example/v7`;
  servers.set(`client-${servers.size}`, fetch);
  const settings = { host, accessToken, maxRetries: 0, maxConcurrency: 1000, rateLimiter: false };
  const users = new pkg.UsersApi({ ...settings, ...configuration });
  return () => call(users, pkg);
};

servers.set("silent", never);

/** Gives the first answer to the first request for each path, and the other one to the second. */
function once(first, second) {
  const seen = new Set();
  return (url) => {
    if (seen.delete(url)) return second();
    seen.add(url);
    return first();
  };
}

const read = (users) => users.getUser("1");
let count = 0;
const readAnother = (users) => users.getUser(String((count += 1)));
const create = (users) => users.createUser(request);
const hooks = ["onRequest", "onResponse", "onRetry", "onRateLimit"];

function abortUnderWay(users) {
  const controller = new AbortController();
  const promise = users.getUser("1", { signal: controller.signal });
  // Once it is under way.
  Promise.resolve().then().then().then(() => setImmediate(() => controller.abort("left")));
  return promise;
}

/** What the calls end with, and what a function of the package gives that makes one. */
export const kinds = {
  "good": ["success", client(good, read)],
  "listed": ["success", client(answer(200, many), (users) => users.getUsers())],
  "drifted": ["success", client(answer(200, old), (users) => users.getUsersWithHttpInfo())],
  "404": ["NotFoundException", client(answer(404, { title: "Not found" }), read)],
  "503": ["ServiceException", client(answer(503, { title: "Down" }), read)],
  "undecodable": ["DecodeException", client(answer(200, "<html>"), read)],
  "fetch throws": ["ConnectionException", client(explode, read)],
  "fetch rejects": ["ConnectionException", client(() => Promise.reject(new TypeError("lost")), read)],
  "NaN in a request": ["ApiValueError", client(good, (users) => users.createUser({ name: NaN }))],
  "a request with a getter that throws": ["ApiTypeError", client(good, (users) => users.createUser({ get name() { return explode(); } }))],
  "aborted before": ["left", client(good, (users) => users.getUser("1", { signal: AbortSignal.abort("left") }))],
  "aborted under way": ["left", client(hang, abortUnderWay)],
  "no answer": ["TimeoutException", client(hang, (users) => users.getUser("1", { timeout: 1 }))],
  "no answer, and fetch goes on for ever": ["TimeoutException", client(never, (users) => users.getUser("1", { timeout: 1 }))],
  "a provider that rejects": ["ApiValueError", client(good, read, { accessToken: async () => explode() })],
  "a provider that never answers": ["TimeoutException", client(good, (users) => users.getUser("1", { timeout: 1 }), { accessToken: never })],
  "a token of the call's own": ["success", client(good, (users) => users.getUser("1", { accessToken }))],
  "a function of the call's own that gives a token": ["success", client(good, (users) => users.getUser("1", { accessToken: async () => accessToken }))],
  "hooks": ["success", client(once(answer(503, ""), good), readAnother, { maxRetries: 1, ...Object.fromEntries(hooks.map((hook) => [hook, () => {}])) })],
  "good, of a platform's Response": ["success", client(() => new Response(JSON.stringify(user)), read)],
  "good, by an injected fetch": ["success", client(never, read, { fetch: async () => good() })],
  "good, with all that came": ["success", client(good, (users) => users.getUserWithHttpInfo("1"))],
  "created": ["success", client(answer(201, user), create)],
  "updated": ["success", client(good, (users) => users.updateUser("1", request))],
  "deleted": ["success", client(answer(204, ""), (users) => users.deleteUser("1"))],
  "400 with errors": ["BadRequestException", client(answer(400, { title: "No", errors: [{ field: "email", message: "no" }] }), create)],
  "deviating, and strict": ["DecodeException", client(answer(200, old), (users) => users.getUsers({ decode: "strict" }))],
  "sent again after 503": ["success", client(once(answer(503, ""), good), readAnother, { maxRetries: 1 })],
  "sent again with a refreshed token": ["success", client(once(answer(401, ""), good), readAnother, { maxRetries: 1, accessToken: ({ refresh }) => `${accessToken}-${refresh}` })],
  "queued": ["success", client(good, read, { maxConcurrency: 5, rateLimiter: true })],
  "fetch rejects with nothing": ["ConnectionException", client(() => Promise.reject(), read)],
  "fetch gives nothing": ["ConnectionException", client(() => undefined, read)],
  "fetch gives an object whose properties throw": ["ConnectionException", client(() => ({ get status() { return explode(); } }), read)],
  "the body fails": ["ConnectionException", client(() => ({ status: 200, headers: {}, arrayBuffer: async () => explode() }), read)],
  "a number in a request": ["ApiTypeError", client(good, (users) => users.createUser({ name: 5 }))],
  "half a character in a request": ["ApiValueError", client(good, (users) => users.createUser({ name: "\ud800" }))],
  "a request that refers to itself": ["ApiTypeError", client(good, (users) => users.createUser(itself()))],
  "a request that cannot be looked into": ["ApiTypeError", client(good, (users) => users.createUser(new Proxy({}, { ownKeys: explode, getPrototypeOf: explode })))],
  "an unknown option": ["ApiTypeError", client(good, (users) => users.getUser("1", { unknown: true }))],
  "an option with a getter that throws": ["ApiTypeError", client(good, (users) => users.getUser("1", { get timeout() { return explode(); } }))],
  "a signal whose getters throw": ["ApiTypeError", client(good, (users) => users.getUser("1", { signal: { get aborted() { return explode(); }, addEventListener() {} } }))],
  "aborted in the same turn": ["left", client(good, abortAtOnce)],
  "aborted under way, and fetch goes on for ever": ["left", client(never, abortUnderWay)],
  "a signal of each call's own": ["success", client(good, (users) => users.getUser("1", { signal: new AbortController().signal }))],
  "one signal for all calls": ["success", client(good, sharedSignal())],
  "no body, and reading it goes on for ever": ["TimeoutException", client(() => ({ status: 200, headers: {}, arrayBuffer: never }), (users) => users.getUser("1", { timeout: 1 }))],
  "no answer in the whole time": ["TimeoutException", client(never, (users) => users.getUser("1", { timeout: 0, totalTimeout: 1 }))],
  "a provider of tokens": ["success", client(good, read, { accessToken: async () => accessToken })],
  "a provider that throws": ["ApiValueError", client(good, read, { accessToken: explode })],
  "a provider that gives a number": ["ApiTypeError", client(good, read, { accessToken: () => 5 })],
  "hooks that throw": ["success", client(once(answer(503, ""), good), readAnother, { maxRetries: 1, ...Object.fromEntries(hooks.map((hook) => [hook, explode])) })],
  "hooks that reject": ["success", client(once(answer(503, ""), good), readAnother, { maxRetries: 1, ...Object.fromEntries(hooks.map((hook) => [hook, async () => explode()])) })],
  "hooks that never answer": ["success", client(good, read, { onRequest: never, onResponse: never })],
  "a client of its own, closed under way": ["ClientClosedException", client(never, ownClient)],
  "a closed client": ["ClientClosedException", closedClient],
};

function itself() {
  const request = {};
  return Object.assign(request, { accountGroupRoles: [request] });
}

function abortAtOnce(users) {
  const controller = new AbortController();
  const promise = users.getUser("1", { signal: controller.signal });
  controller.abort("left");
  return promise;
}

function sharedSignal() {
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  return (users) => users.getUser("1", { signal });
}

let clients = 0;

function ownClient(_, { ApiClient, UsersApi, collect }) {
  // Clients are freed when they are collected, which nobody knows the time of.
  if ((clients += 1) % 200 === 0) collect();
  const own = new ApiClient({ host: "https://silent.example/v7", accessToken });
  const promise = new UsersApi(own).getUser("1");
  setImmediate(() => own.close());
  return promise;
}

function closedClient({ ApiClient, UsersApi }) {
  const own = new ApiClient({ accessToken });
  own.close();
  const users = new UsersApi(own);
  return () => users.getUser("1");
}

/** What the calls of a kind end with, and what makes one; `pkg` is the package, and `collect`, which collects garbage. */
export function begin(kind, pkg) {
  const [expected, make] = kinds[kind];
  return { kind, expected, call: make(pkg) };
}
