import { Problem } from "./problem.mjs";
import { API_ACCESS } from "./seed/permissions.mjs";

/** Which option holds the token of which seeded user, and what that token may do. */
export const tokenOwners = [
  { option: "token", uid: "5001", may: "organization admin: everything" },
  { option: "accountAdminToken", uid: "5002", may: "account admin: users of account groups 2002 and 2003" },
  { option: "readerToken", uid: "5003", may: "auditor: reads all users, changes none" },
  { option: "regularToken", uid: "5004", may: "regular user: reads only itself" },
];

const withoutCredentials = () =>
  new Problem(401, "No bearer token.", {
    body: { errorMessage: "401 Not authorized\nSend an Authorization header with a bearer token." },
  });

const wrongToken = (description) =>
  new Problem(401, description, { body: { error: "invalid_token", error_description: description } });

/** What a user may do, and where. */
export function createCaller(store, user) {
  const rolesIn = (aid) => user.accountGroupRoles.find((entry) => entry.aid === aid)?.roleIds ?? [];
  const isAssignedTo = (aid) =>
    store.accountGroups.has(aid) && (user.allAccountGroupRoleIds.length > 0 || rolesIn(aid).length > 0);
  const effectiveRoles = (aid) =>
    [...user.allAccountGroupRoleIds, ...rolesIn(aid)].map((roleId) => store.roles.get(roleId));
  const can = (label, aid) =>
    effectiveRoles(aid).some(({ permissions }) => permissions.some((permission) => permission.label === label));
  const hasManagementPermissions = (aid) => effectiveRoles(aid).some((role) => role.hasManagementPermissions);
  return { user, isAssignedTo, can, hasManagementPermissions };
}

const LOCK_AFTER = 10;
const LOCK_LASTS = 600_000;

/** Counts wrong tokens, and refuses every token while too many of them are fresh. */
function createLockout({ lockout }, now) {
  let wrong = 0;
  let last = -Infinity;
  return {
    check() {
      if (lockout === "none" || wrong < LOCK_AFTER) return;
      if (now() - last < LOCK_LASTS) {
        last = now();
        throw wrongToken("Locked after repeated wrong tokens: send no request for ten minutes.");
      }
      wrong = 0;
    },
    count(isRight) {
      wrong = isRight ? 0 : wrong + 1;
      last = now();
    },
  };
}

/**
 * @param {Record<string, unknown>} options
 * @param {() => number} now
 */
export function createAuthentication(options, now) {
  const uids = new Map(tokenOwners.map(({ option, uid }) => [options[option], uid]));
  const lockout = createLockout(options, now);

  /**
   * The caller that a request's token stands for.
   * @param {Headers} headers
   */
  return function authenticate(headers, store) {
    const [, token] = /^bearer +(\S+)$/i.exec(headers.get("authorization") ?? "") ?? [];
    if (!token) throw withoutCredentials();
    lockout.check();
    const owner = store.users.get(uids.get(token));
    lockout.count(Boolean(owner));
    if (!owner) throw wrongToken("This access token is not valid.");
    if (!owner.emailConfirmed && options.unconfirmedEmail !== "allow") {
      const reason = "The owner of this access token has to confirm the new e-mail address first.";
      throw options.unconfirmedEmail === "forbidden" ? new Problem(403, reason) : wrongToken(reason);
    }
    return createCaller(store, owner);
  };
}

const statusOfUnassigned = { forbidden: 403, "bad-request": 400, "not-found": 404 };

/**
 * The account group that a request is about.
 * @param {string | null} aid as asked for
 * @param {string} unassignedAid the switch
 */
export function accountGroupContext(caller, aid, unassignedAid) {
  if (aid === null) {
    if (caller.user.loginAid !== undefined) return caller.user.loginAid;
    throw new Problem(400, "Name an account group in `aid`: you have no login account group.");
  }
  if (caller.isAssignedTo(aid)) return aid;
  throw new Problem(statusOfUnassigned[unassignedAid], "Name an account group in `aid` that you are assigned to.");
}

/** Refuses a caller who lacks one of the permissions in this account group. */
export function requirePermissions(caller, aid, labels) {
  for (const label of [API_ACCESS, ...labels]) {
    if (!caller.can(label, aid)) throw new Problem(403, `This needs the permission "${label}".`);
  }
}
