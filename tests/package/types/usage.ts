// Code of a user of the package, right and wrong. It is compiled and not run; types.test.mjs says under which settings.
import init, {
  ApiClient,
  ApiException,
  BadRequestException,
  NotFoundException,
  RolesApi,
  ThousandEyesError,
  UsersApi,
  diffUser,
  inactiveUsers,
  planToText,
  toAccountGroupRequest,
  toCsv,
  toRoleRequest,
  toUserRequest,
  withRole,
  withoutRole,
} from "thousandeyes-admin";
import type {
  AccountGroupDetail,
  AccountGroupOptions,
  AccountGroupRequest,
  AccountGroups,
  AccountGroupsApi,
  AnyThousandEyesError,
  ApiResponse,
  ApplySummary,
  AuditUserEvents,
  Configuration,
  CreatedAccountGroup,
  CreatedUser,
  ExpandOptions,
  ExtendedUser,
  Id,
  Journal,
  Permissions,
  PermissionsApi,
  Plan,
  RateLimit,
  RateLimitReport,
  RateLimitStore,
  RequestOptions,
  RoleDetail,
  RoleGrant,
  RoleRequestBody,
  Roles,
  UserChange,
  UserDetail,
  UserEventsApi,
  UserEventsOptions,
  UserRequest,
  Users,
} from "thousandeyes-admin";
import { UsersApi as SameUsersApi } from "thousandeyes-admin/inline";
import { redisStore } from "thousandeyes-admin/redis";
import type { RedisClient } from "thousandeyes-admin/redis";
import { tabStore } from "thousandeyes-admin/tabs";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type ResultOf<Api, M extends keyof Api> = Api[M] extends (...args: never[]) => Promise<infer T> ? T : never;
type Result<M extends keyof UsersApi> = ResultOf<UsersApi, M>;
const holds = <_Claim extends true>() => {};

declare const signal: NonNullable<RequestOptions["signal"]>;

export async function right() {
  await init();
  await init("/assets/thousandeyes_admin_bg.wasm");
  await init(fetchWasm());

  const configuration: Configuration = {
    host: "/te-api/v7",
    accessToken: async () => "token",
    aid: 1234,
    timeout: 5_000,
  };
  const client = new ApiClient(configuration);
  const users: SameUsersApi = new UsersApi(client);
  new UsersApi({ accessToken: "token" });
  new UsersApi();

  const userRequest: UserRequest = {
    name: "Rosa Recht",
    email: null,
    accountGroupRoles: [{ accountGroupId: "2002", roleIds: ["33"] }],
    allAccountGroupRoleIds: [],
  };
  const created = await users.createUser(userRequest, { aid: "2002", signal });
  const detail = await users.getUser(created.uid ?? "");
  await users.updateUser(17, { ...toUserRequest(detail), name: "Rosa Neu" }, { aid: null });
  await users.createUser(toUserRequest(created), { accessToken: async ({ refresh }) => (refresh ? "new" : "old") });
  toUserRequest({ name: "Rosa Recht", allAccountGroupRoles: [] });
  await users.deleteUser("17", { timeout: 1_000, queueTimeout: 0, priority: "bulk" });
  await users.getCurrentUser({ signal });

  const list = await users.getUsers();
  for (const user of list.users) {
    holds<Equal<typeof user.name, string | undefined>>();
    holds<Equal<NonNullable<typeof user.loginAccountGroup>["aid"], string | undefined>>();
  }
  const response = await users.getUserWithHttpInfo("17");
  const rateLimit: RateLimit = response.rateLimit;

  client.close();
  client[Symbol.dispose]();
  return rateLimit.known ? rateLimit.remaining : undefined;
}

export async function rightOfOthers(client: ApiClient) {
  const roles: RolesApi = new RolesApi(client);
  const { users, accountGroups, permissions, userEvents } = client;
  const expand: ExpandOptions = { expand: ["user", "agent"] };
  const request: AccountGroupRequest = { accountGroupName: "Ops", agents: [11, "12"] };
  const created = await accountGroups.createAccountGroup(request, { ...expand, timeout: 1_000 });
  const group = await accountGroups.getAccountGroup(created.aid ?? "", { expand: ["agent"], signal });
  await accountGroups.updateAccountGroup(7, { ...toAccountGroupRequest(group), accountGroupName: "Ops 2" });
  toAccountGroupRequest({ accountGroupName: "Ops", agents: [{ agentId: "11" }] });
  await accountGroups.deleteAccountGroup("7", { timeout: 1_000 });
  const role = await roles.getRole(35, { aid: null });
  const body: RoleRequestBody = { name: "Auditor", permissions: [8, "9"] };
  await roles.createRole(body, { aid: 7 });
  await client.roles.updateRole("35", { ...toRoleRequest(role), name: "Auditor 2" });
  const kept: string[] = [...toRoleRequest(role).permissions, ...toAccountGroupRequest(group).agents];
  const options: UserEventsOptions = { useAllPermittedAids: true, startDate: new Date(0), endDate: "2026-01-31T12:00:00Z", cursor: "c" };
  const page = await userEvents.getUserEvents(options);
  const names = page.auditEvents.flatMap(({ resources = [] }) => resources.map(({ type, name }) => [type, name]));
  const { permissions: all } = await permissions.getPermissions({ aid: "7" });
  return [users.getUsers(), page._links?.next?.href, names, kept, all[0]?.isManagementPermission];
}

export async function rightOfAdministration(client: ApiClient) {
  const { admin } = client;
  const role: RoleGrant = { roleId: 33, accountGroupId: "2002" };
  const user = await client.users.getUser("17");
  const { user: after, changed } = await admin.modifyUser(17, (user) => withRole(user, role), { expect: user, allow: ["still-effective"] });
  await admin.modifyUser("17", async (user) => withoutRole(user, { roleId: "33", allAccountGroups: true }), { actor: "ada@example.com", signal });
  holds<Equal<typeof changed, boolean>>();
  const added: string[] = diffUser(user, after).added.map((grant) => ("accountGroupId" in grant ? grant.accountGroupId : grant.roleId));
  const found = await admin.findUser("ada@example.com", { aid: 7, priority: "bulk" });
  holds<Equal<typeof found, ExtendedUser | undefined>>();
  const invited = await admin.inviteUser({ email: "ada@example.com", allAccountGroupRoleIds: [33] }, { allow: ["management-everywhere"] });
  holds<Equal<typeof invited.created, boolean | "assumed">>();
  const changes: UserChange[] = [
    { kind: "invite", email: "ada@example.com", roles: [{ role: { name: "Auditor" }, accountGroup: { id: 7 } }] },
    { kind: "grant", user: { uid: 5 }, role: { id: "33" }, allAccountGroups: true },
    { kind: "revoke", user: { email: "bob@example.com" }, role: { id: "33" }, accountGroup: { name: "Ops" } },
    { kind: "update", user: { uid: "5" }, name: "Bob", loginAccountGroup: { id: 7 } },
    { kind: "remove", user: { uid: "6" } },
  ];
  const plan: Plan = await admin.plan(changes, { reason: "TICKET-1", actor: "me@example.com", onProgress: ({ done, total }) => done / total });
  let text = "";
  const journal: Journal = { read: () => text, append: (line) => void (text += line) };
  const run = admin.apply(JSON.parse(JSON.stringify(plan)), { journal, maxRemovals: 20, stopOnFailure: true });
  for await (const { status, created, blocked } of run) if (status === "blocked") return [created, blocked?.[0]?.guard === "max-removals"];
  const { complete }: ApplySummary = await run.result;
  const undo = await admin.planUndo({ read: async () => text });
  const { rows } = await admin.accessReport({ onProgress: ({ waitingUntil }) => waitingUntil });
  const csv: string = toCsv(rows.filter(({ scope }) => scope !== "unknown"));
  return [added, complete, planToText(undo), csv, inactiveUsers((await client.users.getUsers()).users, { days: 30, now: new Date(0) })];
}

export async function wrongOfAdministration(client: ApiClient) {
  const { users } = await client.users.getUsers();
  const [user = {}] = users;
  // @ts-expect-error a user of a list has no roles
  withRole(user, { roleId: 33, accountGroupId: 7 });
  // @ts-expect-error where the role holds
  withRole(await client.users.getUser(1), { roleId: 33 });
  // @ts-expect-error no such guard
  await client.admin.modifyUser(1, (user) => withRole(user, { roleId: 3, accountGroupId: 4 }), { allow: ["self-remove"] });
  // @ts-expect-error an invitation needs an address
  await client.admin.inviteUser({ name: "Ada" });
  // @ts-expect-error no such kind
  await client.admin.plan([{ kind: "delete", user: { uid: 5 } }]);
  // @ts-expect-error either of both
  await client.admin.plan([{ kind: "remove", user: { uid: 5, email: "ada@example.com" } }]);
  // @ts-expect-error guards are lifted by the call that writes
  await client.admin.plan([], { allow: ["max-removals"] });
}

export function results() {
  holds<Equal<ResultOf<AccountGroupsApi, "createAccountGroup">, CreatedAccountGroup>>();
  holds<Equal<ResultOf<AccountGroupsApi, "deleteAccountGroup">, void>>();
  holds<Equal<ResultOf<AccountGroupsApi, "getAccountGroup">, AccountGroupDetail>>();
  holds<Equal<ResultOf<AccountGroupsApi, "getAccountGroups">, AccountGroups>>();
  holds<Equal<ResultOf<AccountGroupsApi, "updateAccountGroupWithHttpInfo">, ApiResponse<AccountGroupDetail>>>();
  holds<Equal<ResultOf<RolesApi, "createRole">, RoleDetail>>();
  holds<Equal<ResultOf<RolesApi, "deleteRoleWithHttpInfo">, ApiResponse<void>>>();
  holds<Equal<ResultOf<RolesApi, "getRole">, RoleDetail>>();
  holds<Equal<ResultOf<RolesApi, "getRoles">, Roles>>();
  holds<Equal<ResultOf<RolesApi, "updateRole">, RoleDetail>>();
  holds<Equal<ResultOf<PermissionsApi, "getPermissions">, Permissions>>();
  holds<Equal<ResultOf<UserEventsApi, "getUserEvents">, AuditUserEvents>>();
  holds<Equal<ApiClient["userEvents"], UserEventsApi>>();
  holds<Equal<Result<"createUser">, CreatedUser>>();
  holds<Equal<Result<"deleteUser">, void>>();
  holds<Equal<Result<"getCurrentUser">, UserDetail>>();
  holds<Equal<Result<"getUser">, UserDetail>>();
  holds<Equal<Result<"getUsers">, Users>>();
  holds<Equal<Result<"updateUser">, UserDetail>>();
  holds<Equal<Result<"createUserWithHttpInfo">, ApiResponse<CreatedUser>>>();
  holds<Equal<Result<"deleteUserWithHttpInfo">, ApiResponse<void>>>();
  holds<Equal<Result<"getCurrentUserWithHttpInfo">, ApiResponse<UserDetail>>>();
  holds<Equal<Result<"getUserWithHttpInfo">, ApiResponse<UserDetail>>>();
  holds<Equal<Result<"getUsersWithHttpInfo">, ApiResponse<Users>>>();
  holds<Equal<Result<"updateUserWithHttpInfo">, ApiResponse<UserDetail>>>();
  holds<Equal<Id, string | number>>();
  const options: RequestOptions = {} satisfies AccountGroupOptions;
  return options;
}

export function errors(error: unknown): string {
  if (NotFoundException.is(error)) {
    holds<Equal<typeof error.code, "not-found">>();
    return String(error.status);
  }
  if (error instanceof BadRequestException) return error.fieldErrors.map(({ path, message }) => [...path, message].join()).join();
  if (error instanceof ApiException) return error.problem.detail ?? error.body;
  if (ThousandEyesError.is(error)) return error.outcome === "unknown" ? error.message : error.code;
  return JSON.stringify(new NotFoundException("gone", { status: 404 }));
}

/** As `find` or a router gives them: undefined where there is none. */
export function optional(given: { aid?: Id; host?: string; token?: string; signal?: typeof signal }) {
  new UsersApi({ host: given.host, accessToken: given.token }).getUsers({ aid: given.aid, signal: given.signal });
}

export function codes(error: AnyThousandEyesError): number | string | undefined {
  switch (error.code) {
    case "too-many-requests":
      return error.retryAt;
    case "timeout":
      return error.setting;
    case "unexpected-status":
      return error.url;
    // @ts-expect-error misspelt code
    case "not-fuond":
      return undefined;
    default:
      return error.toPublicJSON().hint;
  }
}

export async function wrongOfOthers({ accountGroups, roles, userEvents, ...client }: ApiClient) {
  const [role] = (await roles.getRoles()).roles;
  const [group] = (await accountGroups.getAccountGroups()).accountGroups;
  if (!role || !group) return;
  // @ts-expect-error a role of a list has no permissions, and the request would take them away
  toRoleRequest(role);
  // @ts-expect-error an account group of a list has no agents, and the request would take them away
  toAccountGroupRequest(group);
  // @ts-expect-error nor has one as created
  toAccountGroupRequest(await accountGroups.createAccountGroup({ accountGroupName: "Ops" }));
  // @ts-expect-error the API wants a name
  await accountGroups.updateAccountGroup("7", { agents: [] });
  // @ts-expect-error a name cannot be taken away
  await accountGroups.createAccountGroup({ accountGroupName: null });
  // @ts-expect-error there are users and agents to expand
  await accountGroups.getAccountGroup("7", { expand: ["users"] });
  // @ts-expect-error the list has nothing to expand
  await accountGroups.getAccountGroups({ expand: ["user"] });
  // @ts-expect-error a role is made of identifiers
  await roles.createRole({ permissions: [{ permissionId: "8" }] });
  // @ts-expect-error misspelt property
  await roles.updateRole("35", { permission: [] });
  // @ts-expect-error a window is a text
  await userEvents.getUserEvents({ window: 7 });
  // @ts-expect-error a moment is a Date or a text
  await userEvents.getUserEvents({ startDate: 0 });
  // @ts-expect-error a client has no other API
  client.agents;
}

export async function wrong(users: UsersApi, error: ThousandEyesError) {
  const [listed] = (await users.getUsers()).users;
  if (!listed) return;
  // @ts-expect-error a user of a list has no roles, and the request would take them away
  toUserRequest(listed);
  // @ts-expect-error nor has one of whom it is not known where it comes from
  toUserRequest(listed as typeof listed | UserDetail);
  // @ts-expect-error there are two priorities
  await users.getUsers({ priority: "low" });
  // @ts-expect-error misspelt property
  await users.createUser({ nmae: "Wanda Wrong" });
  // @ts-expect-error misspelt property, deeper
  await users.createUser({ accountGroupRoles: [{ accountGroupId: "2002", roleId: ["33"] }] });
  // @ts-expect-error the current user does not depend on an account group
  await users.getCurrentUser({ aid: "2002" });
  // @ts-expect-error an id is a string or a number
  await users.getUser(true);
  // @ts-expect-error an id is needed
  await users.deleteUser();
  // @ts-expect-error misspelt option
  await users.getUsers({ timout: 1_000 });
  // @ts-expect-error misspelt setting
  new UsersApi({ acessToken: "token" });
  // @ts-expect-error a limit is a number of milliseconds
  new UsersApi({ timeout: "5s" });
  // @ts-expect-error there is no such property
  (await users.getUser("17")).password;
  // @ts-expect-error only answers of the API have a status
  error.status;
  // @ts-expect-error an error cannot be changed
  error.code = "other";
  // @ts-expect-error memory is no matter of the user's
  users.free();
}

export function sharing(redis: RedisClient): Configuration[] {
  const own: RateLimitStore = async ({ key, limiter, priority, underWay, remaining = 0 }: RateLimitReport) =>
    priority && { granted: key !== limiter && underWay < remaining, wait: 1000, limiters: 2 };
  // @ts-expect-error a store answers whether the request may go
  const wrong: RateLimitStore = async () => ({ wait: 1000, limiters: 2 });
  const stores = [redisStore(redis), redisStore(redis, { prefix: "mine:" }), tabStore(), tabStore({ name: "mine:" }), own, wrong];
  return stores.map((rateLimitStore) => ({ rateLimitKey: 7, rateLimitStore, onRateLimit: ({ store }) => store === "lost" }));
}

declare function fetchWasm(): Promise<ArrayBuffer>;
