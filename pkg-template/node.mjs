// For `import` in Node: the instance and the classes that `require` gets, so `instanceof` holds between the two.
// The names are written out because bundlers cannot see through `export *` of a CommonJS file.
export {
  init as default,
  init,
  ApiClient,
  UsersApi,
  toUserRequest,
  ApiException,
  ApiTypeError,
  ApiValueError,
  BadRequestException,
  ClientClosedException,
  ConnectionException,
  DecodeException,
  ForbiddenException,
  NotFoundException,
  NotInitializedError,
  ServiceException,
  ThousandEyesError,
  TimeoutException,
  TooManyRequestsException,
  UnauthorizedException,
} from "./inline.cjs";
