/** An identifier. The API's ids are strings; a whole number is taken too. */
export type Id = string | number;

type PlatformAbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer S } } ? S : {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
};
/** What `fetch` is handed beside the address. */
export interface FetchInit {
  /** The HTTP method. */
  method: "GET" | "POST" | "PUT" | "DELETE" | "PATCH";
  /** A plain object, a fresh one for each request. */
  headers: Record<string, string>;
  /** JSON. */
  body?: string;
  /** No redirect is followed: it could lead the token elsewhere. */
  redirect: "manual";
  /** Aborts when the call has no more use for the answer. */
  signal?: PlatformAbortSignal;
}

/** What `fetch` must answer; a `Response` does. */
export interface FetchResponse {
  /** The HTTP status. */
  readonly status: number;
  /** The reason phrase of the status line. */
  readonly statusText?: string;
  /** The header fields: `Headers`, a `Map`, or a plain object. */
  readonly headers?: object;
  /** The body. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * Gives the bearer token for a request. It is called in the async context of the call (AsyncLocalStorage, OpenTelemetry).
 *
 * @param reason `refresh` is true after a 401: the last token was refused, and another one is due
 */
export type AccessTokenProvider = (reason: { refresh: boolean }) => string | Promise<string>;

/**
 * Shares one window of the rate limit among all who give the same key: other processes, or other tabs. It is called with what
 * one limiter knows, in the async context of a call: before each request with a `priority`, and without one when a request has
 * ended, or a call begins to wait or gives up. It decides for all in one step, so that no request is granted twice, and says
 * whether this one may go.
 *
 * It may fail, and it may take its time: no call fails because of it, and none waits for it for more than two seconds. Until it is
 * back, each limiter keeps to its share of the limit.
 */
export type RateLimitStore = (report: RateLimitReport) => Promise<RateLimitGrant | undefined> | RateLimitGrant | undefined;

/** What a limiter tells a store. Each report has all that the limiter knows, so a store that forgot everything soon knows it again. */
export interface RateLimitReport {
  /** Whose window it is. */
  key: string;
  /** Which limiter it is: the same in all its reports, and another one for each client. */
  limiter: string;
  /** The limiter wants to send a request, and of this priority. Missing: a request ended, or a call begins to wait or gives up. */
  priority?: "interactive" | "bulk";
  /** How many requests of the limiter are under way. They may have reached the API, and are in no `remaining` yet. */
  underWay: number;
  /**
   * How many further interactive calls wait in the limiter. One that the store refuses waits from then on, too: no report says so.
   * Calls that wait ask again when they may, so those of a limiter that says nothing for some seconds then are gone with it.
   */
  waiting: number;
  /** Milliseconds after which its requests are under way no more, whatever became of the limiter; 0 for no limit. */
  timeout: number;
  /** Requests in a window, as the last answer said. */
  limit?: number;
  /** What was left of the window; missing, with the next two, where that has ended. */
  remaining?: number;
  /** When the window ends by the API's clock, in milliseconds since the epoch: the same number says that it is the same window. */
  resetAt?: number;
  /** Milliseconds until it ends. */
  resetIn?: number;
}

/** What a store says to a limiter that wants to send a request. */
export interface RateLimitGrant {
  /** Whether the request may go. */
  granted: boolean;
  /** Milliseconds until it makes sense to ask again; 0 where it may go. Less than 0 is 0. */
  wait: number;
  /** How many limiters share the window: less than 1 is 1. Without the store, each takes as large a part of the limit. */
  limiters: number;
}

/** How calls are made: for a client, and for one call in place of the client's. */
export interface CallSettings {
  /** Milliseconds for one attempt, the token included, until it fails without an answer; 0 for no limit. Default 30000. */
  timeout?: number | undefined;
  /**
   * Milliseconds for all attempts and the backoff between them; 0 for no limit. Default 120000. It stands still while the
   * call waits for its turn: see `queueTimeout`.
   */
  totalTimeout?: number | undefined;
  /**
   * Milliseconds for all waiting for a turn together: for one of `maxConcurrency` permits, for the next window of the rate
   * limit, and after a 429 for up to 65 seconds. 0, the default, is no limit: `signal` ends the waiting, too.
   */
  queueTimeout?: number | undefined;
  /**
   * Which calls go first where calls wait for their turn. `"bulk"` lets `"interactive"` (the default) go first, but one in
   * ten calls that go is a bulk call.
   */
  priority?: "interactive" | "bulk" | undefined;
  /**
   * How often a request may be sent again; 0 for never. Default 2. GET, PUT and DELETE are sent again after 408, 500,
   * 502, 503, 504 and lost connections; every method after 429, when the rate limit is reset; POST otherwise only where
   * the request provably never left. A token that is replaced after a 401 does not count, but 0 switches that off, too.
   * Nothing is sent before a time that the server names: a wait of more than 65 seconds is waited only if `totalTimeout`
   * has that much left, else the call fails at once, with `retryAt`.
   */
  maxRetries?: number | undefined;
  /** Header fields for every request; for one call `null` takes the client's away. Not `Authorization`. */
  headers?: Record<string, string | null> | undefined;
  /**
   * What becomes of an answer that deviates from its model. `"lenient"` (the default) normalises what older services write
   * differently and reports it as `drift`; `"strict"` rejects with a DecodeException.
   */
  decode?: "lenient" | "strict" | undefined;
  /**
   * Whose rate limit it is: calls with the same key share one window, and `maxConcurrency`. Give each organisation a key of its
   * own, and never make one of a token. Without it, calls share the window of their client, also those with an `accessToken`
   * of their own. A key that nobody uses is forgotten after two windows.
   */
  rateLimitKey?: Id | undefined;
}

/** The settings of a client. */
export interface Configuration extends CallSettings {
  /**
   * Base URL: absolute, or a path on the page's own origin such as `/te-api/v7`. Default `https://api.thousandeyes.com/v7`.
   * With a path a client may be made anywhere, also where a server renders; a call needs a page, or a `fetch` of your own.
   */
  host?: string | undefined;
  /**
   * The bearer token, or a function that gives it before each request. Omitted where a proxy adds it. After a 401 the
   * function is asked once more, with `refresh` set, and the request is sent again if it gives another token. Calls whose
   * very same token was refused share that question.
   */
  accessToken?: string | AccessTokenProvider | undefined;
  /** Account group for calls that name none. Default: the login account group of the token's owner. */
  aid?: Id | undefined;
  /**
   * How many requests may be under way at a time; others queue. From 1 to 10000, default 10. In Cloudflare Workers it has no
   * effect: there no request may wait for another one, and the runtime queues connections itself.
   */
  maxConcurrency?: number | undefined;
  /** Whether calls wait for the next window where the organisation's rate limit is spent. Default true. */
  rateLimiter?: boolean | undefined;
  /**
   * Shares the rate limit with other processes or tabs: `redisStore(client)` of `thousandeyes-admin/redis`, `tabStore()` of
   * `thousandeyes-admin/tabs`, or your own. It needs a `rateLimitKey`.
   */
  rateLimitStore?: RateLimitStore | undefined;
  /** Used in place of the global `fetch`, and called like it. */
  fetch?: ((url: string, init: FetchInit) => Promise<FetchResponse>) | undefined;
  /** Called when a call begins. What a hook throws changes nothing, and all hooks run in the async context of the call. */
  onCallStart?: ((event: CallEvent) => void) | undefined;
  /**
   * Called before each request is sent. A function that it gives sends the request in its place: it is handed `send`, calls
   * that once, and gives what that gives. So the request can be sent within a span, for example.
   */
  onRequest?: ((event: RequestEvent) => unknown) | undefined;
  /** Called when an answer is there, whatever its status. */
  onResponse?: ((event: ResponseEvent) => void) | undefined;
  /** Called before the wait for another attempt. */
  onRetry?: ((event: RetryEvent) => void) | undefined;
  /** Called when the rate limit is spent: an answer was 429, or the call waits for the next window; or the `rateLimitStore` is gone. */
  onRateLimit?: ((event: RateLimitEvent) => void) | undefined;
  /** Called exactly once for each call that began, however it ended: with an answer, an error, or aborted. */
  onCallEnd?: ((event: CallEndEvent) => void) | undefined;
}

/** What a hook sees of a call. Neither the token nor a body is in it. */
export interface CallEvent {
  /** The number of the call: the same in all its events, and another one for each call, whichever its client. */
  callId: number;
  /** The method of the API class, such as `"getUser"`, or `"request"`. */
  operation: string;
  /** The HTTP method. */
  method: "GET" | "POST" | "PUT" | "DELETE" | "PATCH";
  /** The path below the host, without a query; missing for `request`, whose path may hold anything. */
  path?: string;
  /** The path with names in place of what differs, such as `/users/{id}`; for `request` the one that was given, if any. */
  template?: string;
}

/** A request, as a hook sees it. */
export interface RequestEvent extends CallEvent {
  /** Which request of the call it is, from 1. */
  attempt: number;
}

/** An answer, as a hook sees it. */
export interface ResponseEvent extends RequestEvent {
  /** The HTTP status. */
  status: number;
  /** How long the answer took. */
  milliseconds: number;
  /** The rate limit as this answer tells it. */
  rateLimit: RateLimit;
  /** Whose window that is, if the client or the call said so. */
  rateLimitKey?: string;
}

/** A retry, as a hook sees it. */
export interface RetryEvent extends RequestEvent {
  /** The status that is not accepted; missing where there was no answer. */
  status?: number;
  /** Milliseconds until the request is sent again. */
  wait: number;
  /** What the attempt failed with: an error of this package. */
  error: unknown;
}

/** A spent rate limit, as a hook sees it. */
export interface RateLimitEvent extends RequestEvent {
  /** 429 where an answer said so; missing where the call waits before it is sent. */
  status?: number;
  /** Milliseconds until the call goes on; missing where it ends here. */
  wait?: number;
  /** The rate limit as the last answer told it. */
  rateLimit: RateLimit;
  /** The `rateLimitStore` is gone; told once. Until it is back, the client keeps to its share of the limit. */
  store?: "lost";
}

/** The end of a call, as a hook sees it. */
export interface CallEndEvent extends CallEvent {
  /** How many requests were sent. */
  attempts: number;
  /** Milliseconds of waiting for a turn: for a permit, for the window of the rate limit, after a 429. */
  queued: number;
  /** Milliseconds that the call took in all. */
  milliseconds: number;
  /**
   * What became of what was sent; missing where the call succeeded. Aborted calls have it here, too: a create that was
   * aborted after it was sent is `"unknown"`, so look before you send it again.
   */
  outcome?: Outcome;
  /** What the promise rejected with: an error of this package, or the reason of an aborted call's signal. */
  error?: unknown;
}

/** What one call may set. */
export interface RequestOptions extends CallSettings {
  /**
   * Ends the call, which then rejects with the signal's own reason. It also ends a wait and the reading of the
   * body. `onCallEnd` says what became of a write that was sent.
   */
  signal?: PlatformAbortSignal | undefined;
  /** The token of this call in place of the client's, or a function that gives it. It is used for no other call. */
  accessToken?: string | AccessTokenProvider | undefined;
}

/** An answer with what came beside its data. */
export interface ApiResponse<T> {
  /** The model. */
  data: T;
  /** The HTTP status. */
  statusCode: number;
  /** The headers that the platform lets us see, names in lower case; all but cookies. */
  headers: Record<string, string>;
  /** The organisation's rate limit as of this answer. */
  rateLimit: RateLimit;
  /** What deviated from the model and was normalised; empty where nothing did. At most 1000 entries. */
  drift: Drift[];
  /** After a create: the address of what was created, on the configured host. `headers.location` has it as it came. */
  location?: string;
  /** The address of the object itself (`_links.self.href`), on the configured host. */
  selfLink?: string;
}

/** A deviation of an answer from its model. */
export interface Drift {
  /** Where it was in the answer as it came, such as `users[3].uid`. */
  path: string;
  /** What the model says, in words. */
  expected: string;
  /** What was there: the JSON of a plain value, shortened; else the name of its type. */
  got: string;
}

/** The organisation's rate limit as the headers say it. Where CORS hides them it is not known, which is not unlimited. */
export interface RateLimit {
  /** Whether the last answer told it. */
  known: boolean;
  /** Requests per minute, shared by the whole organisation. */
  limit?: number;
  /** Requests left in this minute. */
  remaining?: number;
  /** When the next minute begins, in milliseconds since the epoch. */
  resetAt?: number;
}

/**
 * Turns a user as it was read into what `updateUser` and `createUser` take. A user of a list is refused: it comes without
 * roles, and the request would take them away.
 *
 * @throws {@link ApiTypeError} when the user has no roles, or is no user
 */
export function toUserRequest<User extends CreatedUser>(
  user: Extract<keyof User, "accountGroupRoles" | "allAccountGroupRoles"> extends never
    ? "a user of a list has no roles: read it with getUser"
    : User,
): UserRequest;

/**
 * Turns a role as it was read by `getRole` into what `updateRole` and `createRole` take. A role of a list is refused: it comes
 * without permissions, and the request would take them away.
 *
 * @throws {@link ApiTypeError} when the role has no permissions, or is no role
 */
export function toRoleRequest<Read extends RoleDetail>(
  role: Extract<keyof Read, "permissions"> extends never ? "a role of a list has no permissions: read it with getRole" : Read,
): RoleRequestBody & { permissions: string[] };

/**
 * Turns an account group as it was read with `expand: ["agent"]` into what `updateAccountGroup` takes. One that was read without
 * its agents is refused: the request would take them away.
 *
 * @throws {@link ApiTypeError} when the account group has no list of agents, or is no account group
 */
export function toAccountGroupRequest<Read extends AccountGroupDetail>(
  accountGroup: Extract<keyof Read, "agents"> extends never
    ? "an account group of a list, or as created, has no agents: read it with getAccountGroup and expand: [\"agent\"]"
    : Read,
): AccountGroupRequest & { agents: string[] };

/** Which events `userEvents` gives, and how many pages it reads for them. */
export interface UserEventsPagesOptions extends UserEventsOptions {
  /** How many pages may be read, from 1 to 1000000. Default 1000. The loop rejects where there are more. */
  maxPages?: number | undefined;
}

export interface UserEventsApi {
  /**
   * All events of the activity log, one after the other: `for await (const event of client.userEvents.userEvents({ window: "7d" }))`.
   * It reads page by page with `getUserEvents`, and only as far as the loop goes; each loop reads anew. Leaving the loop ends
   * the request under way. Events have no identifier, so nothing is left out as seen before.
   *
   * The loop sees all events, or it rejects with the error of the page that failed. It rejects with a {@link DecodeException}
   * that says how many events came where the link to the next page leads elsewhere, leads to a page that was read already, or
   * where there are more than `maxPages`.
   */
  userEvents(options?: UserEventsPagesOptions): AsyncIterable<UserEvent>;
}

/** A request to any other path of the API. */
export interface ApiRequest {
  /** The HTTP method. */
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /**
   * The path below `host`, such as `/tests`: printable ASCII, with ids in it encoded by `encodeURIComponent`. What could lead
   * out of the path of `host` is refused: `..` and `\\`, encoded or not, and `//`.
   */
  path: string;
  /** The parameters of the query; a list stands for several of one name. `aid` belongs in the options of the call. */
  query?: Record<string, QueryValue | QueryValue[] | null | undefined> | undefined;
  /** What is sent, as JSON; not with GET. */
  body?: unknown;
  /** The media types to ask for. Default: JSON. */
  accept?: string | undefined;
  /** The path with names in place of what differs, such as `/tests/{id}`: what hooks see of the request. */
  template?: string | undefined;
}

/** The value of a parameter of a query; a number must be whole. */
export type QueryValue = string | number | boolean | Date;

export interface ApiClient {
  /**
   * Sends a request to any other path of the API, with the token, limits, retries, errors and hooks of this client. PATCH is
   * sent again as POST is: after a 429, or where it provably never left. No guard of `client.admin` looks at it.
   *
   * @returns by the media type of the answer: the value of JSON, unchecked; the string of `text/*`; else a Uint8Array. Nothing
   * where there is no body.
   */
  request(request: ApiRequest, options?: AccountGroupOptions): Promise<unknown>;

  /** Like `request`, with status, headers and rate limit. */
  requestWithHttpInfo(request: ApiRequest, options?: AccountGroupOptions): Promise<ApiResponse<unknown>>;
}
