// A panic leaves its caller's promise pending for ever. Clippy denies every way to one that it can see; here is what the
// compiler left of them in the module that is published.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "../../toolchain.mjs";
import { beginsAsyncBody, panicLocations } from "./panic-locations.mjs";

const sources = readdirSync(join(root, "src"), { recursive: true }).filter((file) => file.endsWith(".rs"));
const paths = sources.map((file) => `src/${file.replaceAll("\\", "/")}`);

for (const module of ["thousandeyes_admin", "thousandeyes_jobs"]) test(`nothing in our own sources can panic: ${module}`, () => {
  const wasm = readFileSync(join(root, `pkg/${module}_bg.wasm`));
  // Not an empty search: the standard library has its places in it.
  assert.ok(wasm.includes("library/alloc/src/"), "the module names no place at all");
  const inCode = panicLocations(wasm, paths).filter((location) => {
    const [path, line, column] = location.split(":");
    return !line || !beginsAsyncBody(readFileSync(join(root, path), "utf8"), Number(line), Number(column));
  });
  assert.deepEqual(inCode, []);
});

test("a place of ours is found in a module, one of a dependency is not", () => {
  const pointer = (address, length, line, column) => [address, length, line, column].flatMap((value) => [value, value >> 8, 0, 0]);
  const text = Buffer.from("…src/client.rs other-1.2.3/src/client.rs /library/core/src/client.rs");
  const start = text.indexOf("src/client.rs");
  const data = Buffer.concat([Buffer.from(pointer(64 + start, 13, 300, 7)), Buffer.alloc(48), text]);
  const segment = [1, 0, 0x41, 0, 0x0b, ...leb(data.length), ...data];
  const module = Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 11, ...leb(segment.length), ...segment]);
  assert.deepEqual(panicLocations(module, ["src/client.rs"]), ["src/client.rs:300:7"]);
});

test("only the beginning of an async body is told from the rest of the code", () => {
  const source = `async fn sent(Failed { error, .. }: Failed) -> Option<u8>
where
    Failed: Sized,
{
    let body = async move { error.first() };
    body.await.unwrap()
}
fn first() {
    list[0]
}`;
  const places = [...source.matchAll(/\S+/g)].filter(({ index }) => {
    const before = source.slice(0, index).split("\n");
    return beginsAsyncBody(source, before.length, before.at(-1).length + 1);
  });
  assert.deepEqual(places.map(({ index }) => source.slice(index).split("\n")[0]), [
    "{",
    "async move { error.first() };",
  ]);
});

function leb(value) {
  return value < 128 ? [value] : [(value % 128) + 128, ...leb(Math.floor(value / 128))];
}
