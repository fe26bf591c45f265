/** The least that works: one request, and the JSON of its answer. */
export function createClient({ baseUrl, token }) {
  async function ask(method, path, request) {
    const headers = { authorization: `Bearer ${token}` };
    if (request) headers["content-type"] = "application/json";
    const response = await fetch(`${baseUrl}${path}`, { method, headers, body: request && JSON.stringify(request) });
    if (!response.ok) throw new Error(`The answer is ${response.status}.`);
    return response.status === 204 ? undefined : response.json();
  }
  const pathOf = (id) => `/users/${encodeURIComponent(id)}`;
  return {
    createUser: (request) => ask("POST", "/users", request),
    deleteUser: (id) => ask("DELETE", pathOf(id)),
    getCurrentUser: () => ask("GET", "/users/current"),
    getUser: (id) => ask("GET", pathOf(id)),
    getUsers: () => ask("GET", "/users"),
    getRoles: () => ask("GET", "/roles"),
    getAccountGroups: () => ask("GET", "/account-groups"),
    getUserEvents: () => ask("GET", "/audit-user-events"),
    updateUser: (id, request) => ask("PUT", pathOf(id), request),
  };
}
