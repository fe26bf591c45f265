/** What `createProxy` is told, checked once. */
import { calls, readOperations } from "./call.mjs";

const DEFAULT_HOST = "https://api.thousandeyes.com/v7";
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);
const names = [
  "origin", "basePath", "host", "accessToken", "allow", "authorize", "bodyLimit", "answerLimit", "timeout", "fetch",
];

const wrong = (name, what) => new TypeError(`createProxy: \`${name}\` ${what}`);

export function readOptions(options) {
  if (typeof options !== "object" || options === null) {
    throw new TypeError("createProxy needs its options: `origin` and `authorize`.");
  }
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) throw wrong(unknown, `is no option. The options are: ${names.join(", ")}.`);
  const { origin, basePath, host, accessToken, allow, authorize, bodyLimit, answerLimit, timeout, fetch } = options;
  if (typeof authorize !== "function") throw wrong("authorize", "must be a function that says who may do what.");
  if (fetch !== undefined && typeof fetch !== "function") throw wrong("fetch", "must be a function.");
  if (accessToken !== undefined && typeof accessToken !== "function" && !isToken(accessToken)) {
    throw wrong("accessToken", "must be a token, of visible ASCII characters, or a function that gives one.");
  }
  const address = readHost(host);
  return {
    origins: readOrigins(origin),
    basePath: readBasePath(basePath),
    host: address,
    // The client knows the addresses of the public API in an answer for its own. Another host is the server's secret.
    replaced: address === DEFAULT_HOST ? [] : [[`${address}/`, `${DEFAULT_HOST}/`]],
    accessToken,
    allow: readAllow(allow),
    authorize,
    bodyLimit: readNumber("bodyLimit", bodyLimit, 1_048_576, Number.MAX_SAFE_INTEGER),
    answerLimit: readNumber("answerLimit", answerLimit, 104_857_600, Number.MAX_SAFE_INTEGER),
    // More than that no timer takes.
    timeout: readNumber("timeout", timeout, 30_000, 2 ** 31 - 1),
    // Looked up at each call, as an application may replace it later.
    fetch: fetch ?? ((address, init) => globalThis.fetch(address, init)),
  };
}

/** A token holds nothing that could end a header field. */
export const isToken = (value) => typeof value === "string" && /^[\x21-\x7e]+$/.test(value);

function readOrigins(value) {
  const origins = Array.isArray(value) ? value : [value];
  return origins.length > 0 ? origins.map(readOrigin) : readOrigin();
}

function readOrigin(value) {
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;
  if (!/^https?:$/.test(url?.protocol) || url.href !== `${url.origin}/`) {
    throw wrong("origin", 'must be where the pages are that call it, such as "https://portal.example", or a list of that.');
  }
  return { protocol: url.protocol, host: url.host, origin: url.origin };
}

function readBasePath(value = "/te-api/v7") {
  if (typeof value !== "string" || !/^(?:\/[\w~-][\w.~-]*)+$/.test(value)) {
    throw wrong("basePath", 'must be the whole path where the proxy is, without a slash at its end, such as "/te-api/v7".');
  }
  return value;
}

function readHost(value = DEFAULT_HOST) {
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.has(url.hostname));
  if (!isSafe || url.username || url.password || /[?#]/.test(value)) {
    throw wrong("host", `must be the address of the API, such as ${DEFAULT_HOST}: https, or http on this machine.`);
  }
  return url.href.replace(/\/+$/, "");
}

function readAllow(value = readOperations) {
  if (!Array.isArray(value)) throw wrong("allow", "must be a list of names of operations.");
  const known = calls.map(({ operation }) => operation);
  const unknown = value.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw wrong("allow", `names ${JSON.stringify(unknown[0])}, which is no operation. There are: ${known.join(", ")}.`);
  }
  return new Set(value);
}

function readNumber(name, value, usual, most) {
  if (value === undefined) return usual;
  if (!Number.isInteger(value) || value < 1 || value > most) throw wrong(name, `must be a whole number from 1 to ${most}.`);
  return value;
}
