/** Which operation a request asks for, and with what. What is not declared is refused, so nothing is passed on unread. */
import { operations, parameters } from "./operations.mjs";
import { Refusal } from "./refusal.mjs";

const ID = "{id}";
const BODILESS = new Set(["GET", "DELETE"]);

/** All that can be called. `before` is the path before the id, where it ends with one. */
export const calls = operations.map(([operation, method, path, query]) => {
  const before = path.endsWith(ID) ? path.slice(0, -ID.length) : undefined;
  return { operation, method, path, before, query, isWrite: method !== "GET", isSent: !BODILESS.has(method) };
});

export const readOperations = Object.freeze(calls.filter(({ isWrite }) => !isWrite).map(({ operation }) => operation));

/** No character of an id is ever encoded, so none can be a slash in disguise, however often it is decoded. */
export const isId = (text) => /^[\w-]{1,128}$/.test(text);

const forms = {
  id: isId,
  flag: (text) => text === "true" || text === "false",
  window: (text) => /^\d+[smhdw]?$/.test(text),
  date: (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]00:00)$/.test(text),
  cursor: (text) => /^\P{Cc}+$/u.test(text),
};
/** A cursor is the API's own affair, so it goes as it came, in the characters that a query may have (RFC 3986, 3.4). */
const isRaw = (text) => /^(?:[\w.~!$'()*+,;=:@/?-]|%[\da-f]{2})*$/i.test(text);
const areWords = (text, words) => text.split(",").every((word) => words.includes(word));
const fits = (text, form) => (Array.isArray(form) ? areWords(text, form) : forms[form](text));

/** What a request asks for: an operation with its parameters, parsed this once. */
export function readCall(request, { basePath }) {
  const { pathname, search } = new URL(request.url);
  if (!pathname.startsWith(`${basePath}/`)) throw new Refusal(404, "The path is not below `basePath` of the proxy.");
  const path = pathname.slice(basePath.length);
  const found = find(path);
  const call = found.find(({ method }) => method === request.method);
  if (!call) {
    const allowed = found.map(({ method }) => method).join(", ");
    throw new Refusal(405, `The methods of this path are: ${allowed}.`, { allow: allowed });
  }
  const id = call.before && path.slice(call.before.length);
  if (id !== undefined && !isId(id)) throw new Refusal(400, "An id is made of letters, digits, - and _.");
  const { read, cursor } = readQuery(search, call);
  const { aid, ...params } = read;
  return { ...call, aid, cursor, params: Object.freeze({ ...(id && { id }), ...params }) };
}

/** The operations of a path. One that has a path of its own is nobody's id. */
function find(path) {
  const exact = calls.filter((call) => call.path === path);
  const isParent = ({ before }) => before && path.startsWith(before) && !path.slice(before.length).includes("/");
  const found = exact.length > 0 ? exact : calls.filter(isParent);
  if (found.length > 0) return found;
  throw new Refusal(403, "The proxy forwards the operations that have a method of their own, and nothing else.");
}

function readQuery(search, { operation, query }) {
  const read = {};
  let cursor;
  for (const pair of search.slice(1).split("&").filter(Boolean)) {
    const [[name, value]] = new URLSearchParams(`?${pair}`);
    if (!query.includes(name)) {
      const known = query.length > 0 ? `these parameters and no other: ${query.join(", ")}` : "no parameters";
      throw new Refusal(400, `${operation} takes ${known}.`);
    }
    if (name in read) throw new Refusal(400, `${name} may be given once.`);
    const raw = pair.slice(pair.indexOf("=") + 1);
    const isFit = fits(value, parameters[name]) && (name !== "cursor" || isRaw(raw));
    if (!isFit) throw new Refusal(400, `${name} has a value that is none.`);
    read[name] = value;
    if (name === "cursor") cursor = raw;
  }
  return { read, cursor };
}

/** Where the request goes: made of what was read, never of the address as it came. */
export function addressOf(host, { path, before, query, params, cursor }, aid) {
  const given = { ...params, aid };
  const names = query.filter((name) => given[name] !== undefined);
  const pairs = names.map((name) => `${name}=${name === "cursor" ? cursor : encodeURIComponent(given[name])}`);
  return `${host}${before ? before + params.id : path}${pairs.length > 0 ? "?" : ""}${pairs.join("&")}`;
}
