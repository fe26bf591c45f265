import { Users } from "../zod-schemas.mjs";
import { parse } from "./json-parse.mjs";

export const decode = (bytes) => Users.parse(parse(bytes));
