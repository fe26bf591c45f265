import { AccountGroups, AuditUserEvents, CreatedUser, Roles, UserDetail, Users } from "../zod-schemas.mjs";
import { createClient as createUnchecked } from "./openapi-fetch.mjs";

const check = {
  user: (data) => UserDetail.parse(data),
  created: (data) => CreatedUser.parse(data),
  users: (data) => Users.parse(data),
  roles: (data) => Roles.parse(data),
  accountGroups: (data) => AccountGroups.parse(data),
  events: (data) => AuditUserEvents.parse(data),
};

export const createClient = (options) => createUnchecked(options, check);
