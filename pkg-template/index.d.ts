// Names that TypeScript knows only with the DOM library, or a newer one. Where it knows them, this adds nothing.
declare global {
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
  interface AbortSignal {}
  interface Request {}
  interface Response {}
  interface URL {}
  namespace WebAssembly {
    interface Module {}
  }
}

/** Where the WebAssembly comes from: an address, a response, the bytes, or the compiled module. */
export type WasmSource = string | URL | Request | Response | ArrayBuffer | ArrayBufferView | WebAssembly.Module;

/**
 * Starts the WebAssembly. Await it once before anything else; calling it again costs nothing, and after a failure it
 * tries again. In browsers it fetches the file; in Node, Deno, Bun and Workers it resolves at once.
 *
 * @param source for browsers that cannot find the file where the bundler put it: its address, the bytes, or the module
 * @throws {NotInitializedError} the file could not be loaded or compiled
 */
export function init(source?: WasmSource | Promise<WasmSource>): Promise<void>;
export { init as default };
