import { Problem, conflict, created, hal, noContent } from "../problem.mjs";
import { roleOf } from "../seed/organization.mjs";
import { ASSIGN_MANAGEMENT, EDIT_ROLES } from "../seed/permissions.mjs";
import { requireManagementRole } from "./permissions.mjs";

function existing({ store, params }) {
  const role = store.roles.get(params.id);
  if (!role) throw new Problem(404, "There is no role with this id.");
  return role;
}

function userDefined(context) {
  const role = existing(context);
  if (!role.isBuiltin) return role;
  const status = context.options.builtinRole === "forbidden" ? 403 : 400;
  throw new Problem(status, "Built-in roles cannot be changed or deleted.");
}

function requireRightToEdit(context) {
  if (context.options.editRoles === "management") requireManagementRole(context);
  else context.require(EDIT_ROLES);
}

function requireFreeName({ store, options }, name, self) {
  const isTaken = [...store.roles.values()].some((other) => other !== self && other.name === name);
  if (!isTaken || options.duplicateName === "allow") return;
  throw conflict(options.duplicateName, "in-use", "name", "Another role has this name.");
}

/** The permissions behind these ids, if the caller may give them. Those that the role has already may stay. */
function permissionsBehind({ store, options, require }, ids, before = []) {
  const permissions = [...new Set(ids)].map((id) => store.permissions.get(id));
  const has = new Set(before.map(({ permissionId }) => permissionId));
  const isGranted = permissions.some((it) => it.isManagementPermission && !has.has(it.permissionId));
  if (isGranted && options.assignManagement === "forbidden") require(ASSIGN_MANAGEMENT);
  return permissions;
}

const about = ({ name }) => [{ type: "roleName", name }];
const detail = ({ represent, link }, role) => represent.roleDetail(role, link(`/roles/${role.roleId}`));

function listRoles({ store, represent, link }) {
  return hal(200, { roles: [...store.roles.values()].map(represent.role), _links: link("/roles") });
}

const getRole = (context) => hal(200, detail(context, existing(context)));

function createRole(context) {
  const { store, options, change } = context;
  const { name, permissions = [] } = context.body();
  requireFreeName(context, name);
  const granted = permissionsBehind(context, permissions);
  const role = roleOf({ roleId: store.nextId("roles"), name, isBuiltin: false, permissions: granted });
  change("Role created.", about(role), { put: { roles: [role] } });
  return created(options, detail(context, role));
}

/** The list of permissions is replaced as a whole, never added to. */
function updateRole(context) {
  const { options, change } = context;
  const before = userDefined(context);
  const { name = before.name, permissions } = context.body();
  requireFreeName(context, name, before);
  const omitted = options.omittedPermissions === "keep" ? before.permissions : [];
  const granted = permissions ? permissionsBehind(context, permissions, before.permissions) : omitted;
  const role = roleOf({ ...before, name, permissions: granted });
  change("Role updated.", about(role), { put: { roles: [role] } });
  return hal(200, detail(context, role));
}

/** The user without a role, and without account groups in which that was the only one. */
const withoutRole = (user, roleId) => ({
  ...user,
  accountGroupRoles: user.accountGroupRoles
    .map((entry) => ({ ...entry, roleIds: entry.roleIds.filter((id) => id !== roleId) }))
    .filter(({ roleIds }) => roleIds.length > 0),
  allAccountGroupRoleIds: user.allAccountGroupRoleIds.filter((id) => id !== roleId),
});

const hasRole = (user, roleId) =>
  [...user.allAccountGroupRoleIds, ...user.accountGroupRoles.flatMap(({ roleIds }) => roleIds)].includes(roleId);

function deleteRole(context) {
  const { store, options, change } = context;
  const role = userDefined(context);
  const users = [...store.users.values()].filter((user) => hasRole(user, role.roleId));
  if (users.length > 0 && options.roleInUse !== "take-away") {
    throw new Problem(options.roleInUse === "conflict" ? 409 : 400, "Users have this role: take it from them first.");
  }
  const changed = users.map((user) => withoutRole(user, role.roleId));
  change("Role deleted.", about(role), { put: { users: changed }, remove: { roles: [role] } });
  return noContent();
}

const writing = { authorize: requireRightToEdit };

export const roleOperations = {
  getRoles: { handle: listRoles },
  createRole: { ...writing, handle: createRole },
  getRole: { handle: getRole },
  updateRole: { ...writing, handle: updateRole },
  deleteRole: { ...writing, handle: deleteRole },
};
