// Code of a user of the package, right and wrong. It is compiled and not run; types.test.mjs says under which settings.
import init, {
  ApiClient,
  ApiException,
  BadRequestException,
  NotFoundException,
  ThousandEyesError,
  UsersApi,
  toUserRequest,
} from "thousandeyes-admin";
import type {
  AccountGroupOptions,
  AnyThousandEyesError,
  ApiResponse,
  Configuration,
  CreatedUser,
  Id,
  RateLimit,
  RequestOptions,
  UserDetail,
  UserRequest,
  Users,
} from "thousandeyes-admin";
import { UsersApi as SameUsersApi } from "thousandeyes-admin/inline";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Result<M extends keyof UsersApi> = UsersApi[M] extends (...args: never[]) => Promise<infer T> ? T : never;
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

export function results() {
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

declare function fetchWasm(): Promise<ArrayBuffer>;
