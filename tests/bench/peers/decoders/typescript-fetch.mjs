// Made by openapi-generator when the measurements start.
import * as generated from "openapi-generator-typescript-fetch";

import { parse } from "./json-parse.mjs";

const models = { getUsers: "Users", getRoles: "Roles", getAccountGroups: "AccountGroups", getUserEvents: "AuditUserEvents" };

export function decoderOf(operation) {
  const fromJson = generated[`${models[operation]}FromJSON`];
  return (bytes) => fromJson(parse(bytes));
}

/** Its dates are objects, which write themselves with milliseconds. */
export function asJson(value, operation) {
  const toJson = generated[`${models[operation]}ToJSON`];
  return JSON.parse(JSON.stringify(toJson(value)).replaceAll(".000Z", "Z"));
}
