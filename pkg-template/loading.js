// Where the WebAssembly comes from, and what to do when it does not come.
import { ApiTypeError, NotInitializedError } from "./errors.js";

/** The word for the kind of a value, which is the same in every realm. */
const kindOf = (value) => Object.prototype.toString.call(value).slice(8, -1);

/** What a caller gave init(), with an address replaced by what lies there. */
export async function contentOf(source) {
  const kind = kindOf(source);
  if (["String", "URL", "Request"].includes(kind)) return usable(await fetch(source));
  if (kind === "Response") return usable(source);
  if (["ArrayBuffer", "WebAssembly.Module"].includes(kind) || ArrayBuffer.isView(source)) return source;
  throw new ApiTypeError(
    "init() takes nothing, or where thousandeyes_admin_bg.wasm is: its address, a Response, the bytes, or a " +
      `WebAssembly.Module. It got: ${kind}.`,
    { path: "source", outcome: "not-sent" },
  );
}

/** A server without the file may answer with a page and status 200. */
function usable(response) {
  const type = response.headers.get("Content-Type") ?? "";
  if (!response.ok || type.startsWith("text/html")) {
    const address = response.url.split(/[?#]/)[0];
    throw new Error(`${address || "the Response"} answered ${response.status} ${type}`.trim());
  }
  // wasm-bindgen warns on the user's console of a type that browsers do not compile while loading.
  return type === "application/wasm" ? response : response.arrayBuffer();
}

export function startFailure(cause) {
  return new NotInitializedError(advice(cause), { cause, retryable: true });
}

function advice(cause) {
  const message = cause?.message ?? cause;
  if (/unsafe-eval|\bCSP\b|content security policy/i.test(message)) {
    return "The page's Content-Security-Policy forbids WebAssembly: add 'wasm-unsafe-eval' to its script-src.";
  }
  // Where a whole module of imports is missing, that is a TypeError.
  const unlinked = cause instanceof TypeError && /\bimport\b/i.test(message);
  if (unlinked || cause instanceof WebAssembly.CompileError || cause instanceof WebAssembly.LinkError) {
    return (
      "The WebAssembly is not that of this release of thousandeyes-admin: serve the thousandeyes_admin_bg.wasm " +
      "that was installed with it."
    );
  }
  return (
    `The file thousandeyes_admin_bg.wasm could not be loaded: ${message}. Serve it there, or give init() its address. ` +
    'Vite before 8 needs optimizeDeps: { exclude: ["thousandeyes-admin"] }; with esbuild or Rollup import ' +
    '"thousandeyes-admin/inline".'
  );
}
