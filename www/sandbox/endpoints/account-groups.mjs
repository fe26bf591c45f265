import { Problem, conflict, created, hal, noContent } from "../problem.mjs";
import { organization } from "../seed/organization.mjs";
import { ASSIGN_MANAGEMENT, DELETE_ACCOUNT, EDIT_ACCOUNT_GROUPS, VIEW_ACCOUNT_GROUPS } from "../seed/permissions.mjs";
import { isOrganizationAdmin, requireOrganizationAdmin } from "../user-rights.mjs";

const info = ({ caller, aid: current, represent }, accountGroup) => ({
  ...represent.accountGroup(accountGroup),
  isCurrentAccountGroup: accountGroup.aid === current,
  isDefaultAccountGroup: accountGroup.aid === caller.user.loginAid,
  ...organization,
});

const rolesIn = (user, aid) => user.accountGroupRoles.find((entry) => entry.aid === aid)?.roleIds ?? [];

function members({ store, represent }, aid) {
  return [...store.users.values()].flatMap((user) => {
    const roleIds = [...new Set([...rolesIn(user, aid), ...user.allAccountGroupRoleIds])];
    const { loginAccountGroup, ...rest } = represent.extendedUser(user);
    return roleIds.length > 0 ? [{ ...rest, roles: represent.rolesOf(roleIds) }] : [];
  });
}

/** A new account group is described without its agents, whatever is to be expanded. */
function newDetail(context, accountGroup) {
  const { query, link } = context;
  return {
    ...info(context, accountGroup),
    ...(query.expand?.includes("user") && { users: members(context, accountGroup.aid) }),
    _links: link(`/account-groups/${accountGroup.aid}`),
  };
}

function detail(context, accountGroup) {
  const { query, store } = context;
  const agents = () => accountGroup.agentIds.map((id) => store.agents.get(id));
  return {
    ...newDetail(context, accountGroup),
    ...(query.expand?.includes("agent") && { agents: agents() }),
    accountToken: `sandbox-agents-${accountGroup.aid}`,
  };
}

function existing({ store, caller, params }) {
  const accountGroup = store.accountGroups.get(params.id);
  if (accountGroup && caller.isAssignedTo(accountGroup.aid)) return accountGroup;
  throw new Problem(404, "There is no account group with this id that you are assigned to.");
}

function requireFreeName({ store, options }, name, self) {
  const isTaken = [...store.accountGroups.values()].some((other) => other !== self && other.accountGroupName === name);
  if (!isTaken || options.duplicateName === "allow") return;
  throw conflict(options.duplicateName, "in-use", "accountGroupName", "Another account group has this name.");
}

const about = ({ accountGroupName }) => [{ type: "accountGroupName", name: accountGroupName }];

function listAccountGroups(context) {
  const { store, caller, link } = context;
  const available = [...store.accountGroups.values()].filter(({ aid }) => caller.isAssignedTo(aid));
  const accountGroups = available.map((accountGroup) => info(context, accountGroup));
  return hal(200, { accountGroups, _links: link("/account-groups") });
}

/** Whoever has roles in all account groups has them in this one too. */
function createAccountGroup(context) {
  const { store, options, change } = context;
  const { accountGroupName, agents = [] } = context.body();
  requireFreeName(context, accountGroupName);
  const accountGroup = { aid: store.nextId("accountGroups"), accountGroupName, agentIds: [...new Set(agents)] };
  change("Account group created.", about(accountGroup), { put: { accountGroups: [accountGroup] } });
  return created(options, newDetail(context, accountGroup));
}

const getAccountGroup = (context) => hal(200, detail(context, existing(context)));

/** The list of agents is replaced as a whole, never added to. */
function updateAccountGroup(context) {
  const { options, change } = context;
  const before = existing(context);
  const { accountGroupName, agents } = context.body();
  requireFreeName(context, accountGroupName, before);
  const omitted = options.omittedAgents === "keep" ? before.agentIds : [];
  const after = { ...before, accountGroupName, agentIds: agents ? [...new Set(agents)] : omitted };
  change("Account group updated.", about(after), { put: { accountGroups: [after] } });
  return hal(200, detail(context, after));
}

/** The user without roles in an account group, who signs in to another one if this was theirs. */
function withoutAccountGroup(user, aid, remaining) {
  const accountGroupRoles = user.accountGroupRoles.filter((entry) => entry.aid !== aid);
  const everywhere = user.allAccountGroupRoleIds.length > 0 ? remaining : undefined;
  const loginAid = user.loginAid === aid ? (accountGroupRoles[0]?.aid ?? everywhere) : user.loginAid;
  return { ...user, accountGroupRoles, loginAid };
}

function deleteAccountGroup(context) {
  const { store, options, caller, change } = context;
  const accountGroup = existing(context);
  const { aid } = accountGroup;
  const users = [...store.users.values()];
  if (options.ownAccountGroup === "reject" && caller.user.loginAid === aid) {
    throw new Problem(400, "Sign in to another account group first: this is your login account group.");
  }
  if (options.accountGroupInUse !== "take-away" && users.some((user) => rolesIn(user, aid).length > 0)) {
    throw new Problem(options.accountGroupInUse === "conflict" ? 409 : 400, "Users have roles in this account group.");
  }
  const remaining = [...store.accountGroups.keys()].find((other) => other !== aid);
  const affected = users.filter((user) => user.loginAid === aid || rolesIn(user, aid).length > 0);
  const changed = affected.map((user) => withoutAccountGroup(user, aid, remaining));
  if (affected.some(isOrganizationAdmin)) {
    requireOrganizationAdmin(options, [...users.filter((user) => !affected.includes(user)), ...changed]);
  }
  const remove = { accountGroups: [accountGroup] };
  change("Account group deleted.", about(accountGroup), { put: { users: changed }, remove });
  return noContent();
}

const permissionToUpdate = { edit: EDIT_ACCOUNT_GROUPS, view: VIEW_ACCOUNT_GROUPS };

export const accountGroupOperations = {
  getAccountGroups: { handle: listAccountGroups },
  createAccountGroup: { permissions: [EDIT_ACCOUNT_GROUPS], handle: createAccountGroup },
  getAccountGroup: { permissions: [VIEW_ACCOUNT_GROUPS], handle: getAccountGroup },
  updateAccountGroup: {
    authorize: ({ require, options }) => require(permissionToUpdate[options.updateAccountGroup]),
    handle: updateAccountGroup,
  },
  deleteAccountGroup: {
    permissions: [ASSIGN_MANAGEMENT, DELETE_ACCOUNT, EDIT_ACCOUNT_GROUPS],
    handle: deleteAccountGroup,
  },
};
