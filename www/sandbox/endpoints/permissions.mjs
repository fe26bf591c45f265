import { Problem, hal } from "../problem.mjs";

function requireManagementRole({ caller, aid }) {
  if (caller.hasManagementPermissions(aid)) return;
  throw new Problem(403, "This needs a role with management permissions.");
}

function listPermissions({ store, link }) {
  return hal(200, { permissions: store.permissions, _links: link("/permissions") });
}

export const permissionRoutes = {
  "/permissions": { GET: { aid: true, authorize: requireManagementRole, handle: listPermissions } },
};
