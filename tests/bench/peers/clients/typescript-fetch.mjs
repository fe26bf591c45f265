// Made by openapi-generator when the measurements start.
import { Configuration, UsersApi } from "openapi-generator-typescript-fetch";

export function createClient({ baseUrl, token }) {
  const api = new UsersApi(new Configuration({ basePath: baseUrl, accessToken: token }));
  return {
    createUser: (newUser) => api.createUser({ newUser }),
    deleteUser: (id) => api.deleteUser({ id }),
    getCurrentUser: () => api.getCurrentUser(),
    getUser: (id) => api.getUser({ id }),
    getUsers: () => api.getUsers(),
    updateUser: (id, userChanges) => api.updateUser({ id, userChanges }),
  };
}
