import { PROBLEM_JSON } from "../media-types.mjs";
import { titleOf } from "../problem.mjs";
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

/** Ends early, and with the signal's own reason, if the request is aborted. */
function wait(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
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
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function tooManyRequests({ resetIn, reset, retryAfter }, { time, path }) {
  const seconds = { epoch: Math.floor(time / 1000) + resetIn, relative: resetIn, none: null }[reset];
  return {
    status: 429,
    mediaType: PROBLEM_JSON,
    headers: {
      "x-organization-rate-limit-remaining": reset === "none" ? null : "0",
      "x-organization-rate-limit-reset": seconds === null ? null : String(seconds),
      "retry-after": retryAfter === undefined ? null : String(retryAfter),
    },
    body: { type: "about:blank", title: titleOf(429), status: 429, detail: "Injected by the sandbox.", instance: path },
  };
}

/** A gateway in front of the API knows nothing of its rate limit. */
function error({ status, body }, exchange) {
  const { fromGateway = false, ...shape } = errorBodies[body]({ status, ...exchange });
  return { status, headers: {}, hideRateLimit: fromGateway, ...shape };
}

/** @returns {Promise<object>} the result in place of the API's own */
async function replacement(fault, result, exchange) {
  switch (fault.fault) {
    case "too-many-requests":
      return tooManyRequests(fault, exchange);
    case "error":
      return error(fault, exchange);
    case "not-found":
      return { status: 404, headers: {} };
    case "cut-body":
      if (result.body === undefined) throw new ConnectionReset();
      return { ...result, isCut: true };
    case "hang":
      return untilAborted(exchange.signal);
    default:
      throw new ConnectionReset();
  }
}

const alwaysAfter = new Set(["not-found", "cut-body"]);

/**
 * Runs one request through its faults.
 * @param {object[]} faults as taken
 * @param {{ signal: AbortSignal, path: string, url: string, time: number }} exchange
 * @param {() => object} execute what the API itself would do
 */
export async function withFaults(faults, exchange, execute) {
  const find = (kind) => faults.find(({ fault }) => fault === kind);
  const replacing = faults.find(({ fault }) => faultKinds[fault].replaces);
  const isLate = replacing && (replacing.when === "after" || alwaysAfter.has(replacing.fault));

  const latency = find("latency");
  if (latency) await wait(latency.ms, exchange.signal);

  let result;
  if (replacing && !isLate) result = await replacement(replacing, undefined, exchange);
  else {
    result = execute();
    const drifting = find("drift");
    if (drifting && result.body) result = { ...result, body: drift(result.body, drifting) };
    if (replacing) result = await replacement(replacing, result, exchange);
  }
  return find("hidden-rate-limit") ? { ...result, hideRateLimit: true } : result;
}
