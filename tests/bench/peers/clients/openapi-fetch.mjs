import createOpenapiFetch from "openapi-fetch";

const same = (data) => data;
const unchecked = { user: same, created: same, users: same, roles: same, accountGroups: same, events: same };

/** @param {Record<string, (data: unknown) => unknown>} check what is done to each kind of answer; here nothing */
export function createClient({ baseUrl, token }, check = unchecked) {
  const client = createOpenapiFetch({ baseUrl, headers: { Authorization: `Bearer ${token}` } });
  const path = (id) => ({ params: { path: { id } } });
  async function dataOf(call) {
    const { data, error } = await call;
    if (error) throw new Error("The answer is an error.", { cause: error });
    return data;
  }
  return {
    createUser: async (body) => check.created(await dataOf(client.POST("/users", { body }))),
    deleteUser: (id) => dataOf(client.DELETE("/users/{id}", path(id))),
    getCurrentUser: async () => check.user(await dataOf(client.GET("/users/current"))),
    getUser: async (id) => check.user(await dataOf(client.GET("/users/{id}", path(id)))),
    getUsers: async () => check.users(await dataOf(client.GET("/users"))),
    getRoles: async () => check.roles(await dataOf(client.GET("/roles"))),
    getAccountGroups: async () => check.accountGroups(await dataOf(client.GET("/account-groups"))),
    getUserEvents: async () => check.events(await dataOf(client.GET("/audit-user-events"))),
    updateUser: async (id, body) => check.user(await dataOf(client.PUT("/users/{id}", { ...path(id), body }))),
  };
}
