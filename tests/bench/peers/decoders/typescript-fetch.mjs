// Made by openapi-generator when the measurements start.
import { UsersFromJSON, UsersToJSON } from "openapi-generator-typescript-fetch";

import { parse } from "./json-parse.mjs";

export const decode = (bytes) => UsersFromJSON(parse(bytes));

/** Its dates are objects, which write themselves with milliseconds. */
export const asJson = (value) => JSON.parse(JSON.stringify(UsersToJSON(value)).replaceAll(".000Z", "Z"));
