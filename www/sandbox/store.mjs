import { agents } from "./seed/agents.mjs";
import { seedEvents } from "./seed/events.mjs";
import { accountGroups, organization, roles } from "./seed/organization.mjs";
import { permissions } from "./seed/permissions.mjs";
import { seedUsers } from "./seed/users.mjs";

/** The kinds of records that are kept, and what each of them is known by. */
const idOf = { users: "uid", accountGroups: "aid", roles: "roleId", agents: "agentId", events: "eventId" };
const kinds = Object.keys(idOf);

/** Lists of records by kind, as a data file takes them. */
const withIds = (lists) =>
  Object.entries(lists).map(([kind, records]) => [kind, records.map((record) => [record[idOf[kind]], record])]);

const lastIdOf = (kind, records) => Math.max(0, ...records.slice(-1).map((record) => Number(record[idOf[kind]])));

/**
 * The organization. Everything is in memory; a data file gets each change first, so that nothing is answered which it
 * does not have.
 * @param {{ seed: number, users: number, emailCase: string }} options
 * @param {number} startsAt the time that seeded dates are counted back from
 * @param {object} [dataFile] what `openDataFile` gives; without it everything lives as long as this store
 */
export function createStore(options, startsAt, dataFile) {
  const emailKey = (email) => (options.emailCase === "insensitive" ? email?.toLowerCase() : email);
  const collections = Object.fromEntries(kinds.map((kind) => [kind, new Map()]));
  const uidsByEmail = new Map();
  let lastIds;

  function keep(kind, record) {
    const id = record[idOf[kind]];
    if (kind === "users") {
      const before = collections.users.get(id);
      if (before) uidsByEmail.delete(emailKey(before.email));
      uidsByEmail.set(emailKey(record.email), id);
    }
    collections[kind].set(id, record);
  }

  function forget(kind, record) {
    if (kind === "users") uidsByEmail.delete(emailKey(record.email));
    collections[kind].delete(record[idOf[kind]]);
  }

  function fill(content) {
    uidsByEmail.clear();
    for (const kind of kinds) {
      collections[kind].clear();
      for (const record of content.records[kind]) keep(kind, record);
    }
    lastIds = content.lastIds;
  }

  /** @param {{ records: object, lastIds: object }} [kept] what stays: older files have users only */
  function seed(time, kept) {
    const users = kept?.records.users ?? seedUsers(options.seed, options.users, time);
    const events = seedEvents(options.seed, users, accountGroups, time);
    const records = { users, accountGroups, roles, agents, events };
    const lastIds = Object.fromEntries(kinds.map((kind) => [kind, lastIdOf(kind, records[kind])]));
    const start = { records, lastIds: { ...lastIds, ...kept?.lastIds } };
    dataFile?.replace({ put: withIds(records), lastIds: start.lastIds });
    fill(start);
  }

  const kept = dataFile?.load();
  if (kinds.every((kind) => kept && Object.hasOwn(kept.lastIds, kind))) fill(kept);
  else seed(startsAt, kept);

  return {
    organization,
    permissions: new Map(permissions.map((permission) => [permission.permissionId, permission])),

    /** Maps by id, to be read only: users, accountGroups, roles, agents and events, oldest first. */
    ...collections,

    /** @param {string | undefined} email */
    userByEmail: (email) => collections.users.get(uidsByEmail.get(emailKey(email))),

    /** An id is never given twice. */
    nextId: (kind) => String((lastIds[kind] += 1)),

    /**
     * Makes one change: all of it or nothing. What is put is added, or takes the place of the record with its id.
     * @param {{ put?: Record<string, object[]>, remove?: Record<string, object[]> }} change lists of records by kind
     */
    commit({ put = {}, remove = {} }) {
      dataFile?.commit({ put: withIds(put), remove: withIds(remove), lastIds });
      for (const [kind, records] of Object.entries(remove)) for (const record of records) forget(kind, record);
      for (const [kind, records] of Object.entries(put)) for (const record of records) keep(kind, record);
    },

    /** Back to the seeded organization, with dates counted back from this time. */
    seed: (time) => seed(time),

    /** A copy that a test may keep and change. */
    snapshot: () =>
      structuredClone({
        organization,
        permissions,
        ...Object.fromEntries(kinds.map((kind) => [kind, [...collections[kind].values()]])),
      }),
  };
}
