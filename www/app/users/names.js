/**
 * What ids are called: from the lists of account groups and roles, and from the user, who may have some that those lists
 * do not show.
 * @param {{ accountGroups: object[], roles: object[] }} choices
 * @param {object} [user] a UserDetail
 */
export function namesFor(choices, user = {}) {
  const assigned = user.accountGroupRoles ?? [];
  const groups = unique("aid", [
    ...choices.accountGroups,
    ...assigned.map(({ accountGroup }) => accountGroup),
    user.loginAccountGroup,
  ]);
  const roles = unique("roleId", [
    ...choices.roles,
    ...assigned.flatMap((entry) => entry.roles ?? []),
    ...(user.allAccountGroupRoles ?? []),
  ]);
  return {
    groups,
    roles,
    group: (aid) => groups.find((group) => group.aid === aid)?.accountGroupName ?? `account group ${aid}`,
    role: (roleId) => roles.find((role) => role.roleId === roleId)?.name ?? `role ${roleId}`,
  };
}

/** The first of those that have the same id, in the order given. */
function unique(key, items) {
  const known = new Map();
  for (const item of items) {
    if (item?.[key] !== undefined && !known.has(item[key])) known.set(item[key], item);
  }
  return [...known.values()];
}
