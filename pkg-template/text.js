/**
 * For wasm-bindgen's glue, which makes a decoder and an encoder as soon as it is imported: with these in place of what a
 * runtime lacks, importing never throws, and init() says what is missing.
 */
export const TextDecoder = globalThis.TextDecoder ?? class { decode() {} };
export const TextEncoder = globalThis.TextEncoder ?? class { encodeInto() {} };
