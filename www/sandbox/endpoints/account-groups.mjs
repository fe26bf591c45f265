import { Problem, hal } from "../problem.mjs";
import { organization } from "../seed/organization.mjs";
import { VIEW_ACCOUNT_GROUPS } from "../seed/permissions.mjs";

const info = ({ caller, aid: current }, accountGroup) => ({
  ...accountGroup,
  isCurrentAccountGroup: accountGroup.aid === current,
  isDefaultAccountGroup: accountGroup.aid === caller.user.loginAid,
  ...organization,
});

function members({ store, represent }, aid) {
  return [...store.users.values()].flatMap((user) => {
    const own = user.accountGroupRoles.find((entry) => entry.aid === aid)?.roleIds ?? [];
    const roleIds = [...new Set([...own, ...user.allAccountGroupRoleIds])];
    const { loginAccountGroup, ...rest } = represent.extendedUser(user);
    return roleIds.length > 0 ? [{ ...rest, roles: represent.rolesOf(roleIds) }] : [];
  });
}

function listAccountGroups(context) {
  const { store, caller, link } = context;
  const available = [...store.accountGroups.values()].filter(({ aid }) => caller.isAssignedTo(aid));
  const accountGroups = available.map((accountGroup) => info(context, accountGroup));
  return hal(200, { accountGroups, _links: link("/account-groups") });
}

const EXPANDABLE = ["user", "agent"];

function readExpand(url) {
  const values = url.searchParams.getAll("expand").flatMap((value) => value.split(",")).filter((value) => value !== "");
  if (values.every((value) => EXPANDABLE.includes(value))) return values;
  throw new Problem(400, `Expand only ${EXPANDABLE.join(" and ")}.`);
}

/** Agents are no part of the sandbox, so `expand=agent` gives an empty list. */
function getAccountGroup(context) {
  const { store, caller, params, url, link } = context;
  const accountGroup = store.accountGroups.get(params.id);
  if (!accountGroup || !caller.isAssignedTo(accountGroup.aid)) {
    throw new Problem(404, "There is no account group with this id that you are assigned to.");
  }
  const expand = readExpand(url);
  return hal(200, {
    ...info(context, accountGroup),
    ...(expand.includes("user") && { users: members(context, accountGroup.aid) }),
    ...(expand.includes("agent") && { agents: [] }),
    accountToken: `sandbox-agents-${accountGroup.aid}`,
    _links: link(`/account-groups/${accountGroup.aid}`),
  });
}

export const accountGroupRoutes = {
  "/account-groups": { GET: { handle: listAccountGroups } },
  "/account-groups/{id}": { GET: { permissions: [VIEW_ACCOUNT_GROUPS], handle: getAccountGroup } },
};
