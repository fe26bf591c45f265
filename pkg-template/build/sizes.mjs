import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

/** The bytes that users load: raw, gzip and brotli. Entries are measured as they are served: bundled and minified. */
export async function measure(folder) {
  const wasm = readFileSync(join(folder, "thousandeyes_admin_bg.wasm"));
  const browser = await bundle(join(folder, "index.js"));
  const inline = await bundle(join(folder, "inline.js"));
  return {
    "thousandeyes_admin_bg.wasm": sizes([wasm]),
    "browser: wasm and JavaScript": sizes([wasm, browser]),
    "inline: all in one file": sizes([inline]),
  };
}

export function table(measured) {
  const row = (cells) => cells[0].padEnd(30) + cells.slice(1).map((cell) => cell.padStart(10)).join("");
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
  const rows = Object.entries(measured).map(([what, bytes]) => row([what, ...Object.values(bytes).map(kilobytes)]));
  return [row(["", "raw", "gzip", "brotli"]), ...rows].join("\n");
}

function sizes(files) {
  const sum = (compress) => files.reduce((total, file) => total + compress(file).length, 0);
  const [gzip, brotli] = [gzipSync, brotliCompressSync].map((compress) => (file) => compress(file));
  return { raw: sum((file) => file), gzip: sum(gzip), brotli: sum(brotli) };
}

async function bundle(entry) {
  const { build } = await import("esbuild");
  const options = { bundle: true, minify: true, write: false, format: "esm", target: "es2022" };
  const { outputFiles } = await build({ entryPoints: [entry], ...options });
  return Buffer.from(outputFiles[0].contents);
}
