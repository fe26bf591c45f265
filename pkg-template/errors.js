/**
 * The error classes. They are JavaScript and not Rust because `instanceof Error`, stack traces and `cause` belong to
 * real subclasses.
 */

/** The property of a prototype that lists the names of its class and the classes above: the same in every realm. */
const BRAND = Symbol.for("thousandeyes-admin.error");

/** The property of a prototype that has what an error of its class has at least. */
const DEFAULTS = Symbol("defaults");

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

const hidden = (value) => ({ value, configurable: true, writable: true });

/**
 * Gives a class its name (also after minification), its type guard, and what an error has of which nothing else is said:
 * one that is made by hand is whole, too.
 */
function define(Class, name, defaults) {
  const above = Object.getPrototypeOf(Class.prototype);
  const names = [...(above[BRAND] ?? []), name];
  Object.defineProperties(Class.prototype, {
    name: hidden(name),
    [BRAND]: hidden(names),
    // As text, so that no two errors share an object.
    [DEFAULTS]: hidden(JSON.stringify({ ...JSON.parse(above[DEFAULTS] ?? "{}"), ...defaults })),
  });
  Object.defineProperty(Class, "is", hidden((value) => brands(value).includes(name)));
  classes.set(name, Class);
}

export class ThousandEyesError extends Error {
  constructor(message, { cause, ...fields } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    const defaults = JSON.parse(this[DEFAULTS]);
    // What a class is for is not for its maker to say.
    Object.assign(this, defaults, fields, { code: defaults.code });
  }

  /** Plain data for a log. */
  toJSON() {
    const { name, message, cause } = this;
    return { name, message, ...this, ...(cause !== undefined && { cause: summary(cause) }) };
  }

  /** Plain data for a page: nothing of the request, the answer or the host. */
  toPublicJSON() {
    const { name, message, code, outcome, hint, fieldErrors, retryAt } = this;
    const whole = { name, code, outcome, message, hint, fieldErrors, retryAt };
    return Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined));
  }

  /** The error that `toJSON` or `toPublicJSON` was called on, as far as the data tell. */
  static fromJSON(json) {
    const { message = "", ...fields } = readFields(json) ?? {};
    return new (classes.get(own(json, "name")) ?? ThousandEyesError)(message, fields);
  }

  static {
    define(this, "ThousandEyesError", { code: "unknown-error", outcome: "unknown", retryable: false });
  }
}

export class ApiException extends ThousandEyesError {
  static {
    const request = { method: "GET", url: "" };
    const answer = { status: 0, reason: "", headers: {}, body: "", rateLimit: { known: false } };
    const said = { problem: {}, fieldErrors: [] };
    define(this, "ApiException", { code: "unexpected-status", outcome: "rejected", ...request, ...answer, ...said });
  }
}

export class BadRequestException extends ApiException {
  static {
    define(this, "BadRequestException", { code: "bad-request", status: 400 });
  }
}

export class UnauthorizedException extends ApiException {
  static {
    define(this, "UnauthorizedException", { code: "unauthorized", status: 401 });
  }
}

export class ForbiddenException extends ApiException {
  static {
    define(this, "ForbiddenException", { code: "forbidden", status: 403 });
  }
}

export class NotFoundException extends ApiException {
  static {
    define(this, "NotFoundException", { code: "not-found", status: 404 });
  }
}

export class TooManyRequestsException extends ApiException {
  static {
    define(this, "TooManyRequestsException", { code: "too-many-requests", status: 429, retryable: true });
  }
}

export class ServiceException extends ApiException {
  static {
    define(this, "ServiceException", { code: "service-error", status: 500, outcome: "unknown" });
  }
}

export class ConnectionException extends ThousandEyesError {
  static {
    define(this, "ConnectionException", { code: "connection-failed" });
  }
}

export class TimeoutException extends ThousandEyesError {
  static {
    define(this, "TimeoutException", { code: "timeout", timeout: 0, setting: "timeout" });
  }
}

export class DecodeException extends ThousandEyesError {
  static {
    define(this, "DecodeException", { code: "invalid-response", path: "", statusCode: 200 });
  }
}

export class ConflictException extends ThousandEyesError {
  static {
    define(this, "ConflictException", { code: "conflict", outcome: "not-sent", base: {}, theirs: {}, mine: {} });
  }
}

export class UnexpectedResultException extends ThousandEyesError {
  static {
    define(this, "UnexpectedResultException", { code: "unexpected-result", before: null, asked: {}, got: {} });
  }
}

export class GuardException extends ThousandEyesError {
  static {
    define(this, "GuardException", { code: "guarded", outcome: "not-sent", guards: [] });
  }
}

export class ClientClosedException extends ThousandEyesError {
  static {
    define(this, "ClientClosedException", { code: "client-closed" });
  }
}

export class ApiTypeError extends ThousandEyesError {
  static {
    define(this, "ApiTypeError", { code: "invalid-type", outcome: "not-sent", path: "", fieldErrors: [] });
  }
}

export class ApiValueError extends ThousandEyesError {
  static {
    define(this, "ApiValueError", { code: "invalid-value", outcome: "not-sent", path: "", fieldErrors: [] });
  }
}

export class NotInitializedError extends ThousandEyesError {
  static {
    define(this, "NotInitializedError", { code: "not-initialized", outcome: "not-sent" });
  }
}

export class InternalError extends ThousandEyesError {
  static {
    define(this, "InternalError", { code: "internal-error" });
  }
}

/**
 * Called by Rust: `fields` are the properties of the new error, `message` among them; `origin` was made where the call was
 * made, if that is over already.
 */
export function createError(className, { message, ...fields }, cause, origin) {
  const error = new (classes.get(className) ?? ThousandEyesError)(message, { ...fields, cause });
  if (origin) Object.defineProperty(error, "stack", hidden(stackFrom(origin.stack, `${error}`)));
  return error;
}

/** Has the stack of the call that is about to begin. */
let noted;

/**
 * For the glue, before a call enters the WebAssembly: V8 captures those frames more slowly than all others together.
 * `glue` is the function that asks, and the stack begins below it.
 */
export function noteCaller(glue) {
  // Older browsers cannot leave frames out.
  if (Error.captureStackTrace) Error.captureStackTrace((noted = {}), glue);
}

/** Has the stack that an error of the call is given, down to the line that made the call. */
export function callersLine() {
  const origin = noted ?? beyondWebAssembly();
  noted = undefined;
  return origin;
}

/** An Error from inside the WebAssembly whose stack reaches out of it. */
function beyondWebAssembly() {
  const { stackTraceLimit } = Error;
  // Unlike an assignment, this does not throw where Error is frozen.
  const limit = (frames) => stackTraceLimit > 0 && Reflect.set(Error, "stackTraceLimit", frames);
  limit(stackTraceLimit + 10);
  const error = new Error();
  limit(stackTraceLimit);
  return error;
}

/** The stack without what lies inside this package. V8 begins a stack with the error itself, others do not. */
function stackFrom(origin, title) {
  const lines = origin.split("\n");
  const isV8 = /^ +at /.test(lines.at(-1));
  const last = lines.findLastIndex((line) => /wasm:\/\/|wasm-function|\[wasm code\]/.test(line));
  return [...(isV8 ? [title] : []), ...lines.slice(Math.max(last + 1, isV8 ? 1 : 0))].join("\n");
}

// What `fromJSON` takes: known properties, each of its own type.

const text = (value) => (typeof value === "string" ? value : undefined);
const number = (value) => (Number.isFinite(value) ? value : undefined);
const flag = (value) => (typeof value === "boolean" ? value : undefined);
const word = (...words) => (value) => (words.includes(value) ? value : undefined);
const isObject = (value) => typeof value === "object" && value !== null;
const object = (value) => (isObject(value) ? value : undefined);
const own = (value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined);
const list = (read) => (value) =>
  Array.isArray(value) ? value.map(read).filter((item) => item !== undefined) : undefined;

function record(readers) {
  return (value) => {
    if (!isObject(value)) return undefined;
    const known = Object.entries(readers).map(([name, read]) => [name, read(own(value, name))]);
    return Object.fromEntries(known.filter(([, item]) => item !== undefined));
  };
}

function headers(value) {
  if (!isObject(value)) return undefined;
  return Object.fromEntries(Object.entries(value).filter(([name, item]) => name !== "__proto__" && text(item) !== undefined));
}

const readFields = record({
  message: text,
  outcome: word("not-sent", "rejected", "unknown"),
  retryable: flag,
  hint: text,
  operation: text,
  attempts: number,
  path: text,
  fieldErrors: list(record({ path: list((step) => text(step) ?? number(step)), code: text, message: text })),
  timeout: number,
  setting: word("timeout", "totalTimeout", "queueTimeout"),
  status: number,
  statusCode: number,
  reason: text,
  method: word("GET", "POST", "PUT", "DELETE", "PATCH"),
  url: text,
  headers,
  body: text,
  rateLimit: record({ known: flag, limit: number, remaining: number, resetAt: number }),
  problem: record({ type: text, title: text, status: number, detail: text, instance: text }),
  retryAt: number,
  ...Object.fromEntries(["base", "theirs", "mine", "before", "asked", "got"].map((name) => [name, object])),
  guards: list(record({ guard: text, message: text })),
});

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
