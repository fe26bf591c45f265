import { Problem, hal, invalid, noContent } from "../problem.mjs";
import { ORGANIZATION_ADMIN } from "../seed/organization.mjs";
import { VIEW_ALL_USERS } from "../seed/permissions.mjs";
import { requireRightToChange, requireRightToEdit } from "../user-rights.mjs";
import { belongsElsewhere, validateUserRequest } from "../validation.mjs";

const isoNow = (now) => new Date(now()).toISOString().replace(/\.\d+Z$/, "Z");

function existing(store, id) {
  const user = store.users.get(id);
  if (!user) throw new Problem(404, "There is no user with this id.");
  return user;
}

function requireFreeEmail({ store, options }, email, self) {
  const owner = store.userByEmail(email);
  if (!owner || owner === self) return;
  const message = "This e-mail address is in use.";
  if (options.duplicateEmail === "conflict") throw new Problem(409, message);
  throw invalid([{ code: "in-use", field: "email", message }]);
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

const isOrganizationAdmin = (user) =>
  [...user.allAccountGroupRoleIds, ...user.accountGroupRoles.flatMap(({ roleIds }) => roleIds)].includes(
    ORGANIZATION_ADMIN,
  );

/** @param {object | undefined} after what becomes of the user; undefined if deleted */
function requireOrganizationAdminLeft({ store, options }, before, after) {
  if (options.lastOrganizationAdmin === "allow" || !isOrganizationAdmin(before)) return;
  const others = [...store.users.values()].filter((user) => user.uid !== before.uid);
  if ([...others, ...(after ? [after] : [])].some(isOrganizationAdmin)) return;
  throw new Problem(400, "Keep at least one organization admin.");
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
    uid: store.nextUid(),
    name: changes.name,
    email: changes.email,
    dateCreated: isoNow(now),
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
  const { store, options, represent, link } = context;
  const changes = validateUserRequest(context.body, "create", context);
  const double = options.duplicateEmail === "add-roles" ? store.userByEmail(changes.email) : undefined;
  if (!double) requireFreeEmail(context, changes.email);

  const user = double ? withRolesAdded(double, changes) : newUser(context, changes);
  user.loginAid = loginAccountGroup(context, user, changes.loginAid);
  requireRightToChange(context, double, user);
  store.put(user);
  if (options.createAnswer === "not-found") return { status: 404, headers: {} };
  const links = link(`/users/${user.uid}`);
  return hal(201, represent.createdUser(user, links), { location: links.self.href });
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
  const { store, options, params, represent, link } = context;
  const before = existing(store, params.id);
  const changes = validateUserRequest(context.body, "update", context);
  requireFreeEmail(context, changes.email, before);

  const email = changes.email ?? before.email;
  const after = { ...before, ...changedRoles(options, before, changes), name: changes.name ?? before.name, email };
  after.loginAid = loginAccountGroup(context, after, changes.loginAid);
  if (email !== before.email) after.emailConfirmed = false;
  requireRightToChange(context, before, after);
  requireOrganizationAdminLeft(context, before, after);
  store.put(after);
  return hal(200, represent.userDetail(after, link(`/users/${after.uid}`)));
}

function deleteUser(context) {
  const { store, options, caller, params } = context;
  const user = existing(store, params.id);
  requireRightToChange(context, user, undefined);
  if (user.uid === caller.user.uid && options.deleteSelf === "reject") {
    throw new Problem(400, "Let another administrator delete this user: it owns the access token.");
  }
  requireOrganizationAdminLeft(context, user, undefined);
  store.remove(user);
  return noContent();
}

const reading = { aid: true, permissions: [VIEW_ALL_USERS] };
const writing = { aid: true, authorize: requireRightToEdit };

export const userRoutes = {
  "/users": { GET: { ...reading, handle: listUsers }, POST: { ...writing, handle: createUser } },
  "/users/current": { GET: { handle: getCurrentUser } },
  "/users/{id}": {
    GET: { ...reading, handle: getUser },
    PUT: { ...writing, handle: updateUser },
    DELETE: { ...writing, handle: deleteUser },
  },
};
