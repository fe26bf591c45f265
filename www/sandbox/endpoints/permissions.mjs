import { Problem, hal } from "../problem.mjs";

export function requireManagementRole({ caller, aid }) {
  if (caller.hasManagementPermissions(aid)) return;
  throw new Problem(403, "This needs a role with management permissions.");
}

const listPermissions = ({ store, link }) =>
  hal(200, { permissions: [...store.permissions.values()], _links: link("/permissions") });

export const permissionOperations = {
  getPermissions: { authorize: requireManagementRole, handle: listPermissions },
};
