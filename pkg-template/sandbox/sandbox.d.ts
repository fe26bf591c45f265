/** A ThousandEyes for development and tests: it remembers what it is told, and runs in this process or in this page. */

type Fetch = typeof globalThis extends { fetch: infer F } ? F : never;

{{options}}

/** What goes wrong, and when. Which parameters a fault has is listed by `thousandeyes-admin-sandbox --help`. */
export interface Fault {
  fault: {{faults}};
  /** How many requests meet it. Default 1, or without end if `share` is given. */
  count?: number;
  /** The share of the requests that meet it, chosen by the seed: above 0, up to 1. */
  share?: number;
  /** Only requests of this method, or of this path or path template, such as `/users/{id}`. */
  match?: { method?: string; path?: string };
  /** Milliseconds of `latency`. */
  ms?: number;
  /** Milliseconds that `latency` may take longer, by chance. */
  jitter?: number;
  /** Status of `error`. */
  status?: number;
  /** Shape of the body of `error`. */
  body?: {{bodies}};
  /** Whether the request is executed. Default `"before"`: it is not. */
  when?: "before" | "after";
  /** Seconds until the reset of `too-many-requests`. */
  resetIn?: number;
  /** How `too-many-requests` writes the reset. */
  reset?: "epoch" | "relative" | "none";
  /** Seconds in the `Retry-After` of `too-many-requests`, which the real API does not send. */
  retryAfter?: number;
  /** What is odd about the answers of `drift`. */
  kinds?: ({{drifts}})[];
  /** Every how manieth item of a list drifts. */
  every?: number;
}

/** The faults that wait for their requests. */
export interface Faults {
  /** Adds a fault and gives the id to remove it by. */
  add(fault: Fault): number;
  remove(id: number): boolean;
  /** Removes all. */
  clear(): void;
  list(): (Fault & { id: number })[];
}

/** A request that was made, without any token. */
export interface RequestEntry {
  time: string;
  method: string;
  path: string;
  /** Undefined if there was no answer. */
  status: number | undefined;
  /** Whether it was a write and took effect. */
  executed: boolean;
  /** The faults that it met. */
  faults: string[];
  /** What a write sent. */
  body?: unknown;
}

/** A user as the sandbox keeps it. */
export interface StoredUser {
  uid: string;
  name?: string;
  email: string;
  dateCreated: string;
  dateRegistered: string | null;
  lastLogin: string | null;
  loginAid?: string;
  accountGroupRoles: { aid: string; roleIds: string[] }[];
  allAccountGroupRoleIds: string[];
  emailConfirmed: boolean;
}

export interface Permission {
  permissionId: string;
  label: string;
  isManagementPermission: boolean;
  permission: string;
}

/** An account group as the sandbox keeps it. */
export interface StoredAccountGroup {
  aid: string;
  accountGroupName: string;
  agentIds: string[];
}

/** An enterprise agent. There are always the same ones. */
export interface StoredAgent {
  agentId: string;
  agentName: string;
  /** The rest of what the API says of an agent. */
  [property: string]: unknown;
}

/** An event of the activity log as the sandbox keeps it, with an id that the API does not give. */
export interface StoredEvent {
  eventId: string;
  aid: string;
  accountGroupName: string;
  date: string;
  event: string;
  ipAddress: string;
  uid: string;
  user: string;
  resources: { type: string; name: string }[];
}

/** An organization with all that is in it. */
export interface State {
  organization: { orgId: string; organizationName: string };
  accountGroups: StoredAccountGroup[];
  roles: { roleId: string; name: string; isBuiltin: boolean; hasManagementPermissions: boolean; permissions: Permission[] }[];
  permissions: Permission[];
  agents: StoredAgent[];
  users: StoredUser[];
  /** The activity log, oldest first. */
  events: StoredEvent[];
}

export interface Sandbox {
  /** Give it to a client: `new ApiClient({ fetch: sandbox.fetch, accessToken: sandbox.options.token })`. */
  readonly fetch: Fetch;
  /** The options with their defaults filled in. */
  readonly options: Readonly<Required<SandboxSettings>>;
  readonly faults: Faults;
  /** A copy of the organization as it is now. */
  readonly state: State;
  readonly userCount: number;
  /** Every request so far, oldest first. */
  readonly requests: RequestEntry[];
  /** The sandbox's own time, in milliseconds since 1970. */
  readonly time: number;
  /** Sets the sandbox's clock forward, so that a window of the rate limit ends. */
  advance(milliseconds: number): void;
  /** Back to the start: the seeded organization and the clock's start time, no requests, the faults that were given. */
  reset(): void;
  clearRequests(): void;
  /** What users do who follow the link in the mail about their new e-mail address. */
  confirmEmail(uid: string): void;
}

export interface SandboxOptions extends SandboxSettings {
  /**
   * The time at which the sandbox's clock starts: ISO 8601 with its zone, milliseconds since 1970, or a Date. Or the
   * clock itself, in milliseconds since 1970. Default: the clock of this machine. Seeded dates are counted back from
   * the time at the start, so a seed and a start time give the same organization in every run.
   */
  now?: string | number | Date | (() => number);
  /** The faults from the start. */
  faults?: Fault[];
  /** Called with every request once it is answered. */
  onRequest?: (entry: RequestEntry) => void;
}

/** @throws {TypeError} an option is wrong; the message says which and what it may be */
export function createSandbox(options?: SandboxOptions): Sandbox;
