// Written by tests/declared.rs from the declarations in src/endpoints.

/** Each operation: its name, method and path, and the parameters of its query. */
export const operations = [
  ["createUser", "POST", "/users", ["aid"]],
  ["deleteUser", "DELETE", "/users/{id}", ["aid"]],
  ["getCurrentUser", "GET", "/users/current", []],
  ["getUser", "GET", "/users/{id}", ["aid"]],
  ["getUsers", "GET", "/users", ["aid"]],
  ["updateUser", "PUT", "/users/{id}", ["aid"]],
  ["createAccountGroup", "POST", "/account-groups", ["expand"]],
  ["deleteAccountGroup", "DELETE", "/account-groups/{id}", []],
  ["getAccountGroup", "GET", "/account-groups/{id}", ["expand"]],
  ["getAccountGroups", "GET", "/account-groups", []],
  ["updateAccountGroup", "PUT", "/account-groups/{id}", ["expand"]],
  ["createRole", "POST", "/roles", ["aid"]],
  ["deleteRole", "DELETE", "/roles/{id}", ["aid"]],
  ["getRole", "GET", "/roles/{id}", ["aid"]],
  ["getRoles", "GET", "/roles", ["aid"]],
  ["updateRole", "PUT", "/roles/{id}", ["aid"]],
  ["getPermissions", "GET", "/permissions", ["aid"]],
  ["getUserEvents", "GET", "/audit-user-events", ["aid", "useAllPermittedAids", "window", "startDate", "endDate", "cursor"]],
];

/** What the value of a parameter is: the name of a form, or some of these words. */
export const parameters = {
  aid: "id",
  expand: ["user", "agent"],
  useAllPermittedAids: "flag",
  window: "window",
  startDate: "date",
  endDate: "date",
  cursor: "cursor",
};
