// Made by openapi-generator when the measurements start.
import { AccountGroupsApi, Configuration, RolesApi, UserEventsApi, UsersApi } from "openapi-generator-typescript-fetch";

export function createClient({ baseUrl, token }) {
  const configuration = new Configuration({ basePath: baseUrl, accessToken: token });
  const [api, roles, accountGroups, userEvents] = [UsersApi, RolesApi, AccountGroupsApi, UserEventsApi].map(
    (Api) => new Api(configuration),
  );
  return {
    createUser: (newUser) => api.createUser({ newUser }),
    deleteUser: (id) => api.deleteUser({ id }),
    getCurrentUser: () => api.getCurrentUser(),
    getUser: (id) => api.getUser({ id }),
    getUsers: () => api.getUsers(),
    updateUser: (id, userChanges) => api.updateUser({ id, userChanges }),
    getRoles: () => roles.getRoles(),
    getAccountGroups: () => accountGroups.getAccountGroups(),
    getUserEvents: () => userEvents.getUserEvents(),
  };
}
