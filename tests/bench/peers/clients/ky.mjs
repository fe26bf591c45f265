import ky from "ky";

export function createClient({ baseUrl, token }) {
  const client = ky.create({ prefixUrl: baseUrl, headers: { authorization: `Bearer ${token}` } });
  const pathOf = (id) => `users/${encodeURIComponent(id)}`;
  return {
    createUser: (json) => client.post("users", { json }).json(),
    deleteUser: async (id) => void (await client.delete(pathOf(id))),
    getCurrentUser: () => client.get("users/current").json(),
    getUser: (id) => client.get(pathOf(id)).json(),
    getUsers: () => client.get("users").json(),
    getRoles: () => client.get("roles").json(),
    getAccountGroups: () => client.get("account-groups").json(),
    getUserEvents: () => client.get("audit-user-events").json(),
    updateUser: (id, json) => client.put(pathOf(id), { json }).json(),
  };
}
