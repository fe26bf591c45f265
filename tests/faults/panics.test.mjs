// A panic leaves its caller's promise pending for ever. Clippy denies every way to one that it can see; here is what the
// compiler left of them in the module that is published.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "../../toolchain.mjs";
import { panicLocations } from "./panic-locations.mjs";

const sources = readdirSync(join(root, "src"), { recursive: true }).filter((file) => file.endsWith(".rs"));
const paths = sources.map((file) => `src/${file.replaceAll("\\", "/")}`);

const wasm = readFileSync(join(root, "pkg/thousandeyes_admin_bg.wasm"));

test("nothing in our own sources can panic", () => {
  // Not an empty search: the standard library has its places in it.
  assert.ok(wasm.includes("library/alloc/src/"), "the module names no place at all");
  assert.deepEqual(panicLocations(wasm, paths), []);
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

function leb(value) {
  return value < 128 ? [value] : [(value % 128) + 128, ...leb(Math.floor(value / 128))];
}
