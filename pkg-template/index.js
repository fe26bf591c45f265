// For browsers and bundlers: the WebAssembly is a file of its own, and init() fetches it.
import start from "./thousandeyes_admin.js";
import { ApiTypeError } from "./errors.js";
import { contentOf, startFailure } from "./loading.js";

export * from "./exports.js";
export { init as default };

let started;

// Bundlers find the file by the literal `new URL(…, import.meta.url)`; keep it in one piece.
export function init(source = new URL("./thousandeyes_admin_bg.wasm", import.meta.url)) {
  started ??= load(source);
  return started;
}

async function load(source) {
  try {
    // Always an object: wasm-bindgen warns about anything else on the user's console (wasm-bindgen#4122).
    await start({ module_or_path: await contentOf(await source) });
  } catch (cause) {
    started = undefined;
    throw cause instanceof ApiTypeError ? cause : startFailure(cause);
  }
}
