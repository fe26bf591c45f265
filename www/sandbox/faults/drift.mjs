/** What is left of the API's version 6 in answers of version 7, as clients have met it. */
import { models } from "../openapi/operations.mjs";

const declared = Object.values(models).flatMap(({ properties }) => Object.entries(properties));
const namesOf = (isOne) => new Set(declared.filter(([, schema]) => isOne(schema)).map(([name]) => name));
const IDS = namesOf(({ format }) => format === "id");
const FLAGS = namesOf(({ type }) => type === "boolean");
const isIsoDate = (value) => typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value);

const asNumber = (key, value) => (IDS.has(key) ? Number(value) : value);
const asDigit = (key, value) => (FLAGS.has(key) ? Number(value) : value);
const withOldDate = (key, value) => (isIsoDate(value) ? value.slice(0, 19).replace("T", " ") : value);
const nullIfEmpty = (key, value) => (Array.isArray(value) && value.length === 0 ? null : value);

const lastLoginAs = (text) => (key, value) => (key === "lastLogin" ? text : value);

/** The kinds of drift, each as a replacement for one property. */
export const driftKinds = {
  "numeric-ids": { help: "ids are numbers", replace: asNumber },
  "numeric-booleans": { help: "booleans are 0 or 1", replace: asDigit },
  "old-dates": { help: "dates are YYYY-MM-DD HH:MM:SS", replace: withOldDate },
  "dash-last-login": { help: 'lastLogin is "-"', replace: lastLoginAs("-") },
  "empty-last-login": { help: 'lastLogin is ""', replace: lastLoginAs("") },
  "null-lists": { help: "empty lists are null", replace: nullIfEmpty },
  wrapper: { help: 'a single user comes as {"users":[…]}', replace: (key, value) => value },
};

export const DEFAULT_DRIFT = ["numeric-ids", "numeric-booleans", "old-dates", "dash-last-login", "null-lists"];

function rewrite(value, replacements) {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, replacements));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      rewrite(replacements.reduce((current, replace) => replace(key, current), item), replacements),
    ]),
  );
}

/** An event has the uid of a user, too. */
const isUser = (item) => "uid" in item && "email" in item;

/** A user who never logged in has no lastLogin that could drift; version 6 sent one nevertheless. */
function withLastLogin(item, kinds) {
  const marks = kinds.some((kind) => kind.endsWith("-last-login"));
  return marks && isUser(item) && !item.lastLogin ? { ...item, lastLogin: "" } : item;
}

/** The name of the list that an answer is about; undefined for a single thing, which has an id. */
function listIn(body) {
  const names = Object.keys(body);
  return names.some((name) => IDS.has(name)) ? undefined : names.find((name) => Array.isArray(body[name]));
}

/**
 * An answer that drifted. In a list every `every`-th item does, the first one among them.
 * @param {object} body
 * @param {{ kinds: string[], every: number }} parameters
 */
export function drift(body, { kinds, every }) {
  const replacements = kinds.map((kind) => driftKinds[kind].replace);
  const drifted = (item) => rewrite(withLastLogin(item, kinds), replacements);
  const list = listIn(body);
  if (list) return { ...body, [list]: body[list].map((item, index) => (index % every === 0 ? drifted(item) : item)) };
  const result = drifted(body);
  return kinds.includes("wrapper") && isUser(body) ? { users: [result] } : result;
}
