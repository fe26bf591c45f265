import { isoDate } from "../clock.mjs";
import { Problem, conflict, created, hal, invalid, noContent } from "../problem.mjs";
import { OTHER_ORGANIZATION_DOMAIN } from "../seed/organization.mjs";
import { VIEW_ALL_USERS } from "../seed/permissions.mjs";
import {
  isOrganizationAdmin, requireOrganizationAdmin, requireRightToChange, requireRightToEdit,
} from "../user-rights.mjs";

const belongsElsewhere = (email) => email.toLowerCase().endsWith(`@${OTHER_ORGANIZATION_DOMAIN}`);

/** What no schema says of a request: complaints about it. */
function complaintsAbout({ accountGroupRoles, allAccountGroupRoleIds }, { options, operation }) {
  const errors = [];
  const complain = (field, code, message) => void errors.push({ code, field, message });
  if (operation.operationId === "createUser" && options.requiredOnCreate === "v6") {
    const isGiven = [accountGroupRoles, allAccountGroupRoleIds].some((list) => list?.length > 0);
    if (!isGiven) complain("accountGroupRoles", "required", "Give at least one role.");
  }
  if (options.repeatedAccountGroup === "reject" && Array.isArray(accountGroupRoles)) {
    const aids = accountGroupRoles.map((entry) => String(entry?.accountGroupId));
    for (const [index, aid] of aids.entries()) {
      if (aids.indexOf(aid) === index) continue;
      complain(`accountGroupRoles[${index}].accountGroupId`, "repeated", "Name each account group once.");
    }
  }
  return errors;
}

/** The roles as a user record has them: each account group once, and none without roles. */
function mergedRoles(accountGroupRoles) {
  const merged = new Map();
  for (const { accountGroupId: aid, roleIds } of accountGroupRoles) {
    merged.set(aid, [...new Set([...(merged.get(aid) ?? []), ...roleIds])]);
  }
  return [...merged].map(([aid, roleIds]) => ({ aid, roleIds })).filter((entry) => entry.roleIds.length > 0);
}

/** The part of a user record that a request asks for; a `loginAid` of null asks for none. */
const changesOf = ({ loginAccountGroupId, accountGroupRoles, allAccountGroupRoleIds, ...texts }) => ({
  ...texts,
  loginAid: loginAccountGroupId,
  accountGroupRoles: accountGroupRoles && mergedRoles(accountGroupRoles),
  allAccountGroupRoleIds: allAccountGroupRoleIds && [...new Set(allAccountGroupRoleIds)],
});

const about = (user) => [{ type: "userDisplayName", name: user.name ?? user.email }];

function existing(store, id) {
  const user = store.users.get(id);
  if (!user) throw new Problem(404, "There is no user with this id.");
  return user;
}

function requireFreeEmail({ store, options }, email, self) {
  const owner = store.userByEmail(email);
  if (!owner || owner === self) return;
  throw conflict(options.duplicateEmail, "in-use", "email", "This e-mail address is in use.");
}

/** Checks what a login account group may be, and gives the one that the user will have, or undefined for none. */
function loginAccountGroup({ options }, user, chosen) {
  if (chosen === undefined) return user.loginAid;
  const complain = (code, message) => invalid([{ code, field: "loginAccountGroupId", message }]);
  if (belongsElsewhere(user.email)) {
    if (options.otherOrganizationLogin === "ignore") return user.loginAid;
    throw complain("not-yours", "This user belongs to another organization and has to set this.");
  }
  if (chosen === null) return undefined;
  const isAssigned =
    user.allAccountGroupRoleIds.length > 0 || user.accountGroupRoles.some((entry) => entry.aid === chosen);
  if (isAssigned || options.loginAccountGroup === "any") return chosen;
  throw complain("not-assigned", "Choose an account group that the user is assigned to.");
}

/** @param {object | undefined} after what becomes of the user; undefined if deleted */
function requireOrganizationAdminLeft({ store, options }, before, after) {
  if (!isOrganizationAdmin(before)) return;
  const others = [...store.users.values()].filter((user) => user.uid !== before.uid);
  requireOrganizationAdmin(options, after ? [...others, after] : others);
}

/** Role lists are replaced as a whole, never added to. */
function changedRoles(options, user, { accountGroupRoles, allAccountGroupRoleIds }) {
  const keepsAll =
    allAccountGroupRoleIds === undefined
      ? accountGroupRoles === undefined || options.omittedAllAccountGroupRoleIds === "keep"
      : allAccountGroupRoleIds.length === 0 && options.emptyAllAccountGroupRoleIds === "keep";
  return {
    accountGroupRoles: accountGroupRoles ?? user.accountGroupRoles,
    allAccountGroupRoleIds: keepsAll ? user.allAccountGroupRoleIds : (allAccountGroupRoleIds ?? []),
  };
}

function withRolesAdded(user, { accountGroupRoles = [], allAccountGroupRoleIds = [] }) {
  const merged = new Map(user.accountGroupRoles.map(({ aid, roleIds }) => [aid, roleIds]));
  for (const { aid, roleIds } of accountGroupRoles) {
    merged.set(aid, [...new Set([...(merged.get(aid) ?? []), ...roleIds])]);
  }
  return {
    ...user,
    accountGroupRoles: [...merged].map(([aid, roleIds]) => ({ aid, roleIds })),
    allAccountGroupRoleIds: [...new Set([...user.allAccountGroupRoleIds, ...allAccountGroupRoleIds])],
  };
}

function newUser({ store, aid, now }, changes) {
  return {
    uid: store.nextId("users"),
    name: changes.name,
    email: changes.email,
    dateCreated: isoDate(now()),
    dateRegistered: null,
    lastLogin: null,
    loginAid: belongsElsewhere(changes.email) ? undefined : aid,
    accountGroupRoles: changes.accountGroupRoles ?? [],
    allAccountGroupRoleIds: changes.allAccountGroupRoleIds ?? [],
    emailConfirmed: true,
  };
}

function listUsers({ store, represent, link }) {
  const users = [...store.users.values()].map(represent.extendedUser);
  return hal(200, { users, _links: link("/users") });
}

function createUser(context) {
  const { store, options, represent, link, change } = context;
  const changes = changesOf(context.body());
  const double = options.duplicateEmail === "add-roles" ? store.userByEmail(changes.email) : undefined;
  if (!double) requireFreeEmail(context, changes.email);

  const user = double ? withRolesAdded(double, changes) : newUser(context, changes);
  user.loginAid = loginAccountGroup(context, user, changes.loginAid);
  requireRightToChange(context, double, user);
  change(double ? "User updated." : "User created.", about(user), { put: { users: [user] } });
  return created(options, represent.createdUser(user, link(`/users/${user.uid}`)));
}

/** The vendor documents no `aid` here: the owner of the token is the same in every account group. */
function getCurrentUser({ caller, represent, link }) {
  return hal(200, represent.userDetail(caller.user, link(`/users/${caller.user.uid}`)));
}

function getUser({ store, params, represent, link }) {
  const user = existing(store, params.id);
  return hal(200, represent.userDetail(user, link(`/users/${user.uid}`)));
}

function updateUser(context) {
  const { store, options, params, represent, link, change } = context;
  const before = existing(store, params.id);
  const changes = changesOf(context.body());
  requireFreeEmail(context, changes.email, before);

  const email = changes.email ?? before.email;
  const after = { ...before, ...changedRoles(options, before, changes), name: changes.name ?? before.name, email };
  after.loginAid = loginAccountGroup(context, after, changes.loginAid);
  if (email !== before.email) after.emailConfirmed = false;
  requireRightToChange(context, before, after);
  requireOrganizationAdminLeft(context, before, after);
  change("User updated.", about(after), { put: { users: [after] } });
  return hal(200, represent.userDetail(after, link(`/users/${after.uid}`)));
}

function deleteUser(context) {
  const { store, options, caller, params, change } = context;
  const user = existing(store, params.id);
  requireRightToChange(context, user, undefined);
  if (user.uid === caller.user.uid && options.deleteSelf === "reject") {
    throw new Problem(400, "Let another administrator delete this user: it owns the access token.");
  }
  requireOrganizationAdminLeft(context, user, undefined);
  change("User deleted.", about(user), { remove: { users: [user] } });
  return noContent();
}

const reading = { permissions: [VIEW_ALL_USERS] };
const writing = { authorize: requireRightToEdit };

export const userOperations = {
  getUsers: { ...reading, handle: listUsers },
  createUser: { ...writing, complaintsAbout, handle: createUser },
  getCurrentUser: { handle: getCurrentUser },
  getUser: { ...reading, handle: getUser },
  updateUser: { ...writing, complaintsAbout, handle: updateUser },
  deleteUser: { ...writing, handle: deleteUser },
};
