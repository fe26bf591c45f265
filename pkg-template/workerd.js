// For Cloudflare Workers: they compile no WebAssembly at run time, so it is imported as a compiled module.
import module from "./thousandeyes_admin_bg.wasm";
import { initSync } from "./thousandeyes_admin.js";

export * from "./exports.js";
export { init as default };

initSync({ module });

export async function init() {}
