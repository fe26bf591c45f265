import { accountGroups, organization, roles } from "./seed/organization.mjs";
import { permissions } from "./seed/permissions.mjs";
import { seedUsers } from "./seed/users.mjs";

/**
 * The organization: what never changes is shared, the users are this store's own. Everything is in memory; a data file
 * gets each change first, so that nothing is answered which it does not have.
 * @param {{ seed: number, users: number, emailCase: string }} options
 * @param {number} startsAt the time that the dates of seeded users are counted back from
 * @param {object} [dataFile] what `openDataFile` gives; without it the users live as long as this store
 */
export function createStore(options, startsAt, dataFile) {
  const emailKey = (email) => (options.emailCase === "insensitive" ? email?.toLowerCase() : email);
  const users = new Map();
  const uidsByEmail = new Map();
  let lastUid;

  function keep(user) {
    const before = users.get(user.uid);
    if (before) uidsByEmail.delete(emailKey(before.email));
    users.set(user.uid, user);
    uidsByEmail.set(emailKey(user.email), user.uid);
  }

  function fill({ users: list, lastUid: last }) {
    users.clear();
    uidsByEmail.clear();
    for (const user of list) keep(user);
    lastUid = last;
  }

  function seed(time) {
    const list = seedUsers(options.seed, options.users, time);
    const start = { users: list, lastUid: Number(list.at(-1).uid) };
    dataFile?.replace(start);
    fill(start);
  }

  const kept = dataFile?.load();
  if (kept) fill(kept);
  else seed(startsAt);

  return {
    organization,
    accountGroups: new Map(accountGroups.map((group) => [group.aid, group])),
    roles: new Map(roles.map((role) => [role.roleId, role])),
    permissions,

    /** By uid, to be read only. */
    users,

    /** @param {string | undefined} email */
    userByEmail: (email) => users.get(uidsByEmail.get(emailKey(email))),

    /** An id is never given twice. */
    nextUid: () => String((lastUid += 1)),

    /** Adds a user or puts it in the place of the one with its uid. */
    put(user) {
      dataFile?.put(user, lastUid);
      keep(user);
    },

    remove(user) {
      dataFile?.remove(user.uid);
      users.delete(user.uid);
      uidsByEmail.delete(emailKey(user.email));
    },

    /** Back to the seeded users, with dates counted back from this time. */
    seed,

    /** A copy that a test may keep and change. */
    snapshot: () =>
      structuredClone({ organization, accountGroups, roles, permissions, users: [...users.values()] }),
  };
}
