import * as permission from "./permissions.mjs";

export const organization = { orgId: "7001", organizationName: "Example Networks" };

/** People at this domain already belong to another organisation. */
export const OTHER_ORGANIZATION_DOMAIN = "elsewhere.example";

export const accountGroups = [
  { aid: "2001", accountGroupName: "Headquarters", agentIds: ["9001", "9002"] },
  { aid: "2002", accountGroupName: "Europe Operations", agentIds: ["9003"] },
  { aid: "2003", accountGroupName: "Asia Pacific · アジア太平洋", agentIds: ["9004"] },
  { aid: "2004", accountGroupName: "Américas", agentIds: ["9006"] },
  { aid: "2005", accountGroupName: "Test Lab", agentIds: ["9001", "9005"] },
  { aid: "2006", accountGroupName: "Partners & Resellers", agentIds: [] },
];

export const ORGANIZATION_ADMIN = "31";
export const ACCOUNT_ADMIN = "32";
export const REGULAR_USER = "33";
export const NETWORK_OPERATIONS = "401";
export const AUDITOR = "402";
export const SERVICE_DESK = "403";
export const USER_MANAGER = "404";
export const DASHBOARD_GUEST = "405";

const { permissions } = permission;
const everything = permissions.map(({ label }) => label);
const ofManagers = [permission.VIEW_ALL_USERS, permission.VIEW_ACTIVITY_OF_ALL];
const viewing = everything.filter((label) => label.startsWith("View ") && !ofManagers.includes(label));
const ofOrganization = [permission.EDIT_USERS_EVERYWHERE, permission.EDIT_ACCOUNT_GROUPS, permission.DELETE_ACCOUNT];
const withinAccountGroup = everything.filter((label) => !ofOrganization.includes(label));

/** What a role has to do with management follows from its permissions. */
export function roleOf({ roleId, name, isBuiltin, permissions: granted }) {
  const hasManagementPermissions = granted.some(({ isManagementPermission }) => isManagementPermission);
  return { name, roleId, isBuiltin, hasManagementPermissions, permissions: granted };
}

const role = (roleId, name, labels, isBuiltin = false) =>
  roleOf({ roleId, name, isBuiltin, permissions: permissions.filter(({ label }) => labels.includes(label)) });

export const roles = [
  role(ORGANIZATION_ADMIN, "Organization Admin", everything, true),
  role(ACCOUNT_ADMIN, "Account Admin", withinAccountGroup, true),
  role(REGULAR_USER, "Regular User", [permission.API_ACCESS, ...viewing], true),
  role(NETWORK_OPERATIONS, "Network Operations", [permission.API_ACCESS, ...viewing, "Edit tests", "Edit agents"]),
  role(AUDITOR, "Auditor", [permission.API_ACCESS, ...ofManagers, ...viewing]),
  role(SERVICE_DESK, "Service Desk", [permission.API_ACCESS, permission.VIEW_ALL_USERS, "View tests", "View agents"]),
  role(USER_MANAGER, "User Manager", [permission.API_ACCESS, permission.VIEW_ALL_USERS, permission.EDIT_USERS]),
  role(DASHBOARD_GUEST, "Dashboard Guest", ["View dashboards"]),
];
