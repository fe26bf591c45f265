/** A user that comes with roles: not one of a list. */
export type WithRoles<User> = Extract<keyof User, "accountGroupRoles" | "allAccountGroupRoles"> extends never
  ? "a user of a list has no roles: read it with getUser"
  : User;

/** A role, and where it holds: in one account group, or in all of them, future ones too. */
export type RoleGrant =
  | { roleId: Id; accountGroupId: Id; allAccountGroups?: false | undefined }
  | { roleId: Id; allAccountGroups: true; accountGroupId?: undefined };

/** A role that a user has, as {@link diffUser} tells it. */
export type HeldRole = { roleId: string; accountGroupId: string } | { roleId: string; allAccountGroups: true };

/** What differs between two users. */
export interface UserDifference {
  /** The plain properties that differ, by their names in a request; `null` where there is none. */
  fields: { field: "name" | "email" | "loginAccountGroupId"; before: string | null; after: string | null }[];
  /** Roles that only the second one has. */
  added: HeldRole[];
  /** Roles that only the first one has. */
  removed: HeldRole[];
  /** Roles that both have. */
  kept: HeldRole[];
}

/**
 * The request that gives a user one more role and changes nothing else: both lists of roles, whole, or nothing where the user has
 * the role there already. It makes no call; `client.admin.modifyUser` sends it safely.
 *
 * @param user as read by `getUser`; a user of a list is refused, because the request would take its roles away
 * @throws {@link ApiTypeError} when not all of the user's roles are known
 */
export function withRole<User extends UserDetail>(user: WithRoles<User>, role: RoleGrant): UserRequest;

/**
 * The request that takes one role away and changes nothing else, like {@link withRole}. Taken away in one account group, a role that
 * the user has in all account groups stays: take it away with `allAccountGroups: true`.
 */
export function withoutRole<User extends UserDetail>(user: WithRoles<User>, role: RoleGrant): UserRequest;

/** What differs between two users as read by `getUser`, however the API sorts their roles. It makes no call. */
export function diffUser<Before extends UserDetail, After extends UserDetail>(
  before: WithRoles<Before>,
  after: WithRoles<After>,
): UserDifference;

/**
 * What must not be done by mistake. A guard that speaks against a change is lifted by its name in `allow` of the call:
 *
 * - `self-removal`: the token's owner, or the `actor`, would be deleted
 * - `self-lockout`: they would lose a management role, all roles, or get an e-mail address that is yet to be confirmed
 * - `last-organization-admin`: nobody would be left with the built-in role Organization Admin
 * - `management-everywhere`: a role with management permissions would hold in all account groups, future ones too
 * - `everywhere-beside-account-groups`: roles in all account groups would stand beside roles in single ones
 * - `still-effective`: a role is taken away in an account group where it holds all the same, by way of all account groups
 * - `max-removals`: more than `maxRemovals` users would be deleted or lose a role
 * - `guard-unknown`: whether one of the others holds cannot be known, because the token's owner may not see enough
 */
export type Guard =
  | "self-removal"
  | "self-lockout"
  | "last-organization-admin"
  | "management-everywhere"
  | "everywhere-beside-account-groups"
  | "still-effective"
  | "max-removals"
  | "guard-unknown";

/** What speaks against a change. */
export interface Guarded {
  /** The guard. */
  guard: Guard;
  /** What would happen, in sentences. */
  message: string;
}

/** What the methods with guards may be told. */
export interface GuardOptions extends AccountGroupOptions {
  /** Guards that do not hold for this call. */
  allow?: Guard[] | undefined;
  /** The person in front of a portal, by e-mail address or uid: guards of oneself hold for that person, too. */
  actor?: string | undefined;
}

/** What one change of a user may be told. */
export interface ModifyUserOptions extends GuardOptions {
  /** What your page showed when the person decided. If the user is not that any more, nothing is written. */
  expect?: UserDetail | undefined;
}

/** What became of a change. */
export interface ModifiedUser {
  /** The user as it is now. */
  user: UserDetail;
  /** The user as it was before. */
  before: UserDetail;
  /** Whether anything was written. */
  changed: boolean;
}

/** What became of an invitation. */
export interface InvitedUser {
  /** The user as it is now. */
  user: UserDetail;
  /**
   * Whether this call created the user. `false`: the user was there, and was not changed. `"assumed"`: the request got no answer,
   * but the user is there.
   */
  created: boolean | "assumed";
  /** What is not as it was asked for. */
  differences: UserDifference;
  /** What a person should know, in sentences. */
  warnings: string[];
}

/** Which user. */
export type UserKey = { email: string; uid?: undefined } | { uid: Id; email?: undefined };

/** Which role, or which account group. A name that several have, or none, is refused with the candidates. */
export type NameOrId = { name: string; id?: undefined } | { id: Id; name?: undefined };

/** A role by name or id, and where it holds. */
export type PlannedRole = { role: NameOrId } & (
  | { accountGroup: NameOrId; allAccountGroups?: false | undefined }
  | { allAccountGroups: true; accountGroup?: undefined }
);

/** One thing to change. All changes to one user become one step of the plan; those that contradict each other are refused. */
export type UserChange =
  | {
      /** A user is created, unless there is one with that e-mail address, who is not changed. */
      kind: "invite";
      email: string;
      name?: string | undefined;
      loginAccountGroup?: NameOrId | undefined;
      roles: PlannedRole[];
    }
  | (PlannedRole & {
      /** A user gets one more role. */
      kind: "grant";
      user: UserKey;
    })
  | (PlannedRole & {
      /** A role is taken away. */
      kind: "revoke";
      user: UserKey;
    })
  | {
      /** Name, e-mail address or login account group become others. */
      kind: "update";
      user: UserKey;
      name?: string | undefined;
      email?: string | undefined;
      loginAccountGroup?: NameOrId | undefined;
    }
  | {
      /** A user is deleted. */
      kind: "remove";
      user: UserKey;
    };

/** How far a job is. */
export interface JobProgress {
  /** How much is done. */
  done: number;
  /** Of how much, as far as it is known. */
  total: number;
  /** Until when it waits for the rate limit, in milliseconds since the epoch. */
  waitingUntil?: number;
}

/** What jobs may be told that take long. */
export interface JobOptions extends AccountGroupOptions {
  /** Called when the job has come further, or waits. What it throws changes nothing. */
  onProgress?: ((progress: JobProgress) => void) | undefined;
}

/** What the making of a plan may be told. */
export interface PlanOptions extends JobOptions {
  /** Why: it stands in the plan and its journal. */
  reason?: string | undefined;
  /** Who wants it, by e-mail address or uid: it stands in the plan and its journal, and guards of oneself hold for that person. */
  actor?: string | undefined;
}

/** What a request can set of a user, whole. */
export interface UserState {
  /** Display name. */
  name?: string;
  /** E-mail address. */
  email?: string;
  /** The account group that the user lands in. */
  loginAccountGroupId?: string;
  /** The roles in single account groups. */
  accountGroupRoles: { accountGroupId: string; roleIds: string[] }[];
  /** The roles in all account groups, future ones too. */
  allAccountGroupRoleIds: string[];
}

/** A user in a plan. */
export interface PlannedUser {
  /** Missing where the user is yet to be created. */
  uid?: string;
  /** E-mail address. */
  email?: string;
  /** Display name. */
  name?: string;
}

/** All that is done with one user. */
export interface PlanStep {
  /** What tells it from the others of the plan. */
  id: string;
  /** What is done. */
  kind: "invite" | "update" | "remove";
  /** With whom. */
  user: PlannedUser;
  /** What is there; `null` where the user is created. */
  before: UserState | null;
  /** What shall be there; `null` where the user is deleted. */
  after: UserState | null;
  /** What people should know first, in sentences. */
  warnings: string[];
  /** What speaks against it. It is judged again when the plan is applied. */
  blocked: Guarded[];
}

/**
 * What shall become of users: plain JSON, to be kept, read by people ({@link planToText}) and applied later. It holds personal data,
 * and it is no signed document: whoever can change the file decides what is applied, so keep it where you keep secrets.
 */
export interface Plan {
  /** The release of the format. */
  version: 1;
  /** What tells it from all others: hexadecimal digits by chance. */
  planId: string;
  /** When it was made, ISO 8601 in UTC. */
  created: string;
  /** Where the API is: it is applied nowhere else. */
  host: string;
  /** The organisation; several where the API does not tell which one. It is applied to no other one. */
  orgIds: string[];
  /** The account group in which the calls are made. */
  aid?: string;
  /** Who wants it. */
  actor?: string;
  /** Why. */
  reason?: string;
  /** What making it took, and what applying it takes, about. */
  cost: { planning: PlanCost; applying: PlanCost };
  /** The names of the roles and account groups in it. */
  names: { roles: { id: string; name: string }[]; accountGroups: { id: string; name: string }[] };
  /** What is done, in this order: each user at most once. */
  steps: PlanStep[];
  /** Users for whom nothing is done, and why. */
  unchanged: { user: PlannedUser; warnings: string[] }[];
}

/** What something takes. */
export interface PlanCost {
  /** Requests. */
  requests: number;
  /** Seconds; for what is yet to come at the pace of the rate limit. */
  seconds: number;
}

/**
 * Where a run writes down what it is about to do, and what came of it. `thousandeyes-admin/journal` has one for a file in Node. It
 * holds personal data, and never a token.
 */
export interface Journal {
  /** All that was appended before; `""` if nothing was. */
  read(): Promise<string> | string;
  /** Adds a text, and is done when it is kept for good: a write is made only then. */
  append(line: string): Promise<void> | void;
}

/** What applying a plan may be told. */
export interface ApplyOptions extends JobOptions {
  /** Guards that do not hold for this run. */
  allow?: Guard[] | undefined;
  /**
   * Who applies the plan, by e-mail address or uid: guards of oneself hold for that person, for the token's owner, and for the
   * `actor` of the plan.
   */
  actor?: string | undefined;
  /** How many users may be deleted or lose a role by the whole plan. Default 10. */
  maxRemovals?: number | undefined;
  /** Where the run is written down, so that it can be resumed after any end, and taken back. */
  journal?: Journal | undefined;
  /** Whether the first step that is not carried out is the last one. Default false. */
  stopOnFailure?: boolean | undefined;
}

/** What became of a step. */
export interface StepResult {
  /** The step. */
  stepId: string;
  /** What it is. */
  kind: "invite" | "update" | "remove";
  /** The user, with its uid if it has one now. */
  user: PlannedUser;
  /**
   * - `"done"`: it was carried out, by this run or one before with the same journal
   * - `"unchanged"`: what it wants was there
   * - `"conflict"`: somebody else changed the user since the plan was made; nothing was written
   * - `"blocked"`: guards speak against it; nothing was written
   * - `"failed"`: it was refused, or the user could not be read; nothing was written. With a refused token (401) no further step is reached
   * - `"unknown"`: it may or may not have been carried out: apply the plan again with its journal to find out. Or it was answered
   *   with something else than it asked for, which the message says: read the user
   */
  status: "done" | "unchanged" | "conflict" | "blocked" | "failed" | "unknown";
  /** What a person should know, in sentences. */
  message?: string;
  /** Of a user who is there now: `true` if created; `"assumed"` if the request got no answer, but the user is there. */
  created?: true | "assumed";
  /** Of a conflict: what the step was made for. */
  base?: UserState | null;
  /** Of a conflict: what is there. */
  theirs?: UserState | null;
  /** Of a conflict: what the step would have made. */
  mine?: UserState | null;
  /** What speaks against it. */
  blocked?: Guarded[];
}

/** What became of a plan. */
export interface ApplySummary {
  /** The plan. */
  planId: string;
  /** How many steps it has. */
  steps: number;
  /** Steps that were carried out, by this run or one before with the same journal. */
  done: number;
  /** Steps that found what they want. */
  unchanged: number;
  /** Steps whose user somebody else has changed. */
  conflicts: number;
  /** Steps that guards speak against. */
  blocked: number;
  /** Steps that were refused. */
  failed: number;
  /** Steps that may or may not have been carried out. */
  unknown: number;
  /** Steps that the run did not come to. */
  notReached: number;
  /** Whether all that the plan wants is there. */
  complete: boolean;
  /** Whether it ended before the last step. */
  stopped: boolean;
}

/**
 * A plan that is being carried out: `for await (const result of run)` gives what becomes of each step. Leaving the loop stops behind
 * the step under way.
 */
export interface ApplyRun extends AsyncIterable<StepResult> {
  /** What became of the whole plan. It rejects where the run could not begin or go on; the loop, too. */
  readonly result: Promise<ApplySummary>;
  /** Stops behind the step under way. */
  stop(): void;
}

/** A user, an account group and a role: a row of a table. What is not known, or is not there, is `null`. */
export interface AccessRow {
  /** The user. */
  uid: string | null;
  /** The user's display name. */
  name: string | null;
  /** The user's e-mail address. */
  email: string | null;
  /** When the user logged in last, ISO 8601 in UTC. */
  lastLogin: string | null;
  /** The account group. */
  aid: string | null;
  /** Its name. */
  accountGroupName: string | null;
  /** The role. */
  roleId: string | null;
  /** Its name. */
  roleName: string | null;
  /**
   * Where the role holds: `"accountGroup"` where it provably holds in single ones only, `"everywhere"` where it provably holds in all
   * of them. The API lists members without saying which it is, so mostly it is `"unknown"`; `getUser` tells.
   */
  scope: "accountGroup" | "everywhere" | "unknown" | null;
  /** Whether the role can change other people's access. */
  hasManagementPermissions: boolean | null;
}

/** Who has access to what. */
export interface AccessReport {
  /** A row for each role of each user in each account group, sorted by user. A user without any has a row, too. */
  rows: AccessRow[];
  /** Whether all account groups were read that the token's owner can see; others the API does not list. */
  complete: boolean;
  /** Those that could not be read, and why. */
  missingAccountGroups: { aid: string | null; accountGroupName: string | null; reason: string }[];
}

/** A user who does not use the access. */
export interface InactiveUser {
  /** The user. */
  uid: string | null;
  /** Display name. */
  name: string | null;
  /** E-mail address. */
  email: string | null;
  /** When the user confirmed the invitation, ISO 8601 in UTC. */
  dateRegistered: string | null;
  /** When the user logged in last, ISO 8601 in UTC. */
  lastLogin: string | null;
  /**
   * - `"never"`: registered, but never logged in
   * - `"pending"`: has not confirmed the invitation (assumed, where the API tells neither date)
   * - `"stale"`: the last login is more than `days` ago
   * - `"unknown"`: a date of the API cannot be read
   */
  inactivity: "never" | "pending" | "stale" | "unknown";
}

/**
 * The users of a list who do not use their access. It makes no call.
 *
 * @param options `days` since the last login; `now` in place of this machine's clock
 */
export function inactiveUsers(
  users: readonly ExtendedUser[],
  options: { days: number; now?: Date | string | undefined },
): InactiveUser[];

/**
 * Rows as a CSV file: the columns are all properties that any row has. A text that a spreadsheet would run as a formula gets an
 * apostrophe in front. It makes no call.
 */
export function toCsv(rows: readonly object[]): string;

/** A plan as people read it, names first. It makes no call. */
export function planToText(plan: Plan): string;

/**
 * Administers people's access so that nothing is lost by mistake, on top of the operations of the API. Each method is a job, which
 * makes several calls, each with the options that it is given; to hooks, limits and retries each is a call of its own. A method
 * rejects with an {@link AnyThousandEyesError}, with what a function of yours threw, or with the reason of its `signal`; it never
 * throws. Jobs are in a WebAssembly of their own, which is loaded when the first one begins.
 *
 * Roles and account groups themselves are not planned in this release.
 */
export class Admin {
  /** That of a client: `client.admin` is the same for all who ask. */
  constructor(client: ApiClient);

  /**
   * Changes a user: reads it, asks `change` once what to make of it, judges all guards, writes what differs, and checks the roles in
   * the answer. Where nothing differs nothing is written. If `change` gives a promise, the user is read again before it is written.
   *
   * The API cannot write only if nothing changed meanwhile. So a small race stays, between the last read and the write. A write that
   * must be sent again (up to `maxRetries` times), or would wait for its turn for more than two seconds, is decided anew: the user is
   * read again first. Only after two such looks does it wait in the queue.
   *
   * @param change gives what is sent; what it omits stays. What it throws, the method rejects with
   * @throws {@link ConflictException} when somebody changed the user meanwhile, or since `expect`; nothing was written
   * @throws {@link GuardException} when a guard speaks against it; nothing was written
   * @throws {@link UnexpectedResultException} when the answer has other roles than were asked for
   */
  modifyUser(id: Id, change: (user: UserDetail) => UserRequest | PromiseLike<UserRequest>, options?: ModifyUserOptions): Promise<ModifiedUser>;

  /**
   * Finds the one user with an e-mail address, whatever the case of its letters; without roles, as in a list. Gives nothing where
   * there is none.
   *
   * @throws {@link ApiValueError} when two users have it; the message names both
   */
  findUser(email: string, options?: AccountGroupOptions): Promise<ExtendedUser | undefined>;

  /**
   * Creates a user, unless there is one with that e-mail address, which is never changed. Where it is not known whether the user
   * was created, it looks up to three times within seven seconds.
   *
   * @throws {@link GuardException} when a guard speaks against it; nothing was written
   * @throws {@link AnyThousandEyesError} with `outcome: "unknown"` when the user was not seen then: that is no proof, so look later
   */
  inviteUser(userRequest: UserRequest & { email: string }, options?: GuardOptions): Promise<InvitedUser>;

  /**
   * Makes a plan of changes: reads users, roles and account groups once, and each existing user that is concerned once. Nothing is
   * written.
   *
   * @throws {@link ApiTypeError} {@link ApiValueError} when a change is wrong, contradicts another one, or names what is not there
   */
  plan(changes: readonly UserChange[], options?: PlanOptions): Promise<Plan>;

  /**
   * Carries out a plan, and begins at once. Each step reads its user again: if what it wants is there, nothing is done; if the user is
   * what the plan was made for, it is written and checked; else it is a conflict. All guards are judged again. A step that fails does
   * not stop the others, unless `stopOnFailure` says so.
   *
   * @param plan made by this method's `plan` or `planUndo`. It is read as a stranger's: requests follow from `before` and `after` alone
   * @param options with a `journal`, what was begun is looked up when the same plan is applied again, and nothing is done twice
   */
  apply(plan: Plan, options?: ApplyOptions): ApplyRun;

  /**
   * Makes a plan that takes back what the journal of another one tells, the last first: all but deleted users, uids, and
   * confirmations of e-mail addresses. Each step is made only if its user is still what the first plan made of it.
   */
  planUndo(journal: Pick<Journal, "read">, options?: PlanOptions): Promise<Plan>;

  /** Who has which role where, read in few requests: one for each account group, and three more. */
  accessReport(options?: JobOptions): Promise<AccessReport>;
}

export interface ApiClient {
  /** Administers people's access so that nothing is lost by mistake. */
  readonly admin: Admin;
}
