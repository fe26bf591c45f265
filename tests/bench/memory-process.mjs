// node --expose-gc memory-process.mjs DECODER BODY SMALL_BODY: prints what one decoded body takes of memory, as JSON.
import { readFileSync } from "node:fs";

const [file, body, smallBody] = process.argv.slice(2);
const read = (name) => new Uint8Array(readFileSync(name));

const decode = (await import(file)).decoderOf("getUsers");
// What the design has to load and to compile is there before the big body.
decode(read(smallBody));
const bytes = read(body);

const before = settled();
const value = decode(bytes);
const peak = process.resourceUsage().maxRSS * 1024 - before.rss;
const after = settled();
const retained = after.heapUsed + after.external - before.heapUsed - before.external;
if (!value.users.length || !bytes.length) throw new Error("Nothing was decoded.");
console.log(JSON.stringify({ peak, retained }));

function settled() {
  for (let times = 0; times < 3; times += 1) globalThis.gc();
  return process.memoryUsage();
}
