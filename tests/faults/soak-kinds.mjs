// The kinds of calls of the soak.
import { setMaxListeners } from "node:events";

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
  const shared = new pkg.ApiClient({ ...settings, ...configuration });
  const users = new pkg.UsersApi(shared);
  return () => call(users, pkg, shared);
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
const withOptions = (make) => (users) => users.getUser("1", make());
const hasty = withOptions(() => ({ timeout: 1 }));
const withSignal = (make) => withOptions(() => ({ signal: make() }));
const creating = (make) => (users) => users.createUser(make());
const hooks = (hook) => ({ maxRetries: 1, onRequest: hook, onResponse: hook, onRetry: hook, onRateLimit: hook });

/** A client whose first request for each user is answered with an error, and the second well. */
function sentTwice(status, configuration) {
  return client(once(answer(status, ""), good), readAnother, { maxRetries: 1, ...configuration });
}

/** By what the calls end with: what a function of the package gives that makes one. */
const kindsByEnd = {
  success: {
    "good": client(good, read),
    "good, of a platform's Response": client(() => new Response(JSON.stringify(user)), read),
    "good, by an injected fetch": client(never, read, { fetch: async () => good() }),
    "good, with all that came": client(good, (users) => users.getUserWithHttpInfo("1")),
    "created": client(answer(201, user), creating(() => request)),
    "updated": client(good, (users) => users.updateUser("1", request)),
    "deleted": client(answer(204, ""), (users) => users.deleteUser("1")),
    "listed": client(answer(200, many), (users) => users.getUsers()),
    "drifted": client(answer(200, old), (users) => users.getUsersWithHttpInfo()),
    "sent again after 503": sentTwice(503),
    "sent again with a refreshed token": sentTwice(401, { accessToken: ({ refresh }) => `${accessToken}-${refresh}` }),
    "queued": client(good, read, { maxConcurrency: 5, rateLimiter: true }),
    "any other request": client(good, (_, pkg, shared) => shared.request({ method: "PUT", path: "/tests/1", query: { a: [1] }, body: request })),
    "the activity log, whole": client(page, (_, pkg, shared) => readLog(shared)),
    "the activity log, left early": client(page, (_, pkg, shared) => readLog(shared, 3)),
    "the activity log, left while a page is on its way": client(firstPage, (_, pkg, shared) => leaveLog(shared)),
    "a signal of each call's own": client(good, withSignal(() => new AbortController().signal)),
    "one signal for all calls": client(good, sharedSignal()),
    "a provider of tokens": client(good, read, { accessToken: async () => accessToken }),
    "a token of the call's own": client(good, withOptions(() => ({ accessToken }))),
    "a function of the call's own that gives a token": client(good, withOptions(() => ({ accessToken: async () => accessToken }))),
    "hooks": sentTwice(503, hooks(() => {})),
    "hooks that throw": sentTwice(503, hooks(explode)),
    "hooks that reject": sentTwice(503, hooks(async () => explode())),
    "hooks that never answer": sentTwice(503, hooks(never)),
  },
  NotFoundException: {
    "404": client(answer(404, { title: "Not found" }), read),
  },
  ServiceException: {
    "503": client(answer(503, { title: "Down" }), read),
  },
  BadRequestException: {
    "400 with errors": client(answer(400, { errors: [{ field: "email", message: "no" }] }), creating(() => request)),
  },
  DecodeException: {
    "undecodable": client(answer(200, "<html>"), read),
    "deviating, and strict": client(answer(200, old), (users) => users.getUsers({ decode: "strict" })),
  },
  ConnectionException: {
    "fetch throws": client(explode, read),
    "fetch rejects": client(() => Promise.reject(new TypeError("lost")), read),
    "fetch rejects with nothing": client(() => Promise.reject(), read),
    "fetch gives nothing": client(() => undefined, read),
    "fetch gives an object whose properties throw": client(() => ({ get status() { return explode(); } }), read),
    "the body fails": client(body(async () => explode()), read),
  },
  TimeoutException: {
    "no answer": client(hang, hasty),
    "no answer, and fetch goes on for ever": client(never, hasty),
    "no answer in the whole time": client(never, withOptions(() => ({ timeout: 0, totalTimeout: 1 }))),
    "no body, and reading it goes on for ever": client(body(never), hasty),
    "a provider that never answers": client(good, hasty, { accessToken: never }),
  },
  ApiTypeError: {
    "a number in a request": client(good, creating(() => ({ name: 5 }))),
    "a request with a getter that throws": client(good, creating(() => ({ get name() { return explode(); } }))),
    "a request that refers to itself": client(good, creating(itself)),
    "a request that cannot be looked into": client(good, creating(() => new Proxy({}, { ownKeys: explode, getPrototypeOf: explode }))),
    "an unknown option": client(good, withOptions(() => ({ unknown: true }))),
    "an option with a getter that throws": client(good, withOptions(() => ({ get timeout() { return explode(); } }))),
    "a signal whose getters throw": client(good, withSignal(() => ({ get aborted() { return explode(); }, addEventListener() {} }))),
    "a provider that gives a number": client(good, read, { accessToken: () => 5 }),
  },
  ApiValueError: {
    "NaN in a request": client(good, creating(() => ({ name: NaN }))),
    "half a character in a request": client(good, creating(() => ({ name: "\ud800" }))),
    "a provider that throws": client(good, read, { accessToken: explode }),
    "a provider that rejects": client(good, read, { accessToken: async () => explode() }),
  },
  // The reason of the signal.
  left: {
    "aborted before": client(good, withSignal(() => AbortSignal.abort("left"))),
    "aborted in the same turn": client(good, abortAtOnce),
    "aborted under way": client(hang, abortUnderWay),
    "aborted under way, and fetch goes on for ever": client(never, abortUnderWay),
  },
  ClientClosedException: {
    "a closed client": closedClient,
    "a client of its own, closed under way": client(never, ownClient),
  },
};

/** A page of the activity log; there are two. */
function page(url) {
  const next = !url.includes("cursor=2") && { _links: { next: { href: "https://api.thousandeyes.com/v7/audit-user-events?cursor=2" } } };
  return answer(200, { auditEvents: [{ event: "a" }, { event: "b" }], ...next })();
}

/** The first page, and the second one never. */
function firstPage(url, init) {
  return url.includes("cursor=2") ? hang(url, init) : page(url);
}

async function readLog(client, most = Infinity) {
  let seen = 0;
  for await (const _ of client.userEvents.userEvents()) if ((seen += 1) === most) break;
}

async function leaveLog(client) {
  const events = client.userEvents.userEvents()[Symbol.asyncIterator]();
  await events.next();
  await events.next();
  const next = events.next();
  // By then `fetch` was called: all until then are microtasks.
  await new Promise(setImmediate);
  await events.return();
  return next;
}

function body(arrayBuffer) {
  return () => ({ status: 200, headers: {}, arrayBuffer });
}

function itself() {
  const made = {};
  return Object.assign(made, { accountGroupRoles: [made] });
}

function sharedSignal() {
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  return withSignal(() => signal);
}

function abortAtOnce(users) {
  const controller = new AbortController();
  const promise = users.getUser("1", { signal: controller.signal });
  controller.abort("left");
  return promise;
}

function abortUnderWay(users) {
  const controller = new AbortController();
  const promise = users.getUser("1", { signal: controller.signal });
  // By then `fetch` was called: all until then are microtasks.
  setImmediate(() => controller.abort("left"));
  return promise;
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

const kinds = new Map(
  Object.entries(kindsByEnd).flatMap(([expected, made]) => Object.entries(made).map(([kind, make]) => [kind, { kind, expected, make }])),
);

export const names = [...kinds.keys()];

/** What the calls of a kind end with, and what makes one; `pkg` is the package, and `collect`, which collects garbage. */
export function begin(name, pkg) {
  const { kind, expected, make } = kinds.get(name);
  return { kind, expected, call: make(pkg) };
}
