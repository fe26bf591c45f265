/** What is sent to create or change a user, and how it differs from what the user has. Plain values, no page. */
import { isChange, listChange, textChanges } from "../changes.js";

export const PROPERTIES = ["name", "email", "loginAccountGroupId", "accountGroupRoles", "allAccountGroupRoleIds"];

const rolesByGroup = (roles) => new Map((roles ?? []).map(({ accountGroupId, roleIds }) => [accountGroupId, roleIds]));

function groupChanges(before, after) {
  const [from, to] = [rolesByGroup(before), rolesByGroup(after)];
  return [...new Set([...from.keys(), ...to.keys()])].map((aid) => ({ aid, ...listChange(from.get(aid), to.get(aid)) }));
}

/**
 * How two requests differ.
 * @returns {{ texts: { property: string, from?: string, to?: string }[], groups: object[], everywhere?: object }}
 *   `groups` has every account group as soon as one of them changes, because the list is replaced as a whole
 */
export function differences(before, after) {
  const groups = groupChanges(before.accountGroupRoles, after.accountGroupRoles);
  const everywhere = listChange(before.allAccountGroupRoleIds, after.allAccountGroupRoleIds);
  return {
    texts: textChanges(["name", "email", "loginAccountGroupId"], before, after),
    groups: groups.some(isChange) ? groups : [],
    everywhere: isChange(everywhere) ? everywhere : undefined,
  };
}

export const areEqual = (before, after) => {
  const { texts, groups, everywhere } = differences(before, after);
  return texts.length === 0 && groups.length === 0 && everywhere === undefined;
};
