import { describe } from "../../www/sandbox/openapi/description.mjs";
import { createSandbox } from "../../www/sandbox/sandbox.mjs";
import { createContract } from "./contract.mjs";

export const ORIGIN = "https://sandbox.example";
export const ADMIN = "sandbox-admin";
export const ACCOUNT_ADMIN = "sandbox-account-admin";
export const READER = "sandbox-reader";
export const REGULAR = "sandbox-regular";

const contracts = new Map();

/** Validators take time to make, and most sandboxes have the same description. */
export function contractOf({ options }) {
  const description = describe(options, `${ORIGIN}/v7`);
  const key = JSON.stringify(description);
  if (!contracts.has(key)) contracts.set(key, createContract(description));
  return contracts.get(key);
}

/**
 * A sandbox with a short way to ask it: `call(method, path, { body, token, headers })`. Every answer has to be as the
 * sandbox describes itself, except where a fault was met.
 */
export function open(options) {
  let met;
  const onRequest = (entry) => {
    met = entry.faults;
    options?.onRequest?.(entry);
  };
  const sandbox = createSandbox({ ...options, onRequest });
  const check = contractOf(sandbox);

  async function call(method, path, { body, token = ADMIN, headers = {}, ...init } = {}) {
    const response = await sandbox.fetch(`${ORIGIN}${path}`, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined || typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
      ...init,
    });
    const text = await response.text();
    const { status, headers: answered } = response;
    const isJson = answered.get("content-type")?.includes("json") && text !== "";
    const answer = { status, headers: answered, text, body: isJson ? JSON.parse(text) : undefined };
    if (met.length === 0) check({ method, url: `${ORIGIN}${path}` }, answer);
    return answer;
  }

  return { sandbox, call };
}

/** A valid new user. */
export const newUser = (more = {}) => ({
  name: "Newly Added",
  email: "newly.added@example.com",
  accountGroupRoles: [{ accountGroupId: "2002", roleIds: ["33"] }],
  ...more,
});

/** Which fields a refusal names: sorted, because the order of the properties that are declared does not matter. */
export const fields = (answer) => answer.body.errors.map(({ field }) => field).toSorted();
