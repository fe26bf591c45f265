/** Whether a request is as described: by the very schemas of the description, and without `eval`. */
import { Validator } from "@cfworker/json-schema";
import { asked, requestSchemas } from "./openapi/schemas.mjs";

/** Which collection of the store has what these ids stand for. */
export const collectionOf = {
  loginAccountGroupId: "accountGroups",
  accountGroupId: "accountGroups",
  roleIds: "roles",
  allAccountGroupRoleIds: "roles",
  agents: "agents",
  permissions: "permissions",
};

const UNKNOWN = "false";
/** Each says no more than that something within is wrong. */
const OUTER = new Set(["$ref", "properties", "additionalProperties", "items", "anyOf"]);

const complaints = {
  required: () => ["required", "This is required."],
  [UNKNOWN]: () => ["unknown-property", "There is no such property."],
  enum: () => ["unknown", "Send one that exists."],
  type: (error) => ["invalid", `Send a value of another type: ${/Expected (.+)\.$/.exec(error)[1]}.`],
  minItems: () => ["required", "Send at least one."],
  maxLength: () => ["too-long", "Send shorter text."],
  pattern: () => ["invalid", "Send text of the form that the description gives."],
  format: () => ["invalid", "Send text of the form that the description gives."],
};

const decoded = (part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");

/** Written as the API writes it: `accountGroupRoles[0].roleIds`. */
function fieldOf({ keyword, instanceLocation, error }) {
  const path = instanceLocation.split("/").slice(1).map(decoded);
  // That a property is missing is noticed in the object around it, and which one it is stands in the sentence only.
  if (keyword === "required") path.push(/"(.+)"\.$/s.exec(error)[1]);
  const [first, ...others] = path;
  return others.reduce((field, part) => field + (/^\d+$/.test(part) ? `[${part}]` : `.${part}`), first);
}

/** One complaint for each field that is wrong. */
function errorsOf(validator, value) {
  const byField = new Map();
  for (const found of validator.validate(value).errors) {
    if (OUTER.has(found.keyword)) continue;
    const field = fieldOf(found);
    const [code, message] = complaints[found.keyword](found.error);
    if (!byField.has(field)) byField.set(field, { code, field, message });
  }
  return [...byField.values()];
}

const DRAFT = "2020-12";
/** The validator writes into the schemas that it is given, and gives up at the first error unless told not to. */
const validatorOf = (schema) => new Validator(structuredClone(schema), DRAFT, false);

/** Half of a surrogate pair is no character. A pattern that says so is not one in every dialect. */
function halfCharacters(body) {
  const broken = Object.entries(body).filter(([, value]) => typeof value === "string" && !value.isWellFormed());
  return broken.map(([field]) => ({ code: "invalid", field, message: "Send whole characters." }));
}

/** @param {{ options: Record<string, unknown>, store: object }} parts */
export function createValidation({ options, store }) {
  /** With the ids that exist, as they may be written. */
  function withKnownIds(schema, name) {
    if (schema.items) return { ...schema, items: withKnownIds(schema.items, name) };
    if (!Object.hasOwn(collectionOf, name)) return schema;
    const ids = [...store[collectionOf[name]].keys()];
    const types = [schema.type].flat();
    const numbers = types.includes("integer") ? ids.map(Number) : [];
    return { ...schema, enum: [...ids, ...numbers, ...(types.includes("null") ? [null] : [])] };
  }

  function withKnownIdsIn({ properties, ...schema }) {
    const known = Object.entries(properties).map(([name, value]) => [name, withKnownIds(value, name)]);
    return { ...schema, properties: Object.fromEntries(known) };
  }

  /** In ids text, without what is not declared, and with null as the switch says. */
  function tidied(value, schema, schemas) {
    if (Array.isArray(value)) return value.map((item) => tidied(item, schema.items, schemas));
    if (schema.$ref) return tidiedObject(value, schemas[schema.$ref.split("/").at(-1)], schemas);
    return typeof value === "number" ? String(value) : value;
  }

  function tidiedObject(object, { properties }, schemas) {
    const known = Object.entries(object).filter(([name]) => Object.hasOwn(properties, name));
    const given = options.nullProperty === "cleared" ? known : known.filter(([, value]) => value !== null);
    const entries = given.map(([name, value]) => {
      const schema = properties[name];
      return [name, value === null && schema.items ? [] : tidied(value, schema, schemas)];
    });
    return Object.fromEntries(entries);
  }

  /** What does not change with the organization, by operation. */
  const requests = new Map();
  const queries = new Map();

  function queryOf(operation) {
    const properties = Object.fromEntries(operation.query.map(({ name, schema }) => [name, asked(schema, options)]));
    return { properties, validator: validatorOf({ properties }) };
  }

  return {
    /**
     * What is wrong with a body, and what it says if nothing is.
     * @param {object} operation as declared
     * @param {Record<string, unknown>} body
     */
    body(operation, body) {
      if (!requests.has(operation)) requests.set(operation, requestSchemas(operation, options));
      const schemas = requests.get(operation);
      const [name] = Object.keys(schemas);
      const known = Object.fromEntries(Object.entries(schemas).map(([key, schema]) => [key, withKnownIdsIn(schema)]));
      const validator = validatorOf({ $ref: `#/components/schemas/${name}`, components: { schemas: known } });
      const errors = [...errorsOf(validator, body), ...halfCharacters(body)];
      return { errors, values: errors.length > 0 ? body : tidiedObject(body, schemas[name], schemas) };
    },

    /**
     * What is wrong with a query, and what it says.
     * @param {object} operation as declared
     * @param {URLSearchParams} given
     */
    query(operation, given) {
      if (!queries.has(operation)) queries.set(operation, queryOf(operation));
      const { properties, validator } = queries.get(operation);
      const values = Object.fromEntries(
        Object.entries(properties)
          .filter(([name]) => given.has(name))
          .map(([name, schema]) => [name, parameterOf(given.getAll(name), schema)]),
      );
      return { errors: errorsOf(validator, values), values };
    },
  };
}

/** A parameter is text; this is what it stands for, or the text itself where it stands for nothing of the sort. */
function parameterOf(texts, { type }) {
  if (type === "array") return texts.flatMap((text) => text.split(",")).filter((text) => text !== "");
  if (type === "boolean" && ["true", "false"].includes(texts[0])) return texts[0] === "true";
  return texts[0];
}
