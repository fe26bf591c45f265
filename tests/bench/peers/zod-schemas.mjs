/** The answers, once: zod compiles a schema when it is first used. */
import * as z from "zod";

const Link = z.object({
  href: z.string(),
  templated: z.boolean().optional(),
  type: z.string().optional(),
  deprecation: z.string().optional(),
  name: z.string().optional(),
  profile: z.string().optional(),
  title: z.string().optional(),
  hreflang: z.string().optional(),
});
const SelfLinks = z.object({ self: Link.optional() });
const AccountGroup = z.object({ aid: z.string(), accountGroupName: z.string() });
const Role = z.object({
  name: z.string(),
  roleId: z.string(),
  isBuiltin: z.boolean(),
  hasManagementPermissions: z.boolean(),
});
const AccountGroupRole = z.object({ accountGroup: AccountGroup, roles: z.array(Role) });

const user = {
  name: z.string().optional(),
  email: z.string(),
  uid: z.string(),
  dateRegistered: z.string().optional(),
  loginAccountGroup: AccountGroup.optional(),
};
const roles = {
  accountGroupRoles: z.array(AccountGroupRole),
  allAccountGroupRoles: z.array(Role),
  _links: SelfLinks,
};
const lastLogin = z.string().optional();

export const Users = z.object({ users: z.array(z.object({ ...user, lastLogin })), _links: SelfLinks });
export const UserDetail = z.object({ ...user, ...roles, lastLogin });
export const CreatedUser = z.object({ ...user, ...roles });

export const Roles = z.object({ roles: z.array(Role), _links: SelfLinks });

const AccountGroupInfo = AccountGroup.extend({
  isCurrentAccountGroup: z.boolean(),
  isDefaultAccountGroup: z.boolean(),
  organizationName: z.string(),
  orgId: z.string(),
});
export const AccountGroups = z.object({ accountGroups: z.array(AccountGroupInfo), _links: SelfLinks });

const UserEvent = AccountGroup.extend({
  date: z.string(),
  event: z.string(),
  ipAddress: z.string(),
  uid: z.string(),
  user: z.string(),
  resources: z.array(z.object({ type: z.string(), name: z.string() })),
});
export const AuditUserEvents = z.object({
  auditEvents: z.array(UserEvent),
  startDate: z.string().optional(),
  endDate: z.string().optional(),
  _links: SelfLinks.extend({ next: Link.optional(), previous: Link.optional() }),
});
