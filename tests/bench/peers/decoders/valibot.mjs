import * as v from "valibot";

import { parse } from "./json-parse.mjs";

const AccountGroup = v.object({ aid: v.string(), accountGroupName: v.string() });
const ExtendedUser = v.object({
  name: v.optional(v.string()),
  email: v.string(),
  uid: v.string(),
  dateRegistered: v.optional(v.string()),
  loginAccountGroup: v.optional(AccountGroup),
  lastLogin: v.optional(v.string()),
});
const Link = v.object({
  href: v.string(),
  templated: v.optional(v.boolean()),
  type: v.optional(v.string()),
  deprecation: v.optional(v.string()),
  name: v.optional(v.string()),
  profile: v.optional(v.string()),
  title: v.optional(v.string()),
  hreflang: v.optional(v.string()),
});
const Role = v.object({ name: v.string(), roleId: v.string(), isBuiltin: v.boolean(), hasManagementPermissions: v.boolean() });
const AccountGroupInfo = v.object({
  ...AccountGroup.entries,
  isCurrentAccountGroup: v.boolean(),
  isDefaultAccountGroup: v.boolean(),
  organizationName: v.string(),
  orgId: v.string(),
});
const UserEvent = v.object({
  ...AccountGroup.entries,
  date: v.string(),
  event: v.string(),
  ipAddress: v.string(),
  uid: v.string(),
  user: v.string(),
  resources: v.array(v.object({ type: v.string(), name: v.string() })),
});
const self = v.optional(Link);
const _links = v.object({ self });
const schemas = {
  getUsers: v.object({ users: v.array(ExtendedUser), _links }),
  getRoles: v.object({ roles: v.array(Role), _links }),
  getAccountGroups: v.object({ accountGroups: v.array(AccountGroupInfo), _links }),
  getUserEvents: v.object({
    auditEvents: v.array(UserEvent),
    startDate: v.optional(v.string()),
    endDate: v.optional(v.string()),
    _links: v.object({ self, next: v.optional(Link), previous: v.optional(Link) }),
  }),
};

export function decoderOf(operation) {
  const schema = schemas[operation];
  return (bytes) => v.parse(schema, parse(bytes));
}
