import { Problem, hal } from "../problem.mjs";

function listRoles({ store, represent, link }) {
  return hal(200, { roles: [...store.roles.values()].map(represent.role), _links: link("/roles") });
}

function getRole({ store, params, link }) {
  const role = store.roles.get(params.id);
  if (!role) throw new Problem(404, "There is no role with this id.");
  const { name, roleId, isBuiltin, permissions } = role;
  return hal(200, { name, roleId, isBuiltin, permissions, _links: link(`/roles/${roleId}`) });
}

export const roleRoutes = {
  "/roles": { GET: { aid: true, handle: listRoles } },
  "/roles/{id}": { GET: { aid: true, handle: getRole } },
};
