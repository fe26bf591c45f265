/**
 * The glue of wasm-bindgen makes a decoder and an encoder as soon as it is imported. With these in place of what a
 * runtime lacks, importing never throws, and init() says what is missing (wasm-bindgen has no option for it).
 */
export const TextDecoder = globalThis.TextDecoder ?? class { decode() {} };
export const TextEncoder = globalThis.TextEncoder ?? class { encodeInto() {} };
