/** One self-contained declaration file: init() and the errors from pkg-template, the rest from wasm-bindgen. */
export function declarations({ loader, errors, generated }) {
  const end = generated.indexOf("export type InitInput");
  if (end < 0) throw new Error("wasm-bindgen writes its types differently: adapt pkg-template/build/declarations.mjs.");
  const api = generated
    .slice(0, end)
    .replace(/^\/\* (?:tslint:disable|eslint-disable) \*\/\n/gm, "")
    .replace(/^ +free\(\): void;\n/gm, "")
    .replace(/\n{3,}/g, "\n\n");
  return [loader, api, errors].map((part) => part.trim()).join("\n\n") + "\n";
}
