// For Node, Deno, Bun, edge runtimes, and bundlers that lose files: the WebAssembly is in this file.
import { initSync } from "./thousandeyes_admin.js";
import { startFailure } from "./loading.js";

export * from "./exports.js";
export { init as default };

const text = atob("{{wasm}}");
const bytes = new Uint8Array(text.length);
for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);

let failure;
try {
  initSync({ module: bytes });
} catch (cause) {
  failure = startFailure(cause);
}

export async function init() {
  if (failure) throw failure;
}
