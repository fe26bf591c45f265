/** What a page loads of each client that makes the calls: bundled, minified, and compressed with brotli. */
import { brotliCompressSync } from "node:zlib";

import { build } from "esbuild";

import { measure } from "../../pkg-template/build/sizes.mjs";
import { OURS, clients } from "./peers/index.mjs";

const format = { bundle: true, minify: true, write: false, format: "esm", target: "es2022", logLevel: "error" };

/** @returns the tables of this part */
export async function sizes({ stage }) {
  const ours = await measure(stage.packagePath());
  const kilobytes = {};
  for (const [name, file] of Object.entries(clients)) {
    kilobytes[name] = (name === OURS ? ours["browser, both"].brotli : await bundled(stage.peer("clients", file))) / 1000;
  }
  return [
    {
      name: "sizes",
      title: "What a page loads",
      unit: "KB of brotli, minified by esbuild; ours with its .wasm file",
      digits: 1,
      columns: { KB: kilobytes },
    },
  ];
}

async function bundled(file) {
  const { outputFiles } = await build({ entryPoints: [file], ...format });
  return brotliCompressSync(outputFiles[0].contents).length;
}
