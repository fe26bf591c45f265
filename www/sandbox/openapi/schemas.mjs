/**
 * The schemas of the description: those that are declared, with what this sandbox and its switches add. Answers are
 * closed: what is not named here is not sent.
 */
import { models, operationsByPath } from "./operations.mjs";

export const ref = (name) => ({ $ref: `#/components/schemas/${name}` });
const nameOf = ({ $ref }) => $ref.split("/").at(-1);

const MAX_NAME = 255;
const MAX_EMAIL = 254;
/** Only what every dialect of regular expressions knows. */
const CONTROL = "\\u0000-\\u001f\\u007f-\\u009f";
const NAME_PATTERN = `^[^${CONTROL}]*[^\\s\\ufeff${CONTROL}][^${CONTROL}]*$`;
const ATOM = `[^.\\s\\ufeff@"<>()\\[\\],;:\\\\${CONTROL}]+`;
/** Letters of every script, but no space and no punctuation. */
const LETTER = "A-Za-z0-9\\u00a1-\\u167f\\u1681-\\u1fff\\u2070-\\u2fff\\u3001-\\ud7ff";
const LABEL = `[${LETTER}](?:[${LETTER}-]*[${LETTER}])?`;
const EMAIL_PATTERN = `^${ATOM}(?:\\.${ATOM})*@${LABEL}(?:\\.${LABEL})+$`;
const UTC = "^[^ ]+T[^ ]+Z$";
const OTHER_UTC = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?(\\+00:?00)?$";

const examples = {
  aid: "2001", uid: "5001", roleId: "33", agentId: "9001", permissionId: "1", loginAccountGroupId: "2001",
  accountGroupId: "2002", roleIds: "33", allAccountGroupRoleIds: "33", agents: "9001", permissions: "1",
  name: "Ada Example", email: "ada@example.com", accountGroupName: "Example Office",
};
const exampleOf = (name) => (Object.hasOwn(examples, name) ? { examples: [examples[name]] } : {});

/** What a date looks like that has not come, by the switch `never`. */
const neverAs = {
  omit: [],
  null: [{ type: "null" }],
  dash: [{ const: "-" }],
  empty: [{ const: "" }],
};
const mayNotHaveCome = new Set(["dateRegistered", "lastLogin"]);
/** Those that cannot be taken away where null clears. */
const indispensable = new Set(["name", "email", "accountGroupName"]);

function answered(name, { format, description, ...schema }, options) {
  const isListOfValues = schema.items && !schema.items.$ref;
  if (isListOfValues) return { ...schema, items: answered(name, schema.items, options), description };
  if (format === "id") return { ...schema, description, minLength: 1, ...exampleOf(name) };
  // The format that the standards mean by `email` knows no letters of other scripts.
  if (name === "email") return { ...schema, description, pattern: EMAIL_PATTERN, ...exampleOf(name) };
  if (format !== "date-time") return { ...schema, ...(format && { format }), description };
  const come = { ...schema, format, pattern: UTC };
  const never = mayNotHaveCome.has(name) ? neverAs[options.never] : [];
  return never.length > 0 ? { description, anyOf: [come, ...never] } : { ...come, description };
}

/** What an answer may lack, by model. It has everything else that is declared. */
const mayLack = {
  ExtendedUser: ["name", "loginAccountGroup"],
  CreatedUser: ["name", "loginAccountGroup"],
  UserDetail: ["name", "loginAccountGroup"],
  UserAccountGroup: ["name"],
  CreatedAccountGroup: ["users"],
  AccountGroupDetail: ["users", "agents"],
  AuditUserEvents: ["startDate", "endDate"],
  PaginationLinks: ["previous", "next"],
};

/** Of these the sandbox has some of the properties only. */
const incomplete = new Set(["Link", "EnterpriseAgent"]);

function answer(model, options) {
  const { description, properties, required } = models[model];
  const optional = [...(mayLack[model] ?? []), ...(options.never === "omit" ? mayNotHaveCome : [])];
  return {
    type: "object",
    description,
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [name, answered(name, schema, options)]),
    ),
    required: incomplete.has(model) ? required : Object.keys(properties).filter((name) => !optional.includes(name)),
    additionalProperties: false,
  };
}

/** A parameter in a query, as the switch for dates says. */
export function asked({ format, ...schema }, { utcDates }) {
  if (format !== "date-time") return schema;
  const withZ = { ...schema, format, pattern: UTC };
  return utcDates === "z" ? withZ : { anyOf: [withZ, { ...schema, pattern: OTHER_UTC }] };
}

/** What the body of an operation is called here, and what it must have. */
export function requestOf({ operationId, body }, options) {
  const { required } = models[body];
  const v6 = [...userBasics, "loginAccountGroupId"];
  const requests = {
    createUser: {
      name: "NewUser",
      required: { "name-email": userBasics, email: ["email"], v6 }[options.requiredOnCreate],
    },
    updateUser: { name: "UserChanges", required: { nothing: required, v6 }[options.requiredOnUpdate] },
    createRole: {
      name: "NewRole",
      required: { name: ["name"], "name-permissions": ["name", "permissions"] }[options.requiredOfRole],
    },
    updateRole: { name: "RoleChanges", required },
  };
  return requests[operationId] ?? { name: body, required };
}

const userBasics = ["name", "email"];

/** All properties that are named here; a test holds them against what is declared. */
export const namedProperties = {
  anywhere: [...Object.keys(examples), ...mayNotHaveCome, ...indispensable],
  ofModels: { ...mayLack, UserRequest: [...userBasics, "loginAccountGroupId"] },
};

function sent(name, { format, items, ...schema }, options) {
  const isNumberTaken = options.numericIds === "accept";
  if (items) return { ...schema, items: items.$ref ? items : sent(name, items, options), ...minItems(name, options) };
  if (format === "id") return { ...schema, type: isNumberTaken ? ["string", "integer"] : "string", ...exampleOf(name) };
  if (format === "email") return { ...schema, pattern: EMAIL_PATTERN, maxLength: MAX_EMAIL, ...exampleOf(name) };
  return { ...schema, pattern: NAME_PATTERN, maxLength: MAX_NAME, ...exampleOf(name) };
}

const minItems = (name, { emptyRoleIds }) => (name === "roleIds" && emptyRoleIds === "reject" ? { minItems: 1 } : {});

/** So that a request which fits is not refused for its form. */
function request(model, required, options) {
  const { description, properties } = models[model];
  const isNullTaken = (name) =>
    !required.includes(name) &&
    { omitted: true, cleared: !indispensable.has(name), rejected: false }[options.nullProperty];
  const entries = Object.entries(properties).map(([name, declared]) => {
    const schema = sent(name, declared, options);
    return [name, isNullTaken(name) ? { ...schema, type: [schema.type, "null"].flat() } : schema];
  });
  return {
    type: "object",
    description,
    properties: Object.fromEntries(entries),
    required,
    additionalProperties: options.unknownProperty === "ignore",
  };
}

/** The models that a schema leads to, itself included. */
function reachable(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const schema of Object.values(models[name].properties)) {
    const next = schema.$ref ? schema : schema.items;
    if (next?.$ref) reachable(nameOf(next), found);
  }
  return found;
}

/** The body of an operation, and behind it the models that it leads to. */
export function requestSchemas(operation, options) {
  const { name, required } = requestOf(operation, options);
  const [, ...within] = reachable(operation.body);
  return {
    [name]: request(operation.body, required, options),
    ...Object.fromEntries(
      within.map((model) => [model, request(model, models[model].required, options)]),
    ),
  };
}

const problem = {
  type: { type: "string", format: "uri-reference" },
  title: { type: "string" },
  status: { type: "integer", minimum: 300, maximum: 599 },
  detail: { type: "string" },
  instance: { type: "string" },
};
const text = { type: "string" };

/** Everything is required unless named as optional. */
const closed = (description, properties, optional = []) => ({
  type: "object",
  description,
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});

/** The sandbox's own: no operation answers them. */
const errors = {
  Error: closed("A problem.", problem),
  ValidationError: closed(
    "A problem with a request, and with which of its fields.",
    { ...problem, errors: { type: "array", items: ref("ValidationErrorItem"), minItems: 1 } },
    ["errors"],
  ),
  ValidationErrorItem: closed("What is wrong with a field.", { code: text, field: text, message: text }),
  UnauthorizedError: closed("A token that is not accepted.", { error: text, error_description: text }),
  MissingTokenError: closed("There was no token.", { errorMessage: text }),
};

/** @param {Record<string, unknown>} options of the sandbox */
export function schemas(options) {
  const operations = [...operationsByPath.values()].flat();
  const answers = new Set();
  for (const operation of operations.filter((one) => one.answer)) reachable(operation.answer, answers);
  const requests = operations.filter(({ body }) => body).map((operation) => requestSchemas(operation, options));
  return {
    ...Object.fromEntries([...answers].map((model) => [model, answer(model, options)])),
    ...Object.assign({}, ...requests),
    ...errors,
  };
}
