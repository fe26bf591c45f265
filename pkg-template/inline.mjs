// For Node, Deno, Bun and whatever takes no files: the WebAssembly is a module of JavaScript.
import base64 from "./base64.js";
import { decoded, jobsOf, startAtOnce } from "./loading.js";

export * from "./exports.js";
export { init as default };

export const init = startAtOnce(() => decoded(base64), async (source) => jobsOf(await import("./jobs.js"), source));
