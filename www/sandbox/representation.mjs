/** How the organization's records look on the wire. */

const role = ({ name, roleId, isBuiltin, hasManagementPermissions }) => ({
  name,
  roleId,
  isBuiltin,
  hasManagementPermissions,
});

const shownAs = { omit: undefined, null: null, dash: "-", empty: "" };

/** @param {{ store: object, options: Record<string, unknown> }} context */
export function createRepresentation({ store, options }) {
  const date = (value) => value ?? shownAs[options.never];
  const rolesOf = (roleIds) => roleIds.map((roleId) => role(store.roles.get(roleId)));
  const named = ({ aid, accountGroupName }) => ({ aid, accountGroupName });
  const accountGroup = (aid) => (aid === undefined ? undefined : named(store.accountGroups.get(aid)));

  function registered(user) {
    const invited = options.pendingDateRegistered === "invited" ? user.dateCreated : undefined;
    return date(user.dateRegistered ?? invited);
  }

  /** Without what JSON cannot say: an undefined property is left out. */
  const user = (record) => ({
    name: record.name,
    email: record.email,
    uid: record.uid,
    dateRegistered: registered(record),
    loginAccountGroup: accountGroup(record.loginAid),
  });

  const roleAssignments = (record) => ({
    accountGroupRoles: record.accountGroupRoles.map(({ aid, roleIds }) => ({
      accountGroup: accountGroup(aid),
      roles: rolesOf(roleIds),
    })),
    allAccountGroupRoles: rolesOf(record.allAccountGroupRoleIds),
  });

  const extendedUser = (record) => ({ ...user(record), lastLogin: date(record.lastLogin) });

  return {
    role,
    rolesOf,
    accountGroup: named,
    extendedUser,
    roleDetail: ({ hasManagementPermissions, ...role }, _links) => ({ ...role, _links }),
    /** Without the id, which the API does not give. */
    event: ({ eventId, ...event }) => event,
    createdUser: (record, _links) => ({ ...user(record), ...roleAssignments(record), _links }),
    userDetail: (record, _links) => ({ ...extendedUser(record), ...roleAssignments(record), _links }),
  };
}
