import { DEFAULT_USER_COUNT } from "./seed/users.mjs";

/**
 * Every option of the sandbox: its default, what it may be, and what it does. `createSandbox` checks against this
 * table, the command line reads its flags from it, and `--help` prints it.
 */
export const settings = {
  token: { default: "sandbox-admin", help: "token of an organization admin" },
  accountAdminToken: { default: "sandbox-account-admin", help: "token of an account admin of two account groups" },
  readerToken: { default: "sandbox-reader", help: "token of an auditor, who sees all users and changes none" },
  regularToken: { default: "sandbox-regular", help: "token of a regular user, who sees no other user" },
  rateLimit: { default: 240, min: 0, help: "requests in a window for the whole organization; 0: no limit, no headers" },
  rateWindow: { default: 60_000, min: 1000, help: "length of that window in milliseconds, counted from the epoch" },
  bodyLimit: { default: 1_048_576, min: 1, help: "longest request body in bytes" },
  users: { default: DEFAULT_USER_COUNT, min: 4, max: 100_000, help: "how many users to start with" },
  seed: { default: 1, min: 0, help: "seed of the generated dates (counted back from the clock), of further users and of faults by share" },
  eventsPerPage: { default: 100, min: 1, max: 100_000, help: "how many events of the activity log come at once" },
  cursorLifetime: { default: 3_600_000, min: 1, help: "milliseconds after which the cursor of a further page expires" },
};

/**
 * What the vendor's documentation leaves open. Each is a switch; the first value is the default, and is an assumption.
 */
export const switches = {
  duplicateEmail: {
    help: "creating a user whose e-mail address is in use",
    values: {
      "bad-request": "400 that names the field",
      conflict: "409",
      "add-roles": "201 with the existing user, who gets the roles as well",
    },
  },
  createAnswer: {
    help: "the answer to a create that succeeded",
    values: { created: "201 with what was created", "not-found": "404 without a body, although it was created" },
  },
  emailCase: {
    help: "whether capital letters make an e-mail address another one",
    values: { insensitive: "they do not", sensitive: "they do" },
  },
  requiredOnCreate: {
    help: "what a new user must have",
    values: {
      "name-email": "name and email",
      email: "email",
      v6: "name, email, loginAccountGroupId and at least one role",
    },
  },
  requiredOnUpdate: {
    help: "what an update must have",
    values: { nothing: "what is left out stays", v6: "name, email and loginAccountGroupId" },
  },
  nullProperty: {
    help: "null as the value of a property of a request",
    values: {
      omitted: "as if left out",
      cleared: "empties a list, takes loginAccountGroupId away; 400 for name and email, which a user must have",
      rejected: "400",
    },
  },
  omittedAllAccountGroupRoleIds: {
    help: "an update with accountGroupRoles but without allAccountGroupRoleIds",
    values: { keep: "leaves the roles for all account groups", clear: "takes them away" },
  },
  emptyAllAccountGroupRoleIds: {
    help: "an update with an empty allAccountGroupRoleIds",
    values: { clear: "takes the roles for all account groups away", keep: "leaves them" },
  },
  emptyRoleIds: {
    help: "an account group with an empty list of roles",
    values: { drop: "the user is not assigned to it", reject: "400" },
  },
  repeatedAccountGroup: {
    help: "the same account group twice in accountGroupRoles",
    values: { merge: "its roles are put together", reject: "400" },
  },
  numericIds: { help: "a number where a request needs an id", values: { accept: "taken as text", reject: "400" } },
  unknownProperty: { help: "a property that requests do not have", values: { ignore: "ignored", reject: "400" } },
  loginAccountGroup: {
    help: "a login account group that the user has no role in",
    values: { any: "taken", assigned: "400" },
  },
  otherOrganizationLogin: {
    help: "a login account group for a user of another organization (at elsewhere.example)",
    values: { ignore: "ignored: the user has to set it", reject: "400" },
  },
  duplicateName: {
    help: "creating or renaming an account group or a role to a name that another one has",
    values: { "bad-request": "400 that names the field", conflict: "409", allow: "done: both have it" },
  },
  omittedAgents: {
    help: "an update of an account group without agents",
    values: { keep: "leaves its agents", clear: "takes them away" },
  },
  accountGroupInUse: {
    help: "deleting an account group that users have roles in",
    values: { "take-away": "done: they lose those roles", "bad-request": "400", conflict: "409" },
  },
  ownAccountGroup: {
    help: "deleting the account group that the token's owner signs in to",
    values: { reject: "400", allow: "done: they sign in to another one of theirs, if there is one" },
  },
  updateAccountGroup: {
    help: "which permission changing an account group needs",
    values: { edit: "Edit all account groups", view: "View all account groups settings" },
  },
  requiredOfRole: {
    help: "what a new role must have",
    values: { name: "name", "name-permissions": "name and permissions" },
  },
  omittedPermissions: {
    help: "an update of a role without permissions",
    values: { keep: "leaves its permissions", clear: "takes them away" },
  },
  editRoles: {
    help: "who may create, change and delete roles",
    values: {
      permission: "whoever has the permission Edit roles",
      management: "whoever has a role with management permissions",
    },
  },
  builtinRole: { help: "changing or deleting a built-in role", values: { forbidden: "403", "bad-request": "400" } },
  roleInUse: {
    help: "deleting a role that users have",
    values: { "bad-request": "400", conflict: "409", "take-away": "done: they lose it" },
  },
  eventOrder: {
    help: "the order of the activity log",
    values: { "newest-first": "newest events first", "oldest-first": "oldest events first" },
  },
  eventRange: {
    help: "the activity log without window, startDate and endDate",
    values: { all: "all events", day: "those of the last 24 hours" },
  },
  utcDates: {
    help: "how startDate and endDate say that they are in UTC",
    values: { any: "with Z, with an offset of zero, or not at all", z: "with Z; 400 without" },
  },
  reversedDates: { help: "a startDate after the endDate", values: { empty: "no events", reject: "400" } },
  expiredCursor: {
    help: "a cursor that has expired, or never was one",
    values: { "bad-request": "400", "not-found": "404", "first-page": "the first page" },
  },
  othersEvents: {
    help: "the activity log without the permission to view it for all users",
    values: { hide: "one's own events only", show: "all events of the account group", forbidden: "403" },
  },
  allPermittedAids: {
    help: "useAllPermittedAids without the permission to view the activity log for all users",
    values: { forbidden: "403", ignore: "the events of the one account group" },
  },
  unassignedAid: {
    help: "an aid that the token's owner is not assigned to",
    values: { forbidden: "403", "bad-request": "400", "not-found": "404" },
  },
  editUsersScope: {
    help: "what the permission to edit users in some account groups only allows",
    values: {
      "changed-account-groups": "changing users and their roles in those account groups",
      everywhere: "changing every user",
    },
  },
  assignManagement: {
    help: "giving management permissions to a role, or such a role to a user, without the permission to assign them",
    values: { forbidden: "403", allowed: "done" },
  },
  deleteSelf: { help: "deleting the token's owner", values: { reject: "400", allow: "done, and the token with it" } },
  lastOrganizationAdmin: {
    help: "deleting the last organization admin, or taking that role from them",
    values: { reject: "400", allow: "done" },
  },
  unconfirmedEmail: {
    help: "a token whose owner has a new e-mail address and did not confirm it",
    values: { unauthorized: "401", forbidden: "403", allow: "works" },
  },
  lockout: {
    help: "wrong tokens, one after the other",
    values: {
      none: "401 each time",
      "after-ten": "after ten of them every token gets 401, until ten minutes have passed without a request",
    },
  },
  never: {
    help: "a date that has not come: registration, last login",
    values: { omit: "left out", null: "null", dash: '"-"', empty: '""' },
  },
  pendingDateRegistered: {
    help: "dateRegistered of a user who has been invited but has not registered",
    values: { never: "as the switch never says", invited: "the date of the invitation" },
  },
  rateLimitCounts: {
    help: "which requests use up the rate limit",
    values: { authenticated: "those with a valid token", all: "all" },
  },
  cors: {
    help: "requests from pages of another origin",
    values: {
      none: "no CORS headers",
      any: "allowed, with the rate limit and Location headers exposed",
      hidden: "allowed, with nothing exposed",
    },
  },
};

/** The tokens of the seeded users. */
export const tokensOf = ({ token, accountAdminToken, readerToken, regularToken }) => [
  token, accountAdminToken, readerToken, regularToken,
];

export const defaultOf = (spec) => spec.default ?? Object.keys(spec.values)[0];

/** Everything that can be chosen, by name. */
export const options = { ...settings, ...switches };

/** What is wrong with a value, as the end of a sentence, or undefined. */
export function complaint(spec, value) {
  if (spec.values) {
    return Object.hasOwn(spec.values, value) ? undefined : `must be one of ${Object.keys(spec.values).join(", ")}`;
  }
  if (typeof spec.default === "string") {
    const usable = typeof value === "string" && /^[!-~]+$/.test(value);
    return usable ? undefined : "must be text of visible ASCII characters without spaces";
  }
  const { min, max = Number.MAX_SAFE_INTEGER } = spec;
  if (Number.isSafeInteger(value) && value >= min && value <= max) return undefined;
  return `must be a whole number from ${min}${spec.max === undefined ? "" : ` to ${max}`}`;
}

/**
 * The options given, checked and filled up with the defaults.
 * @param {Record<string, unknown>} given
 */
export function resolveOptions(given = {}) {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(options, name)) {
      throw new TypeError(`Unknown sandbox option ${name}; known are ${Object.keys(options).join(", ")}.`);
    }
    const wrong = value === undefined ? undefined : complaint(options[name], value);
    if (wrong) throw new TypeError(`The sandbox option ${name} ${wrong}.`);
  }
  const resolved = Object.fromEntries(
    Object.entries(options).map(([name, spec]) => [name, given[name] ?? defaultOf(spec)]),
  );
  if (new Set(tokensOf(resolved)).size < 4) throw new TypeError("Each of the four sandbox tokens must differ.");
  return Object.freeze(resolved);
}
