/** The bodies of lists that are decoded, like those of the sandbox and the same in every run. */
import { createRepresentation } from "../../www/sandbox/representation.mjs";
import { resolveOptions } from "../../www/sandbox/options.mjs";
import { accountGroups, organization, roles } from "../../www/sandbox/seed/organization.mjs";
import { createRandom, pick } from "../../www/sandbox/seed/random.mjs";
import { DEFAULT_USER_COUNT, seedUsers } from "../../www/sandbox/seed/users.mjs";

const SEED = 1;
const NOW = Date.UTC(2026, 0, 1);

/** How often a body has a name that is more than plain letters. */
const EVERY = 20;

/** What bodies have more of. Engines keep a text with one wide letter in two bytes a letter. */
export const variants = {
  plain: (user) => user,
  "5 % non-Latin names": (user, index) => (index % EVERY === 0 ? { ...user, name: `${user.name} 山川 春子` } : user),
  "5 % names with an escape": (user, index) => (index % EVERY === 0 ? { ...user, name: `"Sam" ${user.name}` } : user),
};

/** Plain letters alone, so that the variants differ from the plain body by what they are named after. */
const plainLetters = (name) => name.normalize("NFD").replace(/[^ -~]/g, "").trim();

const groups = accountGroups.map(({ aid, accountGroupName }) => ({ aid, accountGroupName: plainLetters(accountGroupName) }));

function users(count) {
  const store = { accountGroups: new Map(groups.map((group) => [group.aid, group])) };
  const { extendedUser } = createRepresentation({ store, options: resolveOptions({}) });
  // The sandbox's first users are there to be odd; those after them are like most people.
  return seedUsers(SEED, DEFAULT_USER_COUNT + count, NOW).slice(DEFAULT_USER_COUNT).map(extendedUser);
}

/** So many of something, of which there are a few. */
const several = (some, count, make) => Array.from({ length: count }, (_, index) => make(some[index % some.length], index));

const rolesOf = (count) =>
  several(roles, count, ({ name, isBuiltin, hasManagementPermissions }, index) => ({
    name: `${name} ${index}`,
    roleId: String(400 + index),
    isBuiltin,
    hasManagementPermissions,
  }));

const accountGroupsOf = (count) =>
  several(groups, count, ({ accountGroupName }, index) => ({
    aid: String(2000 + index),
    accountGroupName: `${accountGroupName} ${index}`,
    isCurrentAccountGroup: index === 0,
    isDefaultAccountGroup: index === 0,
    ...organization,
  }));

const happenings = [
  ["User logged in.", []],
  ["Test updated.", [{ type: "testName", name: "Intranet" }]],
  ["User role updated.", [{ type: "userDisplayName", name: "Alma Amberly" }, { type: "roleName", name: "Auditor" }]],
];

function eventsOf(count) {
  const random = createRandom(SEED);
  const people = users(100);
  return Array.from({ length: count }, (_, index) => {
    const [event, resources] = pick(random, happenings);
    const { uid, name, email } = pick(random, people);
    const date = `${new Date(NOW - index * 60_000).toISOString().slice(0, 19)}Z`;
    return { ...pick(random, groups), date, event, ipAddress: `203.0.113.${index % 250}`, uid, user: `${name} (${email})`, resources };
  });
}

/** The lists: by the operation that answers with one, what it is called and where it is. */
const lists = {
  getUsers: { list: "users", path: "/users", itemsOf: users },
  getRoles: { list: "roles", path: "/roles", itemsOf: rolesOf },
  getAccountGroups: { list: "accountGroups", path: "/account-groups", itemsOf: accountGroupsOf },
  getUserEvents: { list: "auditEvents", path: "/audit-user-events", itemsOf: eventsOf },
};

/** Where a list is, and what it is called in its body. */
export const pathOf = (operation) => lists[operation].path;
export const listOf = (operation, value) => value[lists[operation].list];

/** The body of a list with so many items; only users have other variants than the plain one. */
export function bodyOf(operation, count, variant = "plain") {
  const { list, path, itemsOf } = lists[operation];
  const items = itemsOf(count).map(variants[variant]);
  const self = { href: `https://api.thousandeyes.com/v7${path}` };
  return new TextEncoder().encode(JSON.stringify({ [list]: items, _links: { self } }));
}
