import createOpenapiFetch from "openapi-fetch";

const unchecked = (data) => data;

/** @param {Record<string, (data: unknown) => unknown>} check what is done to each kind of answer; here nothing */
export function createClient({ baseUrl, token }, check = { user: unchecked, created: unchecked, users: unchecked }) {
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
    updateUser: async (id, body) => check.user(await dataOf(client.PUT("/users/{id}", { ...path(id), body }))),
  };
}
