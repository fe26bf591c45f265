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
  await users.deleteUser("17", { timeout: 1_000 });
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
  if (error instanceof BadRequestException) return error.fieldErrors.map(({ field }) => field ?? "").join();
  if (error instanceof ApiException) return error.problem.detail ?? error.body;
  if (ThousandEyesError.is(error)) return error.outcome === "unknown" ? error.message : error.code;
  return JSON.stringify(new NotFoundException("gone", { status: 404 }));
}

export async function wrong(users: UsersApi, error: ThousandEyesError) {
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
  // @ts-expect-error the root class is for catching
  new ThousandEyesError("message");
  // @ts-expect-error memory is no matter of the user's
  users.free();
}

declare function fetchWasm(): Promise<ArrayBuffer>;
