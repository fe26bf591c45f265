/** What cases have in common. */

export const get = ({ users }) => users.getUser("1");
export const list = ({ users }) => users.getUsers();
export const create = ({ users }) => users.createUser({ name: "Ada Example", email: "ada.example@example.com" });
export const update = ({ users }) => users.updateUser("1", { name: "Ada Renamed" });
export const remove = ({ users }) => users.deleteUser("1");

export const success = { result: "success" };
export const connection = { result: "ConnectionException", code: "connection-failed", outcome: "unknown" };
export const timeout = { result: "TimeoutException", code: "timeout", outcome: "unknown" };
export const undecodable = { result: "DecodeException", code: "invalid-response", outcome: "unknown" };
export const unexpected = { result: "ApiException", code: "unexpected-status", outcome: "rejected" };
export const redirected = unexpected;
export const unauthorized = { result: "UnauthorizedException", code: "unauthorized", outcome: "rejected" };
export const tooMany = { result: "TooManyRequestsException", code: "too-many-requests", outcome: "rejected" };
export const serviceError = { result: "ServiceException", code: "service-error", outcome: "unknown" };
export const wrongType = { result: "ApiTypeError", code: "invalid-type", outcome: "not-sent", requests: 0 };
export const wrongValue = { result: "ApiValueError", code: "invalid-value", outcome: "not-sent", requests: 0 };
export const closed = { result: "ClientClosedException", code: "client-closed" };
export const reason = { result: "the reason" };

/** A sound answer; as a fault is JSON on its way to the server, not undefined. */
export const good = null;

export const once = { maxRetries: 0 };
/** Short, but long enough for a request to reach the server from a busy machine. */
export const impatient = { maxRetries: 0, timeout: 500 };
