// For browsers and bundlers: the WebAssembly is a file of its own, and init() fetches it.
import { contentOf, decoded, jobsOf, starter } from "./loading.js";

export * from "./exports.js";
export { init as default };

export const init = /* @__PURE__ */ starter(async () => {
  try {
    // Bundlers find the file by the literal `new URL(…, import.meta.url)`; keep it in one piece.
    return await contentOf(new URL("./thousandeyes_admin_bg.wasm", import.meta.url));
  } catch (cause) {
    return await withoutFile(cause);
  }
}, async (source) => jobsOf(await import("./jobs.js"), source));

/** Tools that lose the file still keep modules, so the same bytes come as one. Nothing loads it where the file is there. */
async function withoutFile(cause) {
  const { default: base64 } = await import("./base64.js").catch(() => Promise.reject(cause));
  return decoded(base64);
}
