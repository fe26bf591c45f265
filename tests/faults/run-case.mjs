/**
 * Runs one case of the table and reports what came of it. Runs in Node and in a page alike, so it imports nothing of
 * either; what differs comes as `platform`.
 */
import { cases } from "./cases/index.mjs";
import { goodAnswer } from "./server/good-answer.mjs";

/** In every token, and nowhere else: wherever this shows, a token shows. */
export const MARK = "te-secret";
/** Far above what any case takes. A call that is not over then never ends. */
const SETTLE_LIMIT = 40_000;

/**
 * @param {number} index of the case
 * @param {object} platform `name`, `origin` (of the server), `pkg` (the package), `inspect`, and another realm's `ForeignError` and `foreignPromise`, which gives a rejected one
 */
export async function runCase(index, { name: platformName, origin, pkg, inspect, ForeignError, foreignPromise }) {
  const subject = cases[index];
  const id = `${platformName}-${index}`;
  const control = async (action = "", init) => (await fetch(`${origin}/control/${id}/${action}`, init)).json();

  const script = [subject.server ?? []].flat();
  const opened = await control("", { method: "PUT", body: JSON.stringify({ script, isRefused: subject.isRefused }) });
  const state = { isHealed: false, sent: 0, reason: Symbol("none") };
  const tools = {
    token: `${MARK}-${id}`,
    pkg,
    ForeignError,
    foreignPromise,
    isHealed: () => state.isHealed,
    /** For what a hook and the call have in common. */
    memory: {},
    good: (request) => respond(goodAnswer(request.method, new URL(request.url).pathname)),
    seen: (count) => control(`seen-${count}`),
    /** An AbortController whose reason the call shall reject with. */
    aborter() {
      const controller = new AbortController();
      controller.signal.addEventListener("abort", () => (state.reason = controller.signal.reason));
      return controller;
    },
    rejectsWith: (reason) => (state.reason = reason),
  };

  const given = typeof subject.configuration === "function" ? subject.configuration(tools) : subject.configuration;
  const configuration = {
    host: (opened.origin ?? (platformName === "node" ? origin : "")) + opened.path,
    accessToken: tools.token,
    ...given,
    ...(subject.fetch && { fetch: counted(subject.fetch(tools), tools, state) }),
  };
  const construct = (settings) => withClock(subject.clock ?? 0, () => new pkg.ApiClient(settings));

  let client;
  const work = async () => {
    client = construct(configuration);
    return subject.call({ users: new pkg.UsersApi(client), client, ...tools });
  };
  const ended = await settle(work());
  const requests = subject.fetch ? state.sent : await requestsOnTheWire(control, subject.expected.requests);

  state.isHealed = true;
  const { gap, strayed } = await control("heal");
  client ??= construct({ ...configuration, accessToken: tools.token });
  const after = subject.after ?? ((users) => users.getUser("1"));
  const next = await settle(after(new pkg.UsersApi(client), tools));
  return {
    ...describe(ended, state.reason, pkg),
    requests,
    gap,
    strayed,
    leaks: leaks([ended.error, next.error], inspect),
    after: describe(next, state.reason, pkg).result,
  };
}

/** A request that was given up may still be on its way to the server. */
async function requestsOnTheWire(control, expected) {
  if (expected > 0) await Promise.race([control(`seen-${expected}`), sleep(2000)]);
  return (await control()).requests.length;
}

function counted(faulty, { good }, state) {
  return (url, init) => {
    const request = new Request(url, init);
    if (state.isHealed) return Promise.resolve(good(request));
    state.sent += 1;
    return faulty(request, state.sent);
  };
}

function respond({ status, body = null }) {
  return new Response(body, { status, headers: { "content-type": "application/json" } });
}

/** Makes something while the local clock is off by so many milliseconds. */
function withClock(difference, make) {
  const { now } = Date;
  Date.now = () => now() + difference;
  try {
    return make();
  } finally {
    Date.now = now;
  }
}

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function settle(promise) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ isPending: true }), SETTLE_LIMIT);
    const end = (result) => {
      clearTimeout(timer);
      resolve(result);
    };
    promise.then(
      (value) => end({ value }),
      (error) => end({ error, isError: true }),
    );
  });
}

function describe({ value, error, isError, isPending }, reason, pkg) {
  if (isPending) return { result: "never settles" };
  if (!isError) return { result: "success", value };
  if (error === reason) return { result: "the reason" };
  if (!(error instanceof pkg.ThousandEyesError)) return { result: `no error of the package: ${String(error?.stack ?? error)}` };
  const { name, code, outcome, attempts } = error;
  const isOfItsClass = error instanceof pkg[name] && error instanceof Error;
  return { result: isOfItsClass ? name : `not of its class ${name}`, code, outcome, attempts };
}

/** Where a token shows, in all the ways in which an error is looked at. */
function leaks(errors, inspect) {
  const looks = {
    inspect,
    json: (error) => JSON.stringify(error),
    string: (error) => String(error),
    stack: (error) => error.stack,
    causes: (error) => chain(error).map((cause) => `${String(cause)} ${cause?.stack}`).join(),
  };
  const present = errors.filter((error) => error instanceof Error);
  return present.flatMap((error) => {
    console.error(error);
    return Object.keys(looks).filter((look) => looks[look](error)?.includes(MARK));
  });
}

/** The error and all that lies behind it, which may lead back to where it began. */
function chain(error, seen = []) {
  return error === undefined || seen.includes(error) ? seen : chain(error?.cause, [...seen, error]);
}
