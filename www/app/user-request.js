/** What is sent to create or change a user, and how it differs from what the user has. Plain values, no page. */

export const PROPERTIES = ["name", "email", "loginAccountGroupId", "accountGroupRoles", "allAccountGroupRoleIds"];

const isEmpty = (value) => value === undefined || value === null || value.length === 0;

/**
 * The request for what a form holds. Whatever the user has and the form leaves empty stays as it was said; what both
 * lack is left out, because empty and left out are two things to the API.
 * @param {object} before the request that would leave the user as it is; empty for a new one
 * @param {object} values of the form
 */
export function requestOf(before, values) {
  const entries = PROPERTIES.map((name) => [name, isEmpty(values[name]) && isEmpty(before[name]) ? before[name] : values[name]]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

const rolesByGroup = (roles) => new Map((roles ?? []).map(({ accountGroupId, roleIds }) => [accountGroupId, roleIds]));

function roleChange(from = [], to = []) {
  return {
    added: to.filter((id) => !from.includes(id)),
    removed: from.filter((id) => !to.includes(id)),
    kept: to.filter((id) => from.includes(id)),
  };
}

const isChange = ({ added, removed }) => added.length > 0 || removed.length > 0;

function groupChanges(before, after) {
  const [from, to] = [rolesByGroup(before), rolesByGroup(after)];
  return [...new Set([...from.keys(), ...to.keys()])].map((aid) => ({ aid, ...roleChange(from.get(aid), to.get(aid)) }));
}

/**
 * How two requests differ.
 * @returns {{ texts: { property: string, from?: string, to?: string }[], groups: object[], everywhere?: object }}
 *   `groups` has every account group as soon as one of them changes, because the list is replaced as a whole
 */
export function differences(before, after) {
  const texts = ["name", "email", "loginAccountGroupId"]
    .map((property) => ({ property, from: before[property] ?? undefined, to: after[property] ?? undefined }))
    .filter(({ from, to }) => from !== to);
  const groups = groupChanges(before.accountGroupRoles, after.accountGroupRoles);
  const everywhere = roleChange(before.allAccountGroupRoleIds ?? [], after.allAccountGroupRoleIds ?? []);
  return {
    texts,
    groups: groups.some(isChange) ? groups : [],
    everywhere: isChange(everywhere) ? everywhere : undefined,
  };
}

export const areEqual = (before, after) => {
  const { texts, groups, everywhere } = differences(before, after);
  return texts.length === 0 && groups.length === 0 && everywhere === undefined;
};
