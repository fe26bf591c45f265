/**
 * The error classes. They are JavaScript and not Rust because `instanceof Error`, stack traces and `cause` belong to
 * real subclasses.
 */

/** The property of a prototype that lists the names of its class and the classes above: the same in every realm. */
const BRAND = Symbol.for("thousandeyes-admin.error");

const classes = new Map();

/** Whatever a value is, it has brands or none. */
function brands(value) {
  try {
    const names = value?.[BRAND];
    return Array.isArray(names) ? names : [];
  } catch {
    return [];
  }
}

/** Gives a class its name (also after minification), its code and its type guard, and makes it known to createError. */
function define(Class, name, code) {
  const names = [...(Class.prototype[BRAND] ?? []), name];
  const hidden = (value) => ({ value, configurable: true, writable: true });
  Object.defineProperties(Class.prototype, { name: hidden(name), code: hidden(code), [BRAND]: hidden(names) });
  Object.defineProperty(Class, "is", hidden((value) => brands(value).includes(name)));
  classes.set(name, Class);
}

export class ThousandEyesError extends Error {
  constructor(message, { cause, ...fields } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, fields);
  }

  toJSON() {
    const { name, message, code, outcome, retryable, cause } = this;
    return { name, message, code, outcome, retryable, ...this, ...(cause !== undefined && { cause: summary(cause) }) };
  }

  static {
    define(this, "ThousandEyesError");
    this.prototype.outcome = "unknown";
    this.prototype.retryable = false;
  }
}

export class ApiException extends ThousandEyesError {
  static {
    define(this, "ApiException", "unexpected-status");
  }
}

export class BadRequestException extends ApiException {
  static {
    define(this, "BadRequestException", "bad-request");
  }
}

export class UnauthorizedException extends ApiException {
  static {
    define(this, "UnauthorizedException", "unauthorized");
  }
}

export class ForbiddenException extends ApiException {
  static {
    define(this, "ForbiddenException", "forbidden");
  }
}

export class NotFoundException extends ApiException {
  static {
    define(this, "NotFoundException", "not-found");
  }
}

export class TooManyRequestsException extends ApiException {
  static {
    define(this, "TooManyRequestsException", "too-many-requests");
  }
}

export class ServiceException extends ApiException {
  static {
    define(this, "ServiceException", "service-error");
  }
}

export class ConnectionException extends ThousandEyesError {
  static {
    define(this, "ConnectionException", "connection-failed");
  }
}

export class TimeoutException extends ThousandEyesError {
  static {
    define(this, "TimeoutException", "timeout");
  }
}

export class DecodeException extends ThousandEyesError {
  static {
    define(this, "DecodeException", "invalid-response");
  }
}

export class ClientClosedException extends ThousandEyesError {
  static {
    define(this, "ClientClosedException", "client-closed");
  }
}

export class ApiTypeError extends ThousandEyesError {
  static {
    define(this, "ApiTypeError", "invalid-type");
  }
}

export class ApiValueError extends ThousandEyesError {
  static {
    define(this, "ApiValueError", "invalid-value");
  }
}

export class NotInitializedError extends ThousandEyesError {
  static {
    define(this, "NotInitializedError", "not-initialized");
    this.prototype.outcome = "not-sent";
  }
}

/** Called by Rust: `json` has the own properties of the new error, `message` among them. */
export function createError(className, json, cause) {
  const { message, ...fields } = JSON.parse(json);
  const Class = classes.get(className) ?? ThousandEyesError;
  return new Class(message, { ...fields, cause });
}

/**
 * What a log needs to know of a cause, and of what lies behind that: Node says there why a connection failed. Other
 * properties could hold anything, a request with its token included.
 */
function summary(cause, depth = 4) {
  try {
    if (typeof cause !== "object" || cause === null) return String(cause);
    const plain = ["name", "message", "code"].map((key) => [key, cause[key]]);
    const known = plain.filter(([, value]) => typeof value === "string" || typeof value === "number");
    if (cause.cause !== undefined && depth > 0) known.push(["cause", summary(cause.cause, depth - 1)]);
    return Object.fromEntries(known);
  } catch {
    return "something that cannot be looked at";
  }
}
