import { Problem } from "./problem.mjs";
import { ORGANIZATION_ADMIN } from "./seed/organization.mjs";
import { ASSIGN_MANAGEMENT, EDIT_USERS, EDIT_USERS_EVERYWHERE } from "./seed/permissions.mjs";

const canEditEverywhere = ({ caller, aid }) => caller.can(EDIT_USERS_EVERYWHERE, aid);

/** Whether the caller may change any user at all in this account group. */
export function requireRightToEdit(context) {
  if (canEditEverywhere(context) || context.caller.can(EDIT_USERS, context.aid)) return;
  throw new Problem(403, `This needs the permission "${EDIT_USERS_EVERYWHERE}" or "${EDIT_USERS}".`);
}

const key = (roleIds) => roleIds.toSorted().join();
const rolesIn = (user, aid) => user?.accountGroupRoles.find((entry) => entry.aid === aid)?.roleIds ?? [];

/** Where the two differ, as one entry for each place; `aid` is undefined for "all account groups". */
function roleChanges(before, after) {
  const users = [before, after].filter(Boolean);
  const aids = new Set(users.flatMap((user) => user.accountGroupRoles.map(({ aid }) => aid)));
  const places = [...aids].map((aid) => ({ aid, from: rolesIn(before, aid), to: rolesIn(after, aid) }));
  places.push({ from: before?.allAccountGroupRoleIds ?? [], to: after?.allAccountGroupRoleIds ?? [] });
  return places.filter(({ from, to }) => key(from) !== key(to));
}

/**
 * Whether the caller may make `after` out of `before`; one of them is undefined for a new or deleted user.
 * Whoever may edit users in some account groups only, reaches roles in those and nothing beyond.
 */
export function requireRightToChange(context, before, after) {
  const { caller, store, options } = context;
  const changes = roleChanges(before, after);

  if (!canEditEverywhere(context) && options.editUsersScope === "changed-account-groups") {
    const outside = changes.some(({ aid }) => aid === undefined || !caller.can(EDIT_USERS, aid));
    const shared = !before || before.accountGroupRoles.some(({ aid }) => caller.can(EDIT_USERS, aid));
    if (outside || !shared) throw new Problem(403, `This needs the permission "${EDIT_USERS_EVERYWHERE}".`);
  }

  if (options.assignManagement === "allowed") return;
  const isGranted = ({ aid, from, to }) =>
    to.some((roleId) => !from.includes(roleId) && store.roles.get(roleId).hasManagementPermissions) &&
    !caller.can(ASSIGN_MANAGEMENT, aid ?? context.aid);
  if (changes.some(isGranted)) throw new Problem(403, `This needs the permission "${ASSIGN_MANAGEMENT}".`);
}

export const isOrganizationAdmin = (user) =>
  [...user.allAccountGroupRoleIds, ...user.accountGroupRoles.flatMap(({ roleIds }) => roleIds)].includes(
    ORGANIZATION_ADMIN,
  );

/** @param {object[]} users those who would be left */
export function requireOrganizationAdmin({ lastOrganizationAdmin }, users) {
  if (lastOrganizationAdmin === "allow" || users.some(isOrganizationAdmin)) return;
  throw new Problem(400, "Keep at least one organization admin.");
}
