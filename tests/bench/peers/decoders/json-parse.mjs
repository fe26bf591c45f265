/** Nothing is checked: what a client does that trusts its server. */
const decoder = new TextDecoder();

export const parse = (bytes) => JSON.parse(decoder.decode(bytes));

export const decoderOf = () => parse;
