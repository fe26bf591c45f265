// What every entry of the package exports beside init(). node.mjs has to name them once more.
export { ApiClient, UsersApi, toUserRequest } from "./thousandeyes_admin.js";
export {
  ApiException,
  ApiTypeError,
  ApiValueError,
  BadRequestException,
  ClientClosedException,
  ConnectionException,
  DecodeException,
  ForbiddenException,
  InternalError,
  NotFoundException,
  NotInitializedError,
  ServiceException,
  ThousandEyesError,
  TimeoutException,
  TooManyRequestsException,
  UnauthorizedException,
} from "./errors.js";
