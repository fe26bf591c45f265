/**
 * Situations × observers: what each call of a situation calls of the application's, and how often. Every one of these
 * must run in the context that the call was made in. Runs in every Node, so it imports nothing of the package.
 *
 * A situation has `callers` calls at once, each made in a context of its own, and `configuration` of the client that they
 * share; `isImpatient` says that they meet their time limit. `answers` is what `fetch` gives to the requests of each, in
 * turn, and `grants` what a store says to each. `opening` is a call made before, in another context: its `answers`, and how it ends (`end`) once the others wait
 * behind it; one without an `end` is over before the others are made.
 *
 * Of timers there may be more, and whether the body of an answer is read that is not needed is the package's own matter.
 */
export const atLeast = (least) => ({ least });

export const observers = ["accessToken", "fetch", "body", "timers", "onRequest", "onResponse", "onRetry", "onRateLimit", "rateLimitStore"];

/** One request and a good answer. */
const once = {
  accessToken: 1,
  fetch: 1,
  body: atLeast(1),
  timers: atLeast(1),
  onRequest: 1,
  onResponse: 1,
  onRetry: 0,
  onRateLimit: 0,
  rateLimitStore: 0,
};
/** Two requests, each with an answer, and a limit for each. */
const twice = { ...once, timers: atLeast(2), accessToken: 2, fetch: 2, onRequest: 2, onResponse: 2 };

export const situations = [
  {
    name: "sent at once",
    callers: 5,
    answers: [200],
    calls: once,
  },
  {
    name: "queued behind maxConcurrency",
    callers: 30,
    configuration: { maxConcurrency: 2 },
    answers: [200],
    calls: once,
  },
  {
    name: "sent again after 503",
    callers: 5,
    answers: [503, 200],
    calls: { ...twice, timers: atLeast(3), onRetry: 1 },
  },
  {
    name: "queued, and sent again after 503",
    callers: 10,
    configuration: { maxConcurrency: 2 },
    answers: [503, 200],
    calls: { ...twice, timers: atLeast(3), onRetry: 1 },
  },
  {
    name: "sent again after a lost connection",
    callers: 5,
    answers: ["lost", 200],
    calls: { ...twice, timers: atLeast(3), onResponse: 1, onRetry: 1 },
  },
  {
    name: "sent again after silence",
    callers: 5,
    isImpatient: true,
    answers: ["silence", 200],
    calls: { ...twice, timers: atLeast(3), onResponse: 1, onRetry: 1 },
  },
  {
    name: "sent again with a refreshed token",
    callers: 5,
    answers: [401, 200],
    calls: { ...twice, onRetry: 1 },
  },
  {
    name: "queued, and sent again with a refreshed token",
    callers: 30,
    configuration: { maxConcurrency: 2 },
    answers: [401, 200],
    calls: { ...twice, onRetry: 1 },
  },
  {
    name: "sent again when the rate limit is reset",
    callers: 5,
    answers: [429, 200],
    calls: { ...twice, timers: atLeast(3), onRetry: 1, onRateLimit: 1 },
  },
  {
    name: "held back until the rate limit is reset",
    callers: 5,
    opening: { answers: ["spent"] },
    answers: [200],
    calls: { ...once, timers: atLeast(2), onRateLimit: 1 },
  },
  {
    name: "held back until the rate limit is reset, and queued",
    callers: 10,
    configuration: { maxConcurrency: 2 },
    opening: { answers: ["spent"] },
    answers: [200],
    // Those behind the first two may find a new window.
    calls: { ...once, onRateLimit: undefined },
  },
  {
    name: "queued, and granted by a store",
    callers: 10,
    configuration: { maxConcurrency: 2, rateLimitKey: "key" },
    grants: ["granted"],
    answers: [200],
    // Before the request, and when it has ended.
    calls: { ...once, rateLimitStore: 2 },
  },
  {
    name: "held back by a store",
    callers: 5,
    configuration: { rateLimitKey: "key" },
    grants: ["wait", "granted"],
    answers: [200],
    calls: { ...once, timers: atLeast(2), onRateLimit: 1, rateLimitStore: atLeast(4) },
  },
  {
    name: "queued behind a call that is aborted",
    callers: 5,
    configuration: { maxConcurrency: 1 },
    opening: { answers: ["silence"], end: "abort" },
    answers: [200],
    calls: once,
  },
  {
    name: "queued behind a call that times out",
    callers: 5,
    configuration: { maxConcurrency: 1 },
    opening: { answers: ["silence"], end: "timeout" },
    answers: [200],
    calls: once,
  },
  {
    name: "queued behind a call that fails",
    callers: 5,
    configuration: { maxConcurrency: 1 },
    opening: { answers: ["lost"], end: "failure" },
    answers: [200],
    calls: once,
  },
];

/** The `fetch` of the configuration, or the platform's. */
export const fetches = ["injected", "global"];

/** Who makes a call: the name of its context, and a part of its token. */
export const nameOf = (fetch, situation, caller) => `${fetch}-${situation}-${caller}`;

/** The same for a reader of `home`, the situation that is spoken of. */
export function describeName(name, home) {
  if (!name) return "nobody";
  const [fetch, situation, caller] = name.split("-");
  const elsewhere = Number(situation) === home ? "" : ` of "${situations[situation].name}"`;
  return `caller ${caller} with the ${fetch} fetch${elsewhere}`;
}
