import { Ajv } from "ajv";

import { parse } from "./json-parse.mjs";

const text = { type: "string" };
const flag = { type: "boolean" };
const object = (properties, required) => ({ type: "object", properties, required });

const accountGroup = object({ aid: text, accountGroupName: text }, ["aid", "accountGroupName"]);
const extendedUser = object(
  { name: text, email: text, uid: text, dateRegistered: text, loginAccountGroup: accountGroup, lastLogin: text },
  ["email", "uid"],
);
const link = object(
  { href: text, templated: flag, type: text, deprecation: text, name: text, profile: text, title: text, hreflang: text },
  ["href"],
);
const users = object({ users: { type: "array", items: extendedUser }, _links: object({ self: link }, []) }, ["users", "_links"]);

/** It does not coerce unless it is told to. */
const isUsers = new Ajv().compile(users);

export function decode(bytes) {
  const value = parse(bytes);
  if (!isUsers(value)) throw new TypeError(JSON.stringify(isUsers.errors));
  return value;
}
