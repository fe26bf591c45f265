import init, { ApiClient } from "thousandeyes-admin";

/** As it comes: with retries, timeouts, and the limiter. */
export async function createClient({ baseUrl, token, concurrency }) {
  await init();
  const client = new ApiClient({ host: baseUrl, accessToken: token, maxConcurrency: concurrency });
  const { users, roles, accountGroups, userEvents } = client;
  return {
    createUser: (request) => users.createUser(request),
    deleteUser: (id) => users.deleteUser(id),
    getCurrentUser: () => users.getCurrentUser(),
    getUser: (id) => users.getUser(id),
    getUsers: () => users.getUsers(),
    updateUser: (id, request) => users.updateUser(id, request),
    getRoles: () => roles.getRoles(),
    getAccountGroups: () => accountGroups.getAccountGroups(),
    getUserEvents: () => userEvents.getUserEvents(),
  };
}
