import { invalid } from "./problem.mjs";
import { OTHER_ORGANIZATION_DOMAIN } from "./seed/organization.mjs";

const PROPERTIES = ["name", "email", "loginAccountGroupId", "accountGroupRoles", "allAccountGroupRoleIds"];
const ROLE_PROPERTIES = ["accountGroupId", "roleIds"];
export const MAX_NAME = 255;
export const MAX_EMAIL = 254;
/** As text, because the description has them too; so without what only some dialects of regular expressions know. */
const CONTROL = "\\u0000-\\u001f\\u007f-\\u009f";
export const NAME_PATTERN = `^[^${CONTROL}]*[^\\s\\ufeff${CONTROL}][^${CONTROL}]*$`;
const ATOM = `[^.\\s\\ufeff@"<>()\\[\\],;:\\\\${CONTROL}]+`;
/** Letters of every script, but no space and no punctuation. */
const LETTER = "A-Za-z0-9\\u00a1-\\u167f\\u1681-\\u1fff\\u2070-\\u2fff\\u3001-\\ud7ff";
const LABEL = `[${LETTER}](?:[${LETTER}-]*[${LETTER}])?`;
export const EMAIL_PATTERN = `^${ATOM}(?:\\.${ATOM})*@${LABEL}(?:\\.${LABEL})+$`;
const isEmail = new RegExp(EMAIL_PATTERN, "u");
const isControl = new RegExp(`[${CONTROL}]`, "u");

/** In characters, as JSON Schema counts them, and not in UTF-16 units. */
const isLonger = (value, limit) => value.length > 2 * limit || [...value].length > limit;

export const requiredOf = {
  create: {
    "name-email": ["name", "email"],
    email: ["email"],
    v6: ["name", "email", "loginAccountGroupId"],
  },
  update: { nothing: [], v6: ["name", "email", "loginAccountGroupId"] },
};

export const belongsElsewhere = (email) => email.toLowerCase().endsWith(`@${OTHER_ORGANIZATION_DOMAIN}`);

/**
 * Checks a user request and gives the part of a user record that it asks for; a `loginAid` of null asks for none.
 * Collects every complaint before it refuses, so that the answer names all fields.
 * @param {Record<string, unknown>} body
 * @param {"create" | "update"} operation
 * @param {{ store: object, options: Record<string, unknown> }} context
 */
export function validateUserRequest(body, operation, { store, options }) {
  const errors = [];
  const complain = (field, code, message) => void errors.push({ code, field, message });

  /** What null means is a switch. Gives the request's own properties only: `__proto__` is one like any other. */
  function given(object, properties, prefix) {
    const values = {};
    for (const [name, value] of Object.entries(object)) {
      const field = `${prefix}${name}`;
      if (!properties.includes(name)) {
        if (options.unknownProperty === "reject") complain(field, "unknown-property", "There is no such property.");
      } else if (value !== null) values[name] = value;
      else if (options.nullProperty === "rejected") complain(field, "null", "Send a value or leave this out.");
      else if (options.nullProperty === "cleared") values[name] = name.endsWith("s") ? [] : null;
    }
    return values;
  }

  function text(value, field, limit) {
    if (typeof value !== "string" || value.trim() === "") complain(field, "required", "Send text that is not blank.");
    else if (isLonger(value, limit)) complain(field, "too-long", `Send at most ${limit} characters.`);
    else if (isControl.test(value) || !value.isWellFormed()) complain(field, "invalid", "Send printable characters.");
    else return value;
    return undefined;
  }

  function email(value, field) {
    const address = text(value, field, MAX_EMAIL);
    if (address !== undefined && !isEmail.test(address)) complain(field, "invalid", "Send an e-mail address.");
    return address;
  }

  /** An id out of `known`. Account groups are Maps by aid, roles by roleId. */
  function id(value, field, known) {
    const taken = typeof value === "number" && options.numericIds === "accept" ? String(value) : value;
    if (typeof taken !== "string") complain(field, "invalid", "Send an id as text.");
    else if (!known.has(taken)) complain(field, "unknown", "Send the id of one that exists.");
    else return taken;
    return undefined;
  }

  function roleIds(value, field) {
    if (Array.isArray(value)) {
      return [...new Set(value.map((item, index) => id(item, `${field}[${index}]`, store.roles)))];
    }
    complain(field, "invalid", "Send a list of role ids.");
    return [];
  }

  function accountGroupRole(item, field) {
    if (typeof item !== "object" || item === null || Array.isArray(item)) {
      complain(field, "invalid", "Send an object with accountGroupId and roleIds.");
      return undefined;
    }
    const values = given(item, ROLE_PROPERTIES, `${field}.`);
    const aid = id(values.accountGroupId, `${field}.accountGroupId`, store.accountGroups);
    const chosen = roleIds(values.roleIds, `${field}.roleIds`);
    if (chosen.length === 0 && Array.isArray(values.roleIds) && options.emptyRoleIds === "reject") {
      complain(`${field}.roleIds`, "required", "Send at least one role id.");
    }
    return { aid, roleIds: chosen };
  }

  function accountGroupRoles(value, field) {
    if (!Array.isArray(value)) {
      complain(field, "invalid", "Send a list of account groups with their roles.");
      return [];
    }
    const merged = new Map();
    for (const [index, item] of value.entries()) {
      const entry = accountGroupRole(item, `${field}[${index}]`);
      if (!entry) continue;
      if (merged.has(entry.aid) && options.repeatedAccountGroup === "reject") {
        complain(`${field}[${index}].accountGroupId`, "repeated", "Name each account group once.");
      }
      merged.set(entry.aid, [...new Set([...(merged.get(entry.aid) ?? []), ...entry.roleIds])]);
    }
    return [...merged].map(([aid, ids]) => ({ aid, roleIds: ids })).filter((entry) => entry.roleIds.length > 0);
  }

  const values = given(body, PROPERTIES, "");
  const required = requiredOf[operation][options[operation === "create" ? "requiredOnCreate" : "requiredOnUpdate"]];
  for (const name of required) {
    if (!Object.hasOwn(values, name)) complain(name, "required", "This is required.");
  }
  if (operation === "create" && options.requiredOnCreate === "v6") {
    const lists = [values.accountGroupRoles, values.allAccountGroupRoleIds];
    if (!lists.some((list) => list?.length > 0)) complain("accountGroupRoles", "required", "Give at least one role.");
  }

  const changes = {};
  if ("name" in values) changes.name = text(values.name, "name", MAX_NAME);
  if ("email" in values) changes.email = email(values.email, "email");
  if ("loginAccountGroupId" in values) {
    const chosen = values.loginAccountGroupId;
    if (chosen !== null) changes.loginAid = id(chosen, "loginAccountGroupId", store.accountGroups);
    else if (required.includes("loginAccountGroupId")) complain("loginAccountGroupId", "required", "This is required.");
    else changes.loginAid = null;
  }
  if ("accountGroupRoles" in values) {
    changes.accountGroupRoles = accountGroupRoles(values.accountGroupRoles, "accountGroupRoles");
  }
  if ("allAccountGroupRoleIds" in values) {
    changes.allAccountGroupRoleIds = roleIds(values.allAccountGroupRoleIds, "allAccountGroupRoleIds");
  }
  if (errors.length > 0) throw invalid(errors);
  return changes;
}
