// For Node, Deno, Bun, edge runtimes, and bundlers that lose files: the WebAssembly is a module of JavaScript.
import base64 from "./base64.js";
import { startFailure } from "./loading.js";
import { initSync } from "./thousandeyes_admin.js";

export * from "./exports.js";
export { init as default };

// Where there is Node's Buffer it is many times as fast; named like this, no bundler brings one along.
const { Buffer } = globalThis;
const bytes = Buffer ? Buffer.from(base64, "base64") : Uint8Array.from(atob(base64), (unit) => unit.charCodeAt(0));

let failure;
try {
  initSync({ module: bytes });
} catch (cause) {
  failure = startFailure(cause);
}

export async function init() {
  if (failure) throw failure;
}
