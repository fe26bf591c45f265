/** An identifier. The API's ids are strings; a whole number is taken too. */
export type Id = string | number;

type PlatformAbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer S } } ? S : {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
};
type PlatformRequest = typeof globalThis extends { Request: { prototype: infer R } } ? R : object;

/** What `fetch` must answer; a `Response` does. */
export interface FetchResponse {
  readonly status: number;
  readonly statusText?: string;
  readonly headers?: object;
  /** The body. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** The settings of a client. */
export interface Configuration {
  /** Base URL: absolute, or in a page a path on its own origin such as `/te-api/v7`. Default `https://api.thousandeyes.com/v7`. */
  host?: string;
  /** The bearer token, or a function that gives it before each call. Left out where a proxy adds it. */
  accessToken?: string | (() => string | Promise<string>);
  /** Account group for calls that name none. Default: the login account group of the token's owner. */
  aid?: Id;
  /** Milliseconds until a call without an answer fails; 0 for no limit. Default 30000. */
  timeout?: number;
  /** Used in place of the global `fetch`. */
  fetch?: (request: PlatformRequest) => Promise<FetchResponse>;
}

/** What one call may set. */
export interface RequestOptions {
  /** Ends the call, which then rejects with the signal's own reason. */
  signal?: PlatformAbortSignal;
  /** Milliseconds, in place of the client's `timeout`. */
  timeout?: number;
}

/** What a call may set that knows account groups. */
export interface AccountGroupOptions extends RequestOptions {
  /** Account group of the call; `null` for none in spite of the client's. */
  aid?: Id | null;
}

/** An answer with what came beside its data. */
export interface ApiResponse<T> {
  /** The model. */
  data: T;
  /** The HTTP status. */
  statusCode: number;
  /** The headers that the platform lets us see, names in lower case. A create has `location`. */
  headers: Record<string, string>;
  /** The organisation's rate limit as of this answer. */
  rateLimit: RateLimit;
}

/** The organisation's rate limit as the headers told it; not known (never unlimited) where CORS hides them. */
export interface RateLimit {
  known: boolean;
  /** Requests per minute, shared by the whole organisation. */
  limit?: number;
  /** Requests left in this minute. */
  remaining?: number;
  /** When the next minute begins, in milliseconds since the epoch. */
  resetAt?: number;
}

/** The users of the organisation; the API does not page this list. */
export interface Users {
  users: ExtendedUser[];
  _links?: SelfLinks;
}

/** A user in a list: without roles. */
export interface ExtendedUser {
  name?: string;
  email?: string;
  uid?: string;
  /** ISO 8601 in UTC. */
  dateRegistered?: string;
  loginAccountGroup?: AccountGroup;
  /** ISO 8601 in UTC; missing where the user never logged in (assumed). */
  lastLogin?: string;
}

/** A user as created: no last login yet. */
export interface CreatedUser {
  name?: string;
  email?: string;
  uid?: string;
  /** ISO 8601 in UTC. */
  dateRegistered?: string;
  loginAccountGroup?: AccountGroup;
  /** Roles per account group. */
  accountGroupRoles?: AccountGroupRole[];
  /** Roles in all account groups, future ones too. */
  allAccountGroupRoles?: Role[];
  _links?: SelfLinks;
}

/** One user with roles. */
export interface UserDetail extends CreatedUser {
  /** ISO 8601 in UTC; missing where the user never logged in (assumed). */
  lastLogin?: string;
}

/** What is sent to create or change a user. A property that is left out is not sent; `null` and `[]` are sent as they are. */
export interface UserRequest {
  name?: string | null;
  /** After a change the user must confirm before logging in or using the API. */
  email?: string | null;
  loginAccountGroupId?: Id | null;
  /** Replaces all roles per account group that the user has. */
  accountGroupRoles?: UserAccountGroupRole[] | null;
  /** Roles in all account groups, future ones too. */
  allAccountGroupRoleIds?: Id[] | null;
}

/** The roles that a user shall have in one account group. */
export interface UserAccountGroupRole {
  accountGroupId: Id;
  roleIds: Id[];
}

/** An account group: a part of the organisation. */
export interface AccountGroup {
  aid?: string;
  accountGroupName?: string;
}

/** The roles that a user has in one account group. */
export interface AccountGroupRole {
  accountGroup?: AccountGroup;
  roles?: Role[];
}

/** A named set of permissions. */
export interface Role {
  name?: string;
  roleId?: string;
  /** Whether the vendor made the role. */
  isBuiltin?: boolean;
  /** Whether it manages the organisation or other users. */
  hasManagementPermissions?: boolean;
}

/** Where an object can be read again. */
export interface SelfLinks {
  self?: Link;
}

/** A HAL link. */
export interface Link {
  href: string;
  templated?: boolean;
  type?: string;
  deprecation?: string;
  name?: string;
  profile?: string;
  title?: string;
  hreflang?: string;
}
