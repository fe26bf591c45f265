/** All that this page asks of the API. Users go through the package; it has no account groups and roles yet. */
import init, { UsersApi } from "/pkg/index.js";

/**
 * @param {{ host: string, aid?: string, fetch?: typeof fetch, accessToken?: string }} place what `findPlace` gives
 * @param {{ onCall: (call: object) => void, onRateLimit: (rateLimit: object, headers: object) => void,
 *   onWait: (milliseconds: number) => void }} listeners
 */
export async function connect(place, { onCall, onRateLimit, onWait }) {
  await init();
  const { host, aid, fetch, accessToken } = place;
  const users = new UsersApi({
    host,
    ...(aid && { aid }),
    ...(fetch && { fetch, accessToken }),
    onRateLimit: ({ wait }) => wait !== undefined && onWait(wait),
  });

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

  return { call, choices: () => readChoices(place) };
}

/** The account groups and roles to choose from; a list that may not be read is empty, and `missing` names it. */
async function readChoices(place) {
  const query = place.aid ? `?aid=${encodeURIComponent(place.aid)}` : "";
  const [accountGroups, roles] = await Promise.all([
    readList(place, "account-groups", "accountGroups"),
    readList(place, `roles${query}`, "roles"),
  ]);
  const missing = [...(accountGroups ? [] : ["account groups"]), ...(roles ? [] : ["roles"])];
  return { accountGroups: accountGroups ?? [], roles: roles ?? [], missing };
}

async function readList({ host, fetch = globalThis.fetch, accessToken }, path, property) {
  try {
    const headers = accessToken ? { authorization: `Bearer ${accessToken}` } : {};
    const response = await fetch(`${host}/${path}`, { headers });
    const list = response.ok ? (await response.json())[property] : undefined;
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}
