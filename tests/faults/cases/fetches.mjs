/** Injected fetches of every sort. */
import { connection, create, get, impatient, once, redirected, success, timeout, undecodable } from "./words.mjs";

const json = (text) => ({ status: 200, text: async () => text });
const ada = '{"uid":"1"}';
const bytes = (text) => new TextEncoder().encode(text);
const never = () => new Promise(() => {});
const bomb = () => {
  throw new TypeError("boom");
};

function* breakingOff() {
  yield ["x-a", "b"];
  bomb();
}

/** A platform's Response of which some parts are replaced, and its headers' ways to be read. */
function tampered(parts, ways = {}) {
  const response = new Response(ada);
  Object.assign(response.headers, ways);
  return Object.defineProperties(response, Object.getOwnPropertyDescriptors(parts));
}
const all = (names, part) => Object.fromEntries(names.map((name) => [name, part]));
const everyWay = (way) => all(["get", "has", "entries", "keys", "values", "forEach", Symbol.iterator], way);
const everyBody = (read) => all(["arrayBuffer", "text", "json"], read);

/** Fails as a connection does: a read is sent again. */
const failing = {
  "throws an Error": () => () => bomb(),
  "throws a string": () => () => {
    throw "boom";
  },
  "throws undefined": () => () => {
    throw undefined;
  },
  "rejects with an Error": () => () => Promise.reject(new Error("boom")),
  "rejects with a string": () => () => Promise.reject("boom"),
  "rejects with undefined": () => () => Promise.reject(undefined),
  "rejects with null": () => () => Promise.reject(null),
  "rejects with a symbol": () => () => Promise.reject(Symbol("boom")),
  "rejects with a function": () => () => Promise.reject(bomb),
  "rejects with an Error of another realm": ({ ForeignError }) => () => Promise.reject(new ForeignError("boom")),
  "rejects with an AbortError of its own": () => () => Promise.reject(new DOMException("boom", "AbortError")),
  "rejects with an Error that is its own cause's cause": () => () => {
    const error = new Error("boom");
    error.cause = new Error("behind", { cause: error });
    return Promise.reject(error);
  },
  "rejects with what throws when it is looked at": () => () =>
    Promise.reject({
      get cause() {
        return bomb();
      },
    }),
  "rejects with what cannot be looked at any more": () => () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return Promise.reject(proxy);
  },
  "rejects with an Error that shows the token": ({ token }) => () => Promise.reject(new Error(`Bearer ${token} was refused`)),
  "rejects with an Error whose cause shows the token": ({ token }) => () =>
    Promise.reject(new TypeError("fetch failed", { cause: { message: token } })),
  "answers a thenable that throws": () => () => ({ then: bomb }),
  "answers a body that fails": () => () => ({ status: 200, arrayBuffer: () => Promise.reject("boom") }),
  "answers a body that throws": () => () => ({ status: 200, arrayBuffer: bomb }),
  "answers a body that claims to be huge": () => () => ({ status: 200, arrayBuffer: () => ({ byteLength: 1, length: 2 ** 50 }) }),
  "answers a body whose memory was given away": () => () => {
    const { buffer } = bytes(ada);
    structuredClone(buffer, { transfer: [buffer] });
    return { status: 200, arrayBuffer: () => buffer };
  },
  "answers a status that throws": () => () => ({ ...json(ada), get status() { return bomb(); } }),
  "answers headers that throw": () => () => ({ ...json(ada), headers: { get "x-a"() { return bomb(); } } }),
  "answers headers whose entries are nothing": () => () => ({ ...json(ada), headers: { entries: () => null } }),
  "answers headers whose entries throw": () => () => ({ ...json(ada), headers: { entries: bomb } }),
  "answers headers with an entry that is nothing": () => () => ({ ...json(ada), headers: { entries: () => [null] } }),
  "answers headers whose entries break off": () => () => ({ ...json(ada), headers: { entries: breakingOff } }),
  "answers a Response whose headers throw": () => () => tampered({}, everyWay(bomb)),
  "answers a Response whose headers throw no Error": () => () => tampered({}, everyWay(() => { throw "boom"; })),
  "answers a Response whose headers cannot be read": () => () => tampered({ get headers() { return bomb(); } }),
  "answers a Response whose status cannot be read": () => () => tampered({ get status() { return bomb(); } }),
  "answers a Response whose reason phrase cannot be read": () => () => tampered({ get statusText() { return bomb(); } }),
  "answers a Response whose type cannot be read": () => () => tampered({ get type() { return bomb(); } }),
  "answers a Response whose body throws": () => () => tampered(everyBody(bomb)),
  "answers a Response whose body fails": () => () => tampered(everyBody(() => Promise.reject("boom"))),
  "answers a body that was read already": ({ good }) => async (request) => {
    const response = good(request);
    await response.text();
    return response;
  },
};

/** Cannot be a Response: sent once, since it would be the same again. */
const unfit = {
  nothing: () => undefined,
  null: () => null,
  "a number": () => 200,
  "a string": () => ada,
  "true": () => true,
  "a symbol": () => Symbol("response"),
  "a plain object": () => ({}),
  "a plain object with a status that is text": () => ({ ...json(ada), status: "200" }),
  "a list": () => [],
  "a function": () => bomb,
  "a promise of nothing": async () => undefined,
  "a body that is no buffer but a huge number": () => ({ status: 200, arrayBuffer: async () => 2 ** 40 }),
  "a body that is a symbol": () => ({ status: 200, arrayBuffer: async () => Symbol("body") }),
  "a body that is nothing": () => ({ status: 200, arrayBuffer: async () => undefined }),
  "what stands for a network error": () => Response.error(),
  "a body that is a string": () => ({ status: 200, arrayBuffer: async () => ada }),
};

/** Good enough. */
const fit = {
  "a Response, and no promise of it": ({ good }) => good,
  "a Response of another shape: text": () => async () => json(ada),
  "a Response of another shape: json": () => async () => ({ status: 200, json: async () => ({ uid: "1" }) }),
  "a body that is no promise": () => async () => ({ status: 200, arrayBuffer: () => bytes(ada).buffer }),
  "a body that is a view": () => async () => ({ status: 200, arrayBuffer: async () => bytes(ada) }),
  "headers as a plain object": () => async () => ({ ...json(ada), headers: { "X-A": "b", "x-n": 5 } }),
  "headers as a Map": () => async () => ({ ...json(ada), headers: new Map([["x-a", "b"]]) }),
  "headers that are text": () => async () => ({ ...json(ada), headers: "none" }),
};

export const fetches = [
  ...Object.entries(failing).map(([what, fetch]) => ({
    name: `fetch ${what}`,
    fetch,
    configuration: once,
    call: get,
    expected: { ...connection, requests: 1 },
  })),
  { name: "fetch throws, and may be tried again", fetch: failing["throws an Error"], call: get, expected: { ...connection, requests: 3 } },
  { name: "fetch throws, of a create", fetch: failing["throws an Error"], call: create, expected: { ...connection, requests: 1 } },
  {
    name: "fetch says that the connection was never made: a create is tried again, too",
    fetch: () => () => Promise.reject(Object.assign(new TypeError("fetch failed"), { cause: { code: "ENOTFOUND" } })),
    call: create,
    expected: { ...connection, outcome: "not-sent", requests: 3 },
  },
  ...Object.entries(unfit).map(([what, answer]) => ({
    name: `fetch answers ${what}`,
    fetch: () => answer,
    call: get,
    expected: { ...connection, requests: 1 },
  })),
  ...Object.entries(fit).map(([what, fetch]) => ({
    name: `fetch answers ${what}`,
    fetch,
    call: get,
    expected: { ...success, requests: 1 },
  })),
  ...[99, NaN, -1, 1e9, 65736, 0.5, 200.5].map((status) => ({
    name: `fetch answers the status ${status}`,
    fetch: () => async () => ({ ...json(ada), status }),
    call: get,
    expected: { ...connection, requests: 1 },
  })),
  {
    name: "fetch answers the status 0, as browsers do for a redirect",
    fetch: () => async () => ({ ...json(ada), status: 0 }),
    call: create,
    expected: { ...redirected, outcome: "unknown", requests: 1 },
  },
  {
    name: "fetch answers json that cannot be written",
    fetch: () => async () => ({ status: 200, json: async () => ({ uid: 1n }) }),
    configuration: once,
    call: get,
    expected: { ...connection, requests: 1 },
  },
  {
    name: "fetch answers json that is nothing",
    fetch: () => async () => ({ status: 200, json: async () => undefined }),
    configuration: once,
    call: get,
    expected: { ...undecodable, requests: 1 },
  },
  ...Object.entries({
    "fetch never answers": () => never,
    "fetch answers a thenable that never answers": () => () => ({ then() {} }),
    "fetch answers a body that never comes": () => async () => ({ status: 200, arrayBuffer: never }),
  }).map(([name, fetch]) => ({ name, fetch, configuration: impatient, call: get, expected: { ...timeout, requests: 1 } })),
  {
    name: "fetch answers after the time is over",
    fetch:
      ({ good }) =>
      async (request) => {
        await new Promise((resolve) => setTimeout(resolve, 800));
        return good(request);
      },
    configuration: impatient,
    call: get,
    expected: { ...timeout, requests: 1 },
  },
  {
    name: "fetch throws in the listener of the signal",
    fetch: () => (request) => {
      request.signal.addEventListener("abort", () => Promise.reject("boom").catch(() => {}));
      return never();
    },
    configuration: impatient,
    call: get,
    expected: { ...timeout, requests: 1 },
  },
];
