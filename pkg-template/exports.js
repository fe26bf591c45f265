// What every entry of the package exports beside init(). node.mjs has to name them once more.
import { withAdmin } from "./administration.js";
import { ApiClient as Client } from "./thousandeyes_admin.js";

export const ApiClient = /* @__PURE__ */ withAdmin(Client);
export { Admin } from "./administration.js";
export {
  AccountGroupsApi,
  PermissionsApi,
  RolesApi,
  UserEventsApi,
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
} from "./thousandeyes_admin.js";
export {
  ApiException,
  ApiTypeError,
  ApiValueError,
  BadRequestException,
  ClientClosedException,
  ConflictException,
  ConnectionException,
  DecodeException,
  ForbiddenException,
  GuardException,
  InternalError,
  NotFoundException,
  NotInitializedError,
  ServiceException,
  ThousandEyesError,
  TimeoutException,
  TooManyRequestsException,
  UnauthorizedException,
  UnexpectedResultException,
} from "./errors.js";
