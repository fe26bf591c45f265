/** What the measured calls are answered: by the sandbox, but once only, so that its thinking is not measured. */
import { createSandbox } from "../../www/sandbox/sandbox.mjs";
import { bodyOf, pathOf } from "./bodies.mjs";

export const token = "sandbox-admin";

/** Somebody with one role, as most have. */
export const userId = "5004";

/** How many items the lists have. */
export const sizes = { getUsers: 100, getRoles: 200, getAccountGroups: 50, getUserEvents: 10_000 };

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
  const lists = Object.entries(sizes).map(([operation, size]) => [`/v7${pathOf(operation)}`, answer(bodyOf(operation, size))]);
  return { [`/v7/users/${userId}`]: answer(user), ...Object.fromEntries(lists) };
}
