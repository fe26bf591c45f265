declare global {
  // TypeScript knows it only with a library newer than es2022. Where it does, this adds nothing.
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}

// Without the DOM library or Node's types these names do not exist, and then nobody has such a value to give.
type Platform<Name extends string> = typeof globalThis extends Record<Name, { prototype: infer T }> ? T : never;
type WithModules = { WebAssembly: { Module: { prototype: object } } };
type PlatformModule = typeof globalThis extends WithModules ? object : never;

/** Where the WebAssembly comes from: an address, a response, the bytes, or the compiled module. */
export type WasmSource =
  | string
  | Platform<"URL">
  | Platform<"Request">
  | Platform<"Response">
  | ArrayBuffer
  | ArrayBufferView
  | PlatformModule;

/**
 * Starts the WebAssembly. Await it once before anything else; calling it again costs nothing, and after a failure it
 * tries again. In browsers it fetches the file, or where a tool lost that, a module that holds the same; in Node, Deno,
 * Bun and Workers it resolves at once.
 *
 * @param source where the WebAssembly shall come from instead: its address, the bytes, or the compiled module
 * @param sourceOfJobs the same for thousandeyes_jobs_bg.wasm, by which `client.admin` works: it is loaded when the first job
 * begins, and only a host that compiles no WebAssembly from bytes needs this
 * @throws {@link NotInitializedError} when the file could not be loaded or compiled, or when the runtime lacks something:
 * the message says what to do
 * @throws {@link ApiTypeError} when `source` is something else
 */
export function init(source?: WasmSource | Promise<WasmSource>, sourceOfJobs?: WasmSource | Promise<WasmSource>): Promise<void>;
export { init as default };
