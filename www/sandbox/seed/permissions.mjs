/** The labels that the endpoints ask for, as the vendor's documentation writes them. */
export const API_ACCESS = "API Access";
export const VIEW_ALL_USERS = "View all users";
export const EDIT_USERS = "Edit users";
export const EDIT_USERS_EVERYWHERE = "Edit users in all account groups";
export const ASSIGN_MANAGEMENT = "Assign management permissions";
export const VIEW_ACCOUNT_GROUPS = "View all account groups settings";
export const EDIT_ACCOUNT_GROUPS = "Edit all account groups";
export const DELETE_ACCOUNT = "Delete account";
export const VIEW_ACTIVITY_OF_ALL = "View activity log for all users in account group";
/** The vendor names none for roles, so this is invented, as are all further ones. */
export const EDIT_ROLES = "Edit roles";

const permission = (permissionId, label, name, isManagementPermission = false) => ({
  permissionId,
  label,
  isManagementPermission,
  permission: name,
});

export const permissions = [
  permission("1", API_ACCESS, "API_ACCESS"),
  permission("2", VIEW_ALL_USERS, "USERS_VIEW"),
  permission("3", EDIT_USERS, "USERS_EDIT", true),
  permission("4", EDIT_USERS_EVERYWHERE, "USERS_EDIT_ALL_ACCOUNT_GROUPS", true),
  permission("5", ASSIGN_MANAGEMENT, "MANAGEMENT_ASSIGN", true),
  permission("6", VIEW_ACCOUNT_GROUPS, "ACCOUNT_GROUPS_VIEW"),
  permission("7", EDIT_ACCOUNT_GROUPS, "ACCOUNT_GROUPS_EDIT", true),
  permission("8", DELETE_ACCOUNT, "ACCOUNT_DELETE", true),
  permission("9", "View tests", "TESTS_VIEW"),
  permission("10", "Edit tests", "TESTS_EDIT"),
  permission("11", "View agents", "AGENTS_VIEW"),
  permission("12", "Edit agents", "AGENTS_EDIT"),
  permission("13", "View dashboards", "DASHBOARDS_VIEW"),
  permission("14", "Edit dashboards", "DASHBOARDS_EDIT"),
  permission("15", "View alert rules", "ALERT_RULES_VIEW"),
  permission("16", "Edit alert rules", "ALERT_RULES_EDIT"),
  permission("17", "View activity log", "ACTIVITY_LOG_VIEW"),
  permission("18", EDIT_ROLES, "ROLES_EDIT", true),
  permission("19", VIEW_ACTIVITY_OF_ALL, "ACTIVITY_LOG_VIEW_ALL_USERS"),
];
