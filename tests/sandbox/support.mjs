import { createSandbox } from "../../www/sandbox/sandbox.mjs";

export const ORIGIN = "https://sandbox.example";
export const ADMIN = "sandbox-admin";
export const ACCOUNT_ADMIN = "sandbox-account-admin";
export const READER = "sandbox-reader";
export const REGULAR = "sandbox-regular";

/** A sandbox with a short way to ask it: `call(method, path, { body, token, headers })`. */
export function open(options) {
  const sandbox = createSandbox(options);

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
    return { status, headers: answered, text, body: isJson ? JSON.parse(text) : undefined };
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

export const fields = (answer) => answer.body.errors.map(({ field }) => field);
