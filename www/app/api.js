/** All that this page asks of the API goes through the package, with its retries, its limiter and its errors. */
import init, { ApiClient } from "/pkg/index.js";

/**
 * @param {{ host: string, aid?: string, fetch?: typeof fetch, accessToken?: string }} place what `findPlace` gives
 * @param {{ onCall: (call: object) => void, onRateLimit: (rateLimit: object, headers: object) => void,
 *   onWait: (milliseconds: number) => void }} listeners
 */
export async function connect(place, { onCall, onRateLimit, onWait }) {
  await init();
  const { host, aid, fetch, accessToken } = place;
  const client = new ApiClient({
    host,
    ...(aid && { aid }),
    ...(fetch && { fetch, accessToken }),
    onRateLimit: ({ wait }) => wait !== undefined && onWait(wait),
  });

  /** Calls a method such as `users.getUser` and gives what it answers; the rest of the answer goes to the page. */
  return async function call(method, ...args) {
    const start = performance.now();
    const done = (result) => onCall({ method, args, milliseconds: performance.now() - start, ...result });
    const [api, name] = method.split(".");
    try {
      const { data, statusCode, headers, rateLimit } = await client[api][`${name}WithHttpInfo`](...args);
      onRateLimit(rateLimit, headers);
      done({ result: String(statusCode), succeeded: true });
      return data;
    } catch (error) {
      if (error?.rateLimit) onRateLimit(error.rateLimit, error.headers);
      done({ result: String(error?.status ?? error?.code ?? error?.name ?? error), succeeded: false });
      throw error;
    }
  };
}
