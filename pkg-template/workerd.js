// For Cloudflare Workers: they compile no WebAssembly at run time, so it is imported as a compiled module.
import module from "./thousandeyes_admin_bg.wasm";
import { startAtOnce } from "./loading.js";

export * from "./exports.js";
export { init as default };

export const init = startAtOnce(() => module);
