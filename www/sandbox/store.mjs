import { accountGroups, organization, roles } from "./seed/organization.mjs";
import { permissions } from "./seed/permissions.mjs";
import { seedUsers } from "./seed/users.mjs";

/**
 * The organization: what never changes is shared, the users are this store's own.
 * @param {{ seed: number, users: number }} options
 */
export function createStore(options) {
  const users = new Map(seedUsers(options.seed, options.users).map((user) => [user.uid, user]));
  let lastUid = Math.max(...[...users.keys()].map(Number));

  return {
    organization,
    accountGroups: new Map(accountGroups.map((group) => [group.aid, group])),
    roles: new Map(roles.map((role) => [role.roleId, role])),
    permissions,
    users,

    /** An id is never given twice. */
    nextUid: () => String((lastUid += 1)),

    /** A copy that a test may keep and change. */
    snapshot: () =>
      structuredClone({ organization, accountGroups, roles, permissions, users: [...users.values()] }),
  };
}
