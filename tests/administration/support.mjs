// What the tests of safe administration share: an organisation with its own clients, journals, users as requests say them.
import { ApiClient } from "../../pkg/node.mjs";
import { createSandbox } from "../../pkg/sandbox/sandbox.mjs";
import { createRandom, pick } from "../../www/sandbox/seed/random.mjs";

export * from "../../pkg/node.mjs";
export { createRandom, createSandbox, pick };

export const GUARDS = [
  "self-removal",
  "self-lockout",
  "last-organization-admin",
  "management-everywhere",
  "everywhere-beside-account-groups",
  "still-effective",
  "max-removals",
  "guard-unknown",
];

/** The seed of what a file does by chance: of the environment, or else another one each time. Tests say it in their names. */
export const seedOf = (name) => Number(process.env[name] ?? Math.floor(Math.random() * 2 ** 31));

/** An organisation without a limit, and a client of its administrator. `more` is for the client. */
export function office(options = {}, more = {}) {
  const sandbox = createSandbox({ rateLimit: 0, users: 12, ...options });
  const clientOf = (own = {}) =>
    new ApiClient({ accessToken: sandbox.options.token, fetch: sandbox.fetch, maxRetries: 0, ...more, ...own });
  const client = clientOf();
  return { sandbox, client, admin: client.admin, clientOf };
}

/** A journal that is a text. */
export function journalOf(text = "") {
  return {
    text,
    async read() {
      return this.text;
    },
    async append(line) {
      this.text += line;
    },
    /** Its whole lines. */
    get lines() {
      return this.text.split("\n").flatMap((line) => parsed(line));
    },
  };
}

function parsed(line) {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

/** What a request can set of a user; everybody who has the same is equal. Roles are "account group/role", or "all/role". */
const plain = (name, email, login, grants) => ({ name, email, login, grants: [...new Set(grants)].sort() });

/** Of a record of the sandbox. */
export const stateOf = ({ name, email, loginAid, accountGroupRoles, allAccountGroupRoleIds }) =>
  plain(name, email, loginAid, [
    ...accountGroupRoles.flatMap(({ aid, roleIds }) => roleIds.map((id) => `${aid}/${id}`)),
    ...allAccountGroupRoleIds.map((id) => `all/${id}`),
  ]);

/** Of a step of a plan. */
export const stateOfStep = ({ name, email, loginAccountGroupId, accountGroupRoles, allAccountGroupRoleIds }) =>
  plain(name, email, loginAccountGroupId, [
    ...accountGroupRoles.flatMap(({ accountGroupId, roleIds }) => roleIds.map((id) => `${accountGroupId}/${id}`)),
    ...allAccountGroupRoleIds.map((id) => `all/${id}`),
  ]);

/** Of a user as the API answers it. */
export const stateOfUser = ({ name, email, loginAccountGroup, accountGroupRoles, allAccountGroupRoles }) =>
  plain(name, email, loginAccountGroup?.aid, [
    ...accountGroupRoles.flatMap(({ accountGroup, roles }) => roles.map(({ roleId }) => `${accountGroup.aid}/${roleId}`)),
    ...allAccountGroupRoles.map(({ roleId }) => `all/${roleId}`),
  ]);

/** All users of an organisation, by uid. */
export const usersOf = (sandbox) => new Map(sandbox.state.users.map((user) => [user.uid, stateOf(user)]));

export const isWrite = ({ method }) => method !== "GET";
export const writesOf = (sandbox) => sandbox.requests.filter(isWrite);

/** The results of a run, and its summary. */
export async function finish(run) {
  const results = [];
  for await (const result of run) results.push(result);
  return { results, summary: await run.result };
}

/**
 * From now on what waits longer than a moment goes on at once: backoff, looking again. Time limits of requests, which are longer,
 * stay as they are.
 */
export function hurry() {
  const { setTimeout: start } = globalThis;
  globalThis.setTimeout = (work, delay, ...given) => start(work, delay > 100 && delay < 20_000 ? 0 : delay, ...given);
}
