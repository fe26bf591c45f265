// Changes by chance, and what must become of the users by them: an independent word on what a plan means.
import { pick } from "./support.mjs";

const ROLES = { 31: "Organization Admin", 32: "Account Admin", 33: "Regular User", 401: "Network Operations", 402: "Auditor", 403: "Service Desk", 405: "Dashboard Guest" };
const GROUPS = { 2001: "Headquarters", 2002: "Europe Operations", 2004: "Américas", 2005: "Test Lab", 2006: "Partners & Resellers" };

const OWNER = "5001";

const upTo = (random, most) => Math.floor(random() * (most + 1));
const chance = (random, share) => random() < share;
const someKey = (random, names, id) => (chance(random, 0.5) ? { id } : { name: names[id] });
const swapCase = (text) => text.replace(/[a-z]/i, (letter) => (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase()));

/** A role in a place: as a change names it, and as a state has it. */
export function someRole(random) {
  const roleId = pick(random, Object.keys(ROLES));
  const aid = chance(random, 0.2) ? "all" : pick(random, Object.keys(GROUPS));
  const place = aid === "all" ? { allAccountGroups: true } : { accountGroup: someKey(random, GROUPS, aid) };
  return { named: { role: someKey(random, ROLES, roleId), ...place }, grant: `${aid}/${roleId}` };
}

/** Roles, each once. */
function someRoles(random, most) {
  const roles = Array.from({ length: upTo(random, most) }, () => someRole(random));
  return [...new Map(roles.map((role) => [role.grant, role])).values()];
}

/**
 * Changes that do not contradict each other, and the state that each user shall have then, by e-mail address or uid: undefined
 * where the user shall be gone. `users` are the states that there are, by uid.
 * @param {number} ownerShare how often the owner of the token is among them
 */
export function someChanges(random, users, ownerShare = 0.3) {
  const changes = [];
  const targets = new Map();
  const others = shuffled(random, [...users.keys()].filter((uid) => uid !== OWNER));
  const uids = chance(random, ownerShare) ? [OWNER, ...others] : others;
  for (const uid of uids.slice(0, 1 + upTo(random, 5))) {
    const state = structuredClone(users.get(uid));
    const user = () => (chance(random, 0.5) ? { uid } : { email: chance(random, 0.5) ? state.email : swapCase(state.email) });
    const before = { user: user() };
    if (chance(random, 0.15)) {
      changes.push({ kind: "remove", ...before });
      targets.set(uid, undefined);
      continue;
    }
    const already = changes.length;
    const grants = new Set(state.grants);
    const own = state.grants.map(namedGrant).filter((role) => role && chance(random, 0.5));
    for (const { named, grant } of own) {
      changes.push({ kind: "revoke", user: user(), ...named });
      grants.delete(grant);
    }
    for (const { named, grant } of someRoles(random, 3)) {
      if (own.some((role) => role.grant === grant)) continue;
      const isGiven = chance(random, 0.75);
      changes.push({ kind: isGiven ? "grant" : "revoke", user: user(), ...named });
      if (isGiven) grants.add(grant);
      else grants.delete(grant);
    }
    if (chance(random, 0.5) || changes.length === already) {
      const update = { kind: "update", user: user(), name: `Renamed ${upTo(random, 999)}` };
      const after = { name: update.name };
      if (chance(random, 0.3)) after.email = update.email = `moved.${uid}@example.com`;
      if (chance(random, 0.3)) {
        after.login = pick(random, Object.keys(GROUPS));
        update.loginAccountGroup = someKey(random, GROUPS, after.login);
      }
      changes.push(update);
      Object.assign(state, after);
    }
    targets.set(uid, { ...state, grants: [...grants].sort() });
  }
  for (let number = 0; number < upTo(random, 2); number += 1) {
    const domain = chance(random, 0.2) ? "elsewhere.example" : "example.com";
    const email = `New.${number}.${upTo(random, 99)}@${domain}`;
    const roles = someRoles(random, 2);
    const login = chance(random, 0.4) ? pick(random, Object.keys(GROUPS)) : undefined;
    const name = chance(random, 0.8) ? `New ${number}` : undefined;
    changes.push({
      kind: "invite",
      email,
      ...(name && { name }),
      ...(login && { loginAccountGroup: someKey(random, GROUPS, login) }),
      roles: roles.map(({ named }) => named),
    });
    targets.set(email, { name, email, login, grants: roles.map(({ grant }) => grant).sort() });
  }
  return { changes: shuffled(random, changes), targets };
}

/** A role that a state has as a change names it, if there is a name for it here. */
function namedGrant(grant) {
  const [aid, roleId] = grant.split("/");
  return ROLES[roleId] && (aid === "all" || GROUPS[aid])
    ? { grant, named: { role: { id: roleId }, ...(aid === "all" ? { allAccountGroups: true } : { accountGroup: { id: aid } }) } }
    : undefined;
}

export function shuffled(random, list) {
  const keyed = list.map((item) => [random(), item]);
  return keyed.sort(([one], [other]) => one - other).map(([, item]) => item);
}

/**
 * Combinations of switches: all of those in `all` with each other, and each time the others by chance.
 * @param {Record<string, string[]>} all values by switch
 * @param {Record<string, string[]>} others likewise
 */
export function* combinations(random, all, others) {
  const names = Object.keys(all);
  const count = names.reduce((product, name) => product * all[name].length, 1);
  for (let number = 0; number < count; number += 1) {
    let rest = number;
    const chosen = {};
    for (const name of names) {
      chosen[name] = all[name][rest % all[name].length];
      rest = Math.floor(rest / all[name].length);
    }
    for (const [name, values] of Object.entries(others)) chosen[name] = pick(random, values);
    yield chosen;
  }
}
