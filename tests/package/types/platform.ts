// What only makes sense where the platform has it: the DOM library or Node's types.
import init, { UsersApi } from "thousandeyes-admin";

export async function platform() {
  await init(new URL("https://portal.example/thousandeyes_admin_bg.wasm"));
  await init(fetch("/thousandeyes_admin_bg.wasm"));
  await init(new Uint8Array(8));
  // @ts-expect-error a number is no place to load from
  await init(8);

  const users = new UsersApi({ fetch: async (url, init) => await fetch(url, { ...init, credentials: "omit" }) });
  await users.getUsers({ signal: AbortSignal.timeout(1_000) });
  // @ts-expect-error the controller in place of its signal
  await users.getUsers({ signal: new AbortController() });
}
