// For Node, Deno, Bun, edge runtimes, and bundlers that lose files: the WebAssembly is in this file.
import { initSync } from "./thousandeyes_admin.js";

export * from "./exports.js";
export { init as default };

const text = atob("{{wasm}}");
const bytes = new Uint8Array(text.length);
for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
initSync({ module: bytes });

export async function init() {}
