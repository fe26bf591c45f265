/** What the measured calls are answered: by the sandbox, but once only, so that its thinking is not measured. */
import { createSandbox } from "../../www/sandbox/sandbox.mjs";
import { usersBody } from "./bodies.mjs";

export const token = "sandbox-admin";

/** Somebody with one role, as most have. */
export const userId = "5004";

/** @returns {Promise<Record<string, { status: number, headers: [string, string][], body: Uint8Array }>>} by path */
export async function answers() {
  const { fetch } = createSandbox({ rateLimit: 1_000_000 });
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`https://api.thousandeyes.com/v7/users/${userId}`, { headers });
  const user = new Uint8Array(await response.arrayBuffer());
  const answer = (body) => {
    const headers = new Headers(response.headers);
    headers.set("content-length", body.byteLength);
    return { status: response.status, headers: [...headers], body };
  };
  return { [`/v7/users/${userId}`]: answer(user), "/v7/users": answer(usersBody(100)) };
}
