// node --expose-gc decode-process.mjs DECODERS OPTIONS: prints the ratios as JSON. A process of its own has a clean
// heap.
import { decodeInRounds } from "./decode-rounds.mjs";

const [files, options] = process.argv.slice(2).map((text) => JSON.parse(text));
const decoders = {};
for (const [name, file] of Object.entries(files)) decoders[name] = await import(file);
console.log(JSON.stringify(await decodeInRounds(decoders, options)));
