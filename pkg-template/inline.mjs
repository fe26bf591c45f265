// For Node, Deno, Bun and whatever takes no files: the WebAssembly is a module of JavaScript.
import { bytes } from "./bytes.js";
import { startAtOnce } from "./loading.js";

export * from "./exports.js";
export { init as default };

export const init = startAtOnce(bytes, async () => (await import("./jobs.js")).load());
