import { AccountGroups, AuditUserEvents, Roles, Users } from "../zod-schemas.mjs";
import { parse } from "./json-parse.mjs";

const schemas = { getUsers: Users, getRoles: Roles, getAccountGroups: AccountGroups, getUserEvents: AuditUserEvents };

export function decoderOf(operation) {
  const schema = schemas[operation];
  return (bytes) => schema.parse(parse(bytes));
}
