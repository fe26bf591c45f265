/** All that this page asks of the API. Users go through the package; it has no account groups and roles yet. */
import init, { UsersApi } from "/pkg/index.js";

const HOST = "/te-api/v7";

/**
 * @param {{ aid?: string }} demo the account group to work in
 * @param {{ onCall: (call: object) => void, onRateLimit: (rateLimit: object, headers: object) => void }} listeners
 */
export async function connect({ aid }, { onCall, onRateLimit }) {
  await init();
  // No access token: the proxy of this origin adds it, so no page ever has it.
  const users = new UsersApi({ host: HOST, ...(aid && { aid }) });

  /** Calls a method of the package by its name and gives what it answers; the rest of the answer goes to the page. */
  async function call(method, ...args) {
    const start = performance.now();
    const done = (result) => onCall({ method, args, milliseconds: performance.now() - start, ...result });
    try {
      const { data, statusCode, headers, rateLimit } = await users[`${method}WithHttpInfo`](...args);
      onRateLimit(rateLimit, headers);
      done({ result: String(statusCode), succeeded: true });
      return data;
    } catch (error) {
      if (error?.rateLimit) onRateLimit(error.rateLimit, error.headers);
      done({ result: String(error?.status ?? error?.code ?? error?.name ?? error), succeeded: false });
      throw error;
    }
  }

  return { call, choices: () => readChoices(aid) };
}

/** The account groups and roles to choose from; a list that may not be read is empty, and `missing` names it. */
async function readChoices(aid) {
  const query = aid ? `?aid=${encodeURIComponent(aid)}` : "";
  const [accountGroups, roles] = await Promise.all([
    readList("account-groups", "", "accountGroups"),
    readList("roles", query, "roles"),
  ]);
  const missing = [...(accountGroups ? [] : ["account groups"]), ...(roles ? [] : ["roles"])];
  return { accountGroups: accountGroups ?? [], roles: roles ?? [], missing };
}

async function readList(path, query, property) {
  try {
    const response = await fetch(`${HOST}/${path}${query}`);
    const list = response.ok ? (await response.json())[property] : undefined;
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}
