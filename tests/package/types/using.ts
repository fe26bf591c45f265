// Explicit resource management, for compilers and libraries that know it.
import { ApiClient, UsersApi } from "thousandeyes-admin";

export async function currentUser() {
  using client = new ApiClient({ accessToken: "token" });
  using users = new UsersApi(client);
  return await users.getCurrentUser();
}
