/** What became of a call that failed: it was never sent, the API refused it, or nobody can tell whether it was done. */
export type Outcome = "not-sent" | "rejected" | "unknown";

/** What is wrong with one field of a request: found by this package before it was sent, or by the API. */
export interface FieldError {
  /** The way to the field from the body, such as `["accountGroupRoles", 0, "roleIds"]`; empty where no field is named. */
  path: (string | number)[];
  /** A code for what is wrong: the API's own, or `"invalid-type"` or `"invalid-value"`; missing where the API gives none. */
  code?: string;
  /** What is wrong, to be shown beside the field. */
  message: string;
}

/** The problem document (RFC 9457) of an API error; a member that the API omitted is missing. */
export interface Problem {
  /** A URI that names the kind of problem. */
  type?: string;
  /** The kind of problem in a few words. */
  title?: string;
  /** The HTTP status, as the body repeats it. */
  status?: number;
  /** What went wrong this time. */
  detail?: string;
  /** A URI that names this one occurrence. */
  instance?: string;
}

/** The codes of all errors, one for each class; `"unknown-error"` is that of an error of a later release. */
export type ErrorCode = AnyThousandEyesError["code"] | "unknown-error";

/** Every error of this package. Branch on its `code`: one that does not exist does not compile. */
export type AnyThousandEyesError =
  | BadRequestException
  | UnauthorizedException
  | ForbiddenException
  | NotFoundException
  | TooManyRequestsException
  | ServiceException
  | (ApiException & { readonly code: "unexpected-status" })
  | ConnectionException
  | TimeoutException
  | DecodeException
  | ConflictException
  | UnexpectedResultException
  | GuardException
  | ClientClosedException
  | ApiTypeError
  | ApiValueError
  | NotInitializedError
  | InternalError;

/** What `toJSON` gives: plain data for a log. The access token is never in it. */
export interface ErrorJson {
  /** The class. */
  name: string;
  /** What happened, in sentences. */
  message: string;
  /** The code of the class. */
  code: ErrorCode;
  /** What became of the call. */
  outcome: Outcome;
  /** Whether the same call, made again later, can succeed. */
  retryable: boolean;
  /** What else the class has; `cause` with name, message and code alone. */
  [property: string]: unknown;
}

/**
 * What `toPublicJSON` gives: what a page may show. It has no header and no body; `message` may name the host and repeat what
 * the API said.
 */
export interface PublicErrorJson {
  /** The class. */
  name: string;
  /** The code of the class. */
  code: ErrorCode;
  /** What became of the call. */
  outcome: Outcome;
  /** What happened, in sentences. */
  message: string;
  /** What to do about it, where there is more to say than the message says. */
  hint?: string;
  /** What is wrong with each field of a form. */
  fieldErrors?: FieldError[];
  /** When the request may be sent again, in milliseconds since the epoch. */
  retryAt?: number;
}

/**
 * The root of every error that this package rejects with, except an abort: an aborted call rejects with the reason of
 * its signal.
 *
 * Each class has a type guard, `NotFoundException.is(error)`. Unlike `instanceof` it also knows errors of another realm
 * (an iframe, a Jest sandbox) and of another copy of this package.
 */
export abstract class ThousandEyesError extends Error {
  /**
   * Handy for making one in the tests of your own code.
   *
   * @param fields the other properties
   */
  constructor(message: string, fields?: Readonly<Record<string, unknown>>);
  /** A stable word to branch on. The message may change between releases, the code does not. */
  readonly code: ErrorCode;
  /**
   * What became of the call. `"unknown"` matters for writes: what was to be created may be there or not, so look before
   * sending it again.
   */
  readonly outcome: Outcome;
  /** Whether the same call, made again later, can succeed. */
  readonly retryable: boolean;
  /** What to do about it, where there is more to say than the message says. */
  readonly hint?: string;
  /** The method that failed, such as `"getUser"`. */
  readonly operation?: string;
  /** How many requests were sent for this call, retries included. */
  readonly attempts?: number;
  /** Plain data for a log: every property but the stack; of each cause only its name, message and code. */
  toJSON(): ErrorJson;
  /** Plain data for a page: that the call failed, why, and what to do. */
  toPublicJSON(): PublicErrorJson;
  /**
   * The error that `toJSON` or `toPublicJSON` was called on, as far as the data tell: of the class by that name, with the
   * properties that are known and of the right type. Of a class that this release does not know it is a ThousandEyesError.
   */
  static fromJSON(json: unknown): ThousandEyesError;
  /** Whether a value is an error of this package. */
  static is(value: unknown): value is ThousandEyesError;
}

/** The API answered with a status other than the one expected. Its subclasses stand for the documented ones. */
export class ApiException extends ThousandEyesError {
  readonly code:
    | "bad-request"
    | "unauthorized"
    | "forbidden"
    | "not-found"
    | "too-many-requests"
    | "service-error"
    | "unexpected-status";
  /** The HTTP method of the request. */
  readonly method: "GET" | "POST" | "PUT" | "DELETE" | "PATCH";
  /** The path of the request below the host, and the names of its query; values only of `aid`. */
  readonly url: string;
  /** The HTTP status. */
  readonly status: number;
  /** The reason phrase of the status line; empty where the connection has none (HTTP/2). */
  readonly reason: string;
  /** The headers of the response, names in lower case; all but cookies. */
  readonly headers: Record<string, string>;
  /** The body of the response as text; a very long one is cut. */
  readonly body: string;
  /** The problem document, whichever of its several error formats the API used. */
  readonly problem: Problem;
  /** The single reasons, when the API gives any; else empty. */
  readonly fieldErrors: FieldError[];
  /** The state of the organisation's rate limit with this response. */
  readonly rateLimit: RateLimit;
  static is(value: unknown): value is ApiException;
}

/** 400: the API does not accept the request; `fieldErrors` says why, property by property. */
export class BadRequestException extends ApiException {
  readonly code: "bad-request";
  static is(value: unknown): value is BadRequestException;
}

/** 401: the access token is missing, wrong or expired. Repeated tries with a wrong token lock the account. */
export class UnauthorizedException extends ApiException {
  readonly code: "unauthorized";
  static is(value: unknown): value is UnauthorizedException;
}

/** 403: the owner of the access token lacks the permission. */
export class ForbiddenException extends ApiException {
  readonly code: "forbidden";
  static is(value: unknown): value is ForbiddenException;
}

/** 404: there is nothing with this id, or it is not visible from the account group. */
export class NotFoundException extends ApiException {
  readonly code: "not-found";
  static is(value: unknown): value is NotFoundException;
}

/** 429: the organisation has used up its requests; `retryAt` says when there are new ones. */
export class TooManyRequestsException extends ApiException {
  readonly code: "too-many-requests";
  /**
   * When the request may be sent again, in milliseconds since the epoch by the local clock; missing where the server named
   * no time.
   */
  readonly retryAt?: number;
  static is(value: unknown): value is TooManyRequestsException;
}

/** 5xx: the API, or a gateway before it, failed. After a write the outcome is unknown. */
export class ServiceException extends ApiException {
  readonly code: "service-error";
  /**
   * When the request may be sent again, in milliseconds since the epoch by the local clock; missing where the server named
   * no time.
   */
  readonly retryAt?: number;
  static is(value: unknown): value is ServiceException;
}

/**
 * No answer came: no network, a refused or lost connection, a CORS refusal. `cause` is what `fetch` rejected with; where that
 * shows the access token, an error that says the same without it.
 */
export class ConnectionException extends ThousandEyesError {
  readonly code: "connection-failed";
  static is(value: unknown): value is ConnectionException;
}

/** No answer came in time. */
export class TimeoutException extends ThousandEyesError {
  readonly code: "timeout";
  /** The limit that was reached, in milliseconds. */
  readonly timeout: number;
  /** The setting that says so. */
  readonly setting: "timeout" | "totalTimeout" | "queueTimeout";
  static is(value: unknown): value is TimeoutException;
}

/** The API answered with success, but with a body that is not what it documents. */
export class DecodeException extends ThousandEyesError {
  readonly code: "invalid-response";
  /** Where in the body, such as `users[3].email`. */
  readonly path: string;
  /** The HTTP status. */
  readonly statusCode: number;
  static is(value: unknown): value is DecodeException;
}

/** A user is not what a change was made for: somebody else changed it meanwhile. Nothing was written. */
export class ConflictException extends ThousandEyesError {
  readonly code: "conflict";
  /** What the change began from: `expect`, or the user as it was read first. */
  readonly base: UserDetail;
  /** What is there now. */
  readonly theirs: UserDetail;
  /** What the change would have made of `base`. */
  readonly mine: UserRequest;
  static is(value: unknown): value is ConflictException;
}

/** A user was written, but the answer has other roles than were asked for. Read the user, and see what holds. */
export class UnexpectedResultException extends ThousandEyesError {
  readonly code: "unexpected-result";
  /** The user as it was before; `null` where it was created. */
  readonly before: UserDetail | null;
  /** What was asked for. */
  readonly asked: UserRequest;
  /** What the API answered. */
  readonly got: UserDetail;
  static is(value: unknown): value is UnexpectedResultException;
}

/** What is asked for would do harm by mistake. Nothing was written. Guards are lifted by their names: `allow`. */
export class GuardException extends ThousandEyesError {
  readonly code: "guarded";
  /** Which guards object, and why. */
  readonly guards: { guard: string; message: string }[];
  static is(value: unknown): value is GuardException;
}

/** The client was closed, before the call or during it. */
export class ClientClosedException extends ThousandEyesError {
  readonly code: "client-closed";
  static is(value: unknown): value is ClientClosedException;
}

/** An argument has the wrong type. Nothing was sent. */
export class ApiTypeError extends ThousandEyesError {
  readonly code: "invalid-type";
  /** Which one, such as `userRequest.accountGroupRoles[0].roleIds`. */
  readonly path: string;
  /** The same for a form, where it is a field of the body; else empty. */
  readonly fieldErrors: FieldError[];
  static is(value: unknown): value is ApiTypeError;
}

/** An argument has the right type, but a value that cannot be. Nothing was sent. */
export class ApiValueError extends ThousandEyesError {
  readonly code: "invalid-value";
  /** Which one, such as `configuration.host`. */
  readonly path: string;
  /** The same for a form, where it is a field of the body; else empty. */
  readonly fieldErrors: FieldError[];
  static is(value: unknown): value is ApiValueError;
}

/** The WebAssembly is not there: `init()` was not awaited, or could not load it (then `cause` says why). */
export class NotInitializedError extends ThousandEyesError {
  readonly code: "not-initialized";
  static is(value: unknown): value is NotInitializedError;
}

/** The client itself failed, say for want of memory. Reload the page, or restart the process. */
export class InternalError extends ThousandEyesError {
  readonly code: "internal-error";
  static is(value: unknown): value is InternalError;
}
