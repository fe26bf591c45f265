import init, { UsersApi } from "thousandeyes-admin";

/** As it comes: with retries, timeouts, and the limiter. */
export async function createClient({ baseUrl, token, concurrency }) {
  await init();
  return new UsersApi({ host: baseUrl, accessToken: token, maxConcurrency: concurrency });
}
