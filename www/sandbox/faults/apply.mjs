import { PROBLEM_JSON } from "../media-types.mjs";
import { titleOf } from "../problem.mjs";
import { RATE_LIMIT_HEADERS } from "../rate-limit.mjs";
import { toResponse } from "../response.mjs";
import { drift } from "./drift.mjs";
import { errorBodies } from "./error-bodies.mjs";
import { faultKinds } from "./kinds.mjs";

/** No answer at all. A TypeError, because that is what `fetch` rejects with; the server turns it into a real reset. */
export class ConnectionReset extends TypeError {
  constructor() {
    super("The sandbox reset the connection.");
    this.name = "ConnectionReset";
  }
}

/** What `fetch` is to reject with. It is no Error, because Hono makes an answer of each of those. */
export class NoAnswer {
  constructor(reason) {
    this.reason = reason;
  }
}

/** Ends early, and with the signal's own reason, if the request is aborted. */
function wait(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new NoAnswer(signal.reason));
    const abort = () => {
      clearTimeout(timer);
      reject(new NoAnswer(signal.reason));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", abort, { once: true });
  });
}

function untilAborted(signal) {
  return new Promise((_, reject) => {
    const leave = () => reject(new NoAnswer(signal.reason));
    if (signal.aborted) return leave();
    signal.addEventListener("abort", leave, { once: true });
  });
}

function tooManyRequests({ resetIn, reset, retryAfter }, { time, path, hide }) {
  const seconds = { epoch: Math.floor(time / 1000) + resetIn, relative: resetIn, none: null }[reset];
  const [, remaining, resetHeader] = RATE_LIMIT_HEADERS;
  if (seconds === null) hide(remaining, resetHeader);
  return toResponse({
    status: 429,
    mediaType: PROBLEM_JSON,
    headers: {
      ...(seconds !== null && { [remaining]: "0", [resetHeader]: String(seconds) }),
      ...(retryAfter !== undefined && { "retry-after": String(retryAfter) }),
    },
    body: { type: "about:blank", title: titleOf(429), status: 429, detail: "Injected by the sandbox.", instance: path },
  });
}

/** A gateway in front of the API knows nothing of its rate limit. */
function error({ status, body }, exchange) {
  const { fromGateway = false, ...shape } = errorBodies[body]({ status, ...exchange });
  if (fromGateway) exchange.hide(...RATE_LIMIT_HEADERS);
  return toResponse({ status, ...shape });
}

/** Half of the bytes, and then the stream fails as it does when a connection breaks. */
async function cut(response) {
  const bytes = new Uint8Array(await response.arrayBuffer());
  let isSent = false;
  const half = new ReadableStream({
    pull(controller) {
      if (isSent) return controller.error(new TypeError("The sandbox cut the body."));
      isSent = true;
      controller.enqueue(bytes.slice(0, Math.ceil(bytes.byteLength / 2)));
    },
  });
  return new Response(half, response);
}

async function drifted(response, fault) {
  if (!response.body) return response;
  const headers = Object.fromEntries(response.headers);
  delete headers["content-length"];
  const body = drift(await response.json(), fault);
  return toResponse({ status: response.status, mediaType: headers["content-type"], headers, body });
}

/** @returns {Promise<Response>} the answer in place of the API's own */
async function replacement(fault, response, exchange) {
  switch (fault.fault) {
    case "too-many-requests":
      return tooManyRequests(fault, exchange);
    case "error":
      return error(fault, exchange);
    case "not-found":
      return toResponse({ status: 404 });
    case "cut-body":
      if (!response.body) throw new NoAnswer(new ConnectionReset());
      return cut(response);
    case "hang":
      return untilAborted(exchange.signal);
    default:
      throw new NoAnswer(new ConnectionReset());
  }
}

const alwaysAfter = new Set(["not-found", "cut-body"]);

/**
 * Runs one request through its faults.
 * @param {object[]} faults as taken
 * @param {object} exchange what is known of it: `signal`, `path`, `url` and `time`; and `hide(...names)`, which takes
 *   headers from the answer
 * @param {() => Promise<Response>} execute what the API itself would do
 */
export async function withFaults(faults, exchange, execute) {
  const find = (kind) => faults.find(({ fault }) => fault === kind);
  const replacing = faults.find(({ fault }) => faultKinds[fault].replaces);
  const isLate = replacing && (replacing.when === "after" || alwaysAfter.has(replacing.fault));

  const latency = find("latency");
  if (latency) await wait(latency.ms, exchange.signal);
  if (find("hidden-rate-limit")) exchange.hide(...RATE_LIMIT_HEADERS);
  if (replacing && !isLate) return replacement(replacing, undefined, exchange);

  const executed = await execute();
  const drifting = find("drift");
  const response = drifting ? await drifted(executed, drifting) : executed;
  return replacing ? replacement(replacing, response, exchange) : response;
}
