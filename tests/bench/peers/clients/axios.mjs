import axios from "axios";

export function createClient({ baseUrl, token }, settings) {
  const client = axios.create({ baseURL: baseUrl, headers: { Authorization: `Bearer ${token}` }, ...settings });
  const pathOf = (id) => `/users/${encodeURIComponent(id)}`;
  const dataOf = async (call) => (await call).data;
  return {
    createUser: (request) => dataOf(client.post("/users", request)),
    deleteUser: async (id) => void (await client.delete(pathOf(id))),
    getCurrentUser: () => dataOf(client.get("/users/current")),
    getUser: (id) => dataOf(client.get(pathOf(id))),
    getUsers: () => dataOf(client.get("/users")),
    getRoles: () => dataOf(client.get("/roles")),
    getAccountGroups: () => dataOf(client.get("/account-groups")),
    getUserEvents: () => dataOf(client.get("/audit-user-events")),
    updateUser: (id, request) => dataOf(client.put(pathOf(id), request)),
  };
}
