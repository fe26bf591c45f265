// Written by tests/declared.rs from the declarations in src/models and src/endpoints.

/** What a call may be told that knows account groups. */
export interface AccountGroupOptions extends RequestOptions {
  /** Account group of the call; `null` for none in spite of the client's. */
  aid?: Id | null | undefined;
}

/** What a call may be told that gives one account group. */
export interface ExpandOptions extends RequestOptions {
  /** What the answer shall hold beside the account group itself: its users, its Enterprise Agents. Default: neither. */
  expand?: ("user" | "agent")[] | undefined;
}

/** What a call may be told that reads the activity log. */
export interface UserEventsOptions extends RequestOptions {
  /** Account group of the call; `null` for none in spite of the client's. */
  aid?: Id | null | undefined;
  /**
   * Whether the events of all account groups are wanted that the token's owner can see. Default false. Needs View
   * activity log for all users in account group.
   */
  useAllPermittedAids?: boolean | undefined;
  /**
   * How far to look back from now: a number and a unit (`s`, `m`, `h`, `d` or `w`; seconds if there is none), such as
   * `"7d"`. Not beside `startDate` and `endDate`.
   */
  window?: string | undefined;
  /** The first moment that is wanted: a Date, or ISO 8601 in UTC such as `"2026-01-31T12:00:00Z"`. */
  startDate?: string | Date | undefined;
  /** The last moment that is wanted, likewise. Default: now. */
  endDate?: string | Date | undefined;
  /** Where to go on, as the API said in `_links.next` of the page before. `userEvents` does that by itself. */
  cursor?: string | undefined;
}

/** An account group: a part of the organisation. */
export interface AccountGroup {
  /** Identifier; the `aid` of other calls. */
  aid?: string;
  /** Display name. */
  accountGroupName?: string;
}

/** A named set of permissions. */
export interface Role {
  /** Display name, such as `Regular User`. */
  name?: string;
  /** Identifier. */
  roleId?: string;
  /** Whether the vendor made the role; such a role cannot be changed. */
  isBuiltin?: boolean;
  /** Whether the role holds permissions that manage the organisation or other users. */
  hasManagementPermissions?: boolean;
}

/** The roles that a user has in one account group. */
export interface AccountGroupRole {
  /** The account group. */
  accountGroup?: AccountGroup;
  /** The user's roles in it. */
  roles?: Role[];
}

/** A HAL link. */
export interface Link {
  /** The address; absolute, on the vendor's host. */
  href: string;
  /** Whether `href` is a URI template. */
  templated?: boolean;
  /** Media type to expect behind the link. */
  type?: string;
  /** Address that tells of the link's deprecation. */
  deprecation?: string;
  /** A second key for choosing between links of one relation. */
  name?: string;
  /** Address of a profile of the target. */
  profile?: string;
  /** Human-readable label. */
  title?: string;
  /** Language of the target. */
  hreflang?: string;
}

/** The links of an object: where it can be read again. */
export interface SelfLinks {
  /** The object itself. */
  self?: Link;
}

/** A user as created: no last login yet. */
export interface CreatedUser {
  /** Display name. */
  name?: string;
  /** E-mail address, with which the user logs in. */
  email?: string;
  /** Identifier. */
  uid?: string;
  /** When the user was registered, ISO 8601 in UTC. */
  dateRegistered?: string;
  /** The account group that the user lands in after logging in. */
  loginAccountGroup?: AccountGroup;
  /** Roles per account group. */
  accountGroupRoles?: AccountGroupRole[];
  /** Roles that the user has in all account groups, future ones too. */
  allAccountGroupRoles?: Role[];
  /** Where the user can be read again. */
  _links?: SelfLinks;
}

/** One user with roles. */
export interface UserDetail {
  /** Display name. */
  name?: string;
  /** E-mail address, with which the user logs in. */
  email?: string;
  /** Identifier. */
  uid?: string;
  /** When the user was registered, ISO 8601 in UTC. */
  dateRegistered?: string;
  /** The account group that the user lands in after logging in. */
  loginAccountGroup?: AccountGroup;
  /** Roles per account group. */
  accountGroupRoles?: AccountGroupRole[];
  /** Roles that the user has in all account groups, future ones too. */
  allAccountGroupRoles?: Role[];
  /** Where the user can be read again. */
  _links?: SelfLinks;
  /** Last login, ISO 8601 in UTC. Missing where the user never logged in (assumed). */
  lastLogin?: string;
}

/** A user in a list: without roles. */
export interface ExtendedUser {
  /** Display name. */
  name?: string;
  /** E-mail address, with which the user logs in. */
  email?: string;
  /** Identifier. */
  uid?: string;
  /** When the user was registered, ISO 8601 in UTC. */
  dateRegistered?: string;
  /** The account group that the user lands in after logging in. */
  loginAccountGroup?: AccountGroup;
  /** Last login, ISO 8601 in UTC. Missing where the user never logged in (assumed). */
  lastLogin?: string;
}

/** The users of the organisation; the API does not page this list. */
export interface Users {
  /** The users, without roles. */
  users: ExtendedUser[];
  /** Where the list can be read again. */
  _links?: SelfLinks;
}

/**
 * A user as a member of an account group. The list of roles does not tell those in this account group from those in all
 * account groups.
 */
export interface UserAccountGroup {
  /** Display name. */
  name?: string;
  /** E-mail address, with which the user logs in. */
  email?: string;
  /** Identifier. */
  uid?: string;
  /** When the user was registered, ISO 8601 in UTC. */
  dateRegistered?: string;
  /** Last login, ISO 8601 in UTC. Missing where the user never logged in (assumed). */
  lastLogin?: string;
  /** Roles in this account group and in all account groups together. */
  roles?: Role[];
}

/** An account group as created. */
export interface CreatedAccountGroup {
  /** Identifier; the `aid` of other calls. */
  aid?: string;
  /** Display name. */
  accountGroupName?: string;
  /** Whether it is the account group of this call. */
  isCurrentAccountGroup?: boolean;
  /** Whether the token's owner lands in it after logging in. */
  isDefaultAccountGroup?: boolean;
  /** Name of the organisation that it belongs to. */
  organizationName?: string;
  /** Identifier of that organisation. */
  orgId?: string;
  /** Its members; missing unless `expand` holds `user`. */
  users?: UserAccountGroup[];
  /** Where the account group can be read again. */
  _links?: SelfLinks;
}

/** An Enterprise Agent. What else the API tells of it comes through as it is. */
export interface EnterpriseAgent {
  /** Identifier. */
  agentId?: string;
  /** Display name. */
  agentName?: string;
  /** Type of the agent, such as `enterprise` or `enterprise-cluster`. */
  agentType?: string;
  /** Where it stands, in words. */
  location?: string;
  /** Its country, two letters (ISO 3166). */
  countryId?: string;
  /** Whether it is enabled. */
  enabled?: boolean;
  /** The network of its public address. */
  network?: string;
  /** The prefix of its public address. */
  prefix?: string;
  /** Whether it refuses servers whose certificates are wrong. */
  verifySslCertificates?: boolean;
  /** State, such as `online`, `offline` or `disabled`. */
  agentState?: string;
  /** Name of the host that it runs on. */
  hostname?: string;
  /** When it was last seen, ISO 8601 in UTC. */
  lastSeen?: string;
  /** When it was created, ISO 8601 in UTC. */
  createdDate?: string;
}

/** One account group. */
export interface AccountGroupDetail {
  /** Identifier; the `aid` of other calls. */
  aid?: string;
  /** Display name. */
  accountGroupName?: string;
  /** Whether it is the account group of this call. */
  isCurrentAccountGroup?: boolean;
  /** Whether the token's owner lands in it after logging in. */
  isDefaultAccountGroup?: boolean;
  /** Name of the organisation that it belongs to. */
  organizationName?: string;
  /** Identifier of that organisation. */
  orgId?: string;
  /** Its members; missing unless `expand` holds `user`. */
  users?: UserAccountGroup[];
  /** Where the account group can be read again. */
  _links?: SelfLinks;
  /** The Enterprise Agents that belong to it; missing unless `expand` holds `agent`. */
  agents?: EnterpriseAgent[];
  /** What an Enterprise Agent is bound to the account group with; no password. */
  accountToken?: string;
}

/** An account group in a list. */
export interface AccountGroupInfo {
  /** Identifier; the `aid` of other calls. */
  aid?: string;
  /** Display name. */
  accountGroupName?: string;
  /** Whether it is the account group of this call. */
  isCurrentAccountGroup?: boolean;
  /** Whether the token's owner lands in it after logging in. */
  isDefaultAccountGroup?: boolean;
  /** Name of the organisation that it belongs to. */
  organizationName?: string;
  /** Identifier of that organisation. */
  orgId?: string;
}

/** The account groups that the token's owner can see. */
export interface AccountGroups {
  /** The account groups. */
  accountGroups: AccountGroupInfo[];
  /** Where the list can be read again. */
  _links?: SelfLinks;
}

/** A permission. */
export interface Permission {
  /** What it is called where people read it, such as `View all users`. */
  label?: string;
  /** Identifier. */
  permissionId?: string;
  /** Whether it manages the organisation or other users. */
  isManagementPermission?: boolean;
  /** What it is called where programs read it. */
  permission?: string;
}

/** One role with its permissions. */
export interface RoleDetail {
  /** Display name, such as `Regular User`. */
  name?: string;
  /** Identifier. */
  roleId?: string;
  /** Whether the vendor made the role; such a role cannot be changed. */
  isBuiltin?: boolean;
  /** The permissions that it holds. */
  permissions?: Permission[];
  /** Where the role can be read again. */
  _links?: SelfLinks;
}

/** The roles of the organisation. */
export interface Roles {
  /** The roles, without their permissions. */
  roles: Role[];
  /** Where the list can be read again. */
  _links?: SelfLinks;
}

/** The permissions that a role may hold. */
export interface Permissions {
  /** The permissions. */
  permissions: Permission[];
  /** Where the list can be read again. */
  _links?: SelfLinks;
}

/** What an event happened to. */
export interface Resource {
  /** What the name is of, such as `userDisplayName`. */
  type?: string;
  /** Its name. */
  name?: string;
}

/** Something that a user did. It has no identifier: two equal events are two events. */
export interface UserEvent {
  /** The account group that it happened in. */
  aid?: string;
  /** Display name of that account group. */
  accountGroupName?: string;
  /** When it happened, ISO 8601 in UTC. */
  date?: string;
  /** What happened, in words. */
  event?: string;
  /** The address that the user came from. */
  ipAddress?: string;
  /** Identifier of the user. */
  uid?: string;
  /** Name and e-mail address of the user, such as `Ada Example (ada@example.com)`. */
  user?: string;
  /** What it happened to. */
  resources?: Resource[];
}

/** The links of a page. */
export interface PaginationLinks {
  /** The object itself. */
  self?: Link;
  /** The next page; missing on the last one. */
  next?: Link;
  /** The page before; missing on the first one. */
  previous?: Link;
}

/** A page of the activity log. */
export interface AuditUserEvents {
  /** The events. The API documents no order. */
  auditEvents: UserEvent[];
  /** Where the time that was asked for begins, ISO 8601 in UTC. */
  startDate?: string;
  /** Where it ends, ISO 8601 in UTC. */
  endDate?: string;
  /** The next page and others. */
  _links?: PaginationLinks;
}

/** The roles that a user shall have in one account group. */
export interface UserAccountGroupRole {
  /** The account group. */
  accountGroupId: Id;
  /** The roles in it. */
  roleIds: Id[];
}

/**
 * What is sent to create or change a user. A property that is omitted (or undefined) is not sent; `null` and `[]` are
 * sent as they are.
 */
export interface UserRequest {
  /** Display name. */
  name?: string | null | undefined;
  /**
   * E-mail address, with which the user logs in. After a change the user must confirm before logging in or using the
   * API.
   */
  email?: string | null | undefined;
  /** The account group that the user lands in after logging in. */
  loginAccountGroupId?: Id | null | undefined;
  /** Roles per account group. This list **replaces** all that the user has. */
  accountGroupRoles?: UserAccountGroupRole[] | null | undefined;
  /** Roles in all account groups, future ones too. */
  allAccountGroupRoleIds?: Id[] | null | undefined;
}

/** What is sent to create or change an account group. A property that is omitted (or undefined) is not sent. */
export interface AccountGroupRequest {
  /** Display name. */
  accountGroupName: string;
  /** The Enterprise Agents that shall belong to it. This list **replaces** all that it has. */
  agents?: Id[] | null | undefined;
}

/**
 * What is sent to create or change a role. A property that is omitted (or undefined) is not sent; `null` and `[]` are
 * sent as they are.
 */
export interface RoleRequestBody {
  /** Display name. */
  name?: string | null | undefined;
  /** The identifiers of the permissions that it shall hold. This list **replaces** all that it has. */
  permissions?: Id[] | null | undefined;
}

/**
 * Creates, reads, changes and deletes users. A method rejects with an {@link AnyThousandEyesError}, or with the reason
 * of its `signal`; it never throws.
 */
export class UsersApi {
  /** Takes an ApiClient, or the configuration of one; throws an ApiTypeError or ApiValueError if that is wrong. */
  constructor(client?: ApiClient | Configuration);
  /**
   * Creates a user. Sent again only after a 429, or where the request provably never left.
   *
   * `POST /users`.
   */
  createUser(userRequest: UserRequest, options?: AccountGroupOptions): Promise<CreatedUser>;
  /** Like `createUser`, with status, headers and rate limit. */
  createUserWithHttpInfo(userRequest: UserRequest, options?: AccountGroupOptions): Promise<ApiResponse<CreatedUser>>;
  /**
   * Deletes a user. No guard looks at it: `client.admin` has such.
   *
   * `DELETE /users/{id}`. Needs Edit users in all account groups, or Edit users.
   */
  deleteUser(id: Id, options?: AccountGroupOptions): Promise<void>;
  /** Like `deleteUser`, with status, headers and rate limit. */
  deleteUserWithHttpInfo(id: Id, options?: AccountGroupOptions): Promise<ApiResponse<void>>;
  /**
   * Reads the owner of the token, with roles.
   *
   * `GET /users/current`.
   */
  getCurrentUser(options?: RequestOptions): Promise<UserDetail>;
  /** Like `getCurrentUser`, with status, headers and rate limit. */
  getCurrentUserWithHttpInfo(options?: RequestOptions): Promise<ApiResponse<UserDetail>>;
  /**
   * Reads a user with roles.
   *
   * `GET /users/{id}`. Needs API Access and View all users.
   */
  getUser(id: Id, options?: AccountGroupOptions): Promise<UserDetail>;
  /** Like `getUser`, with status, headers and rate limit. */
  getUserWithHttpInfo(id: Id, options?: AccountGroupOptions): Promise<ApiResponse<UserDetail>>;
  /**
   * Lists the users of the organisation that the account group belongs to, without roles.
   *
   * `GET /users`. Needs API Access and View all users.
   */
  getUsers(options?: AccountGroupOptions): Promise<Users>;
  /** Like `getUsers`, with status, headers and rate limit. */
  getUsersWithHttpInfo(options?: AccountGroupOptions): Promise<ApiResponse<Users>>;
  /**
   * Changes a user. A list of `accountGroupRoles` **replaces** all that the user has, and no guard looks at it:
   * `client.admin.modifyUser` merges, and has guards.
   *
   * `PUT /users/{id}`. Needs Edit users in all account groups, or Edit users.
   */
  updateUser(id: Id, userRequest: UserRequest, options?: AccountGroupOptions): Promise<UserDetail>;
  /** Like `updateUser`, with status, headers and rate limit. */
  updateUserWithHttpInfo(id: Id, userRequest: UserRequest, options?: AccountGroupOptions): Promise<ApiResponse<UserDetail>>;
  /** Closes the client that this API made for itself; one that was handed over stays open. `using` calls it. */
  close(): void;
  [Symbol.dispose](): void;
}

/**
 * Creates, reads, changes and deletes account groups. A method rejects with an {@link AnyThousandEyesError}, or with
 * the reason of its `signal`; it never throws.
 */
export class AccountGroupsApi {
  /** Takes an ApiClient, or the configuration of one; throws an ApiTypeError or ApiValueError if that is wrong. */
  constructor(client?: ApiClient | Configuration);
  /**
   * Creates an account group. Everyone who has roles in all account groups has access to it at once. Sent again only
   * after a 429, or where the request provably never left.
   *
   * `POST /account-groups`. Needs Edit all account groups.
   */
  createAccountGroup(accountGroupRequest: AccountGroupRequest, options?: ExpandOptions): Promise<CreatedAccountGroup>;
  /** Like `createAccountGroup`, with status, headers and rate limit. */
  createAccountGroupWithHttpInfo(accountGroupRequest: AccountGroupRequest, options?: ExpandOptions): Promise<ApiResponse<CreatedAccountGroup>>;
  /**
   * Deletes an account group.
   *
   * `DELETE /account-groups/{id}`. Needs Assign management permissions, Delete account and Edit all account groups.
   */
  deleteAccountGroup(id: Id, options?: RequestOptions): Promise<void>;
  /** Like `deleteAccountGroup`, with status, headers and rate limit. */
  deleteAccountGroupWithHttpInfo(id: Id, options?: RequestOptions): Promise<ApiResponse<void>>;
  /**
   * Reads an account group.
   *
   * `GET /account-groups/{id}`. Needs View all account groups settings.
   */
  getAccountGroup(id: Id, options?: ExpandOptions): Promise<AccountGroupDetail>;
  /** Like `getAccountGroup`, with status, headers and rate limit. */
  getAccountGroupWithHttpInfo(id: Id, options?: ExpandOptions): Promise<ApiResponse<AccountGroupDetail>>;
  /**
   * Lists the account groups that the token's owner can see.
   *
   * `GET /account-groups`.
   */
  getAccountGroups(options?: RequestOptions): Promise<AccountGroups>;
  /** Like `getAccountGroups`, with status, headers and rate limit. */
  getAccountGroupsWithHttpInfo(options?: RequestOptions): Promise<ApiResponse<AccountGroups>>;
  /**
   * Changes an account group. A list of `agents` **replaces** all that it has.
   *
   * `PUT /account-groups/{id}`.
   */
  updateAccountGroup(id: Id, accountGroupRequest: AccountGroupRequest, options?: ExpandOptions): Promise<AccountGroupDetail>;
  /** Like `updateAccountGroup`, with status, headers and rate limit. */
  updateAccountGroupWithHttpInfo(id: Id, accountGroupRequest: AccountGroupRequest, options?: ExpandOptions): Promise<ApiResponse<AccountGroupDetail>>;
  /** Closes the client that this API made for itself; one that was handed over stays open. `using` calls it. */
  close(): void;
  [Symbol.dispose](): void;
}

/**
 * Creates, reads, changes and deletes roles. A method rejects with an {@link AnyThousandEyesError}, or with the reason
 * of its `signal`; it never throws.
 */
export class RolesApi {
  /** Takes an ApiClient, or the configuration of one; throws an ApiTypeError or ApiValueError if that is wrong. */
  constructor(client?: ApiClient | Configuration);
  /**
   * Creates a role. Sent again only after a 429, or where the request provably never left.
   *
   * `POST /roles`.
   */
  createRole(roleRequestBody: RoleRequestBody, options?: AccountGroupOptions): Promise<RoleDetail>;
  /** Like `createRole`, with status, headers and rate limit. */
  createRoleWithHttpInfo(roleRequestBody: RoleRequestBody, options?: AccountGroupOptions): Promise<ApiResponse<RoleDetail>>;
  /**
   * Deletes a role that the vendor did not make.
   *
   * `DELETE /roles/{id}`.
   */
  deleteRole(id: Id, options?: AccountGroupOptions): Promise<void>;
  /** Like `deleteRole`, with status, headers and rate limit. */
  deleteRoleWithHttpInfo(id: Id, options?: AccountGroupOptions): Promise<ApiResponse<void>>;
  /**
   * Reads a role with its permissions.
   *
   * `GET /roles/{id}`.
   */
  getRole(id: Id, options?: AccountGroupOptions): Promise<RoleDetail>;
  /** Like `getRole`, with status, headers and rate limit. */
  getRoleWithHttpInfo(id: Id, options?: AccountGroupOptions): Promise<ApiResponse<RoleDetail>>;
  /**
   * Lists the roles of the organisation, without their permissions.
   *
   * `GET /roles`.
   */
  getRoles(options?: AccountGroupOptions): Promise<Roles>;
  /** Like `getRoles`, with status, headers and rate limit. */
  getRolesWithHttpInfo(options?: AccountGroupOptions): Promise<ApiResponse<Roles>>;
  /**
   * Changes a role that the vendor did not make. A list of `permissions` **replaces** all that it holds.
   *
   * `PUT /roles/{id}`.
   */
  updateRole(id: Id, roleRequestBody: RoleRequestBody, options?: AccountGroupOptions): Promise<RoleDetail>;
  /** Like `updateRole`, with status, headers and rate limit. */
  updateRoleWithHttpInfo(id: Id, roleRequestBody: RoleRequestBody, options?: AccountGroupOptions): Promise<ApiResponse<RoleDetail>>;
  /** Closes the client that this API made for itself; one that was handed over stays open. `using` calls it. */
  close(): void;
  [Symbol.dispose](): void;
}

/**
 * Reads the permissions that roles are made of. A method rejects with an {@link AnyThousandEyesError}, or with the
 * reason of its `signal`; it never throws.
 */
export class PermissionsApi {
  /** Takes an ApiClient, or the configuration of one; throws an ApiTypeError or ApiValueError if that is wrong. */
  constructor(client?: ApiClient | Configuration);
  /**
   * Lists the permissions that a role may hold.
   *
   * `GET /permissions`. Needs a role with management permissions.
   */
  getPermissions(options?: AccountGroupOptions): Promise<Permissions>;
  /** Like `getPermissions`, with status, headers and rate limit. */
  getPermissionsWithHttpInfo(options?: AccountGroupOptions): Promise<ApiResponse<Permissions>>;
  /** Closes the client that this API made for itself; one that was handed over stays open. `using` calls it. */
  close(): void;
  [Symbol.dispose](): void;
}

/**
 * Reads the activity log: what users did. A method rejects with an {@link AnyThousandEyesError}, or with the reason of
 * its `signal`; it never throws.
 */
export class UserEventsApi {
  /** Takes an ApiClient, or the configuration of one; throws an ApiTypeError or ApiValueError if that is wrong. */
  constructor(client?: ApiClient | Configuration);
  /**
   * Reads one page of the activity log; `userEvents` gives the events of all pages.
   *
   * `GET /audit-user-events`.
   */
  getUserEvents(options?: UserEventsOptions): Promise<AuditUserEvents>;
  /** Like `getUserEvents`, with status, headers and rate limit. */
  getUserEventsWithHttpInfo(options?: UserEventsOptions): Promise<ApiResponse<AuditUserEvents>>;
  /** Closes the client that this API made for itself; one that was handed over stays open. `using` calls it. */
  close(): void;
  [Symbol.dispose](): void;
}

export interface ApiClient {
  /** Creates, reads, changes and deletes users. */
  readonly users: UsersApi;
  /** Creates, reads, changes and deletes account groups. */
  readonly accountGroups: AccountGroupsApi;
  /** Creates, reads, changes and deletes roles. */
  readonly roles: RolesApi;
  /** Reads the permissions that roles are made of. */
  readonly permissions: PermissionsApi;
  /** Reads the activity log: what users did. */
  readonly userEvents: UserEventsApi;
}
