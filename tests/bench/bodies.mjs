/** The bodies of `GET /users` that are decoded: users as the sandbox invents them, the same in every run. */
import { createRepresentation } from "../../www/sandbox/representation.mjs";
import { resolveOptions } from "../../www/sandbox/options.mjs";
import { accountGroups } from "../../www/sandbox/seed/organization.mjs";
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

export function usersBody(count, variant = "plain") {
  const groups = accountGroups.map((group) => ({ ...group, accountGroupName: plainLetters(group.accountGroupName) }));
  const store = { accountGroups: new Map(groups.map((group) => [group.aid, group])) };
  const { extendedUser } = createRepresentation({ store, options: resolveOptions({}) });
  // The sandbox's first users are there to be odd; those after them are like most people.
  const users = seedUsers(SEED, DEFAULT_USER_COUNT + count, NOW).slice(DEFAULT_USER_COUNT).map(extendedUser);
  const self = { href: "https://api.thousandeyes.com/v7/users" };
  return new TextEncoder().encode(JSON.stringify({ users: users.map(variants[variant]), _links: { self } }));
}
