import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

/** Bytes of what matters to users: raw, gzip and brotli. The entries are measured bundled and minified, as they are served. */
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
  const rows = Object.entries(measured).map(([what, { raw, gzip, brotli }]) => row([what, ...[raw, gzip, brotli].map(kilobytes)]));
  return [row(["", "raw", "gzip", "brotli"]), ...rows].join("\n");
}

function sizes(files) {
  const sum = (size) => files.reduce((total, file) => total + size(file).length, 0);
  return { raw: sum((file) => file), gzip: sum((file) => gzipSync(file, { level: 9 })), brotli: sum(brotliCompressSync) };
}

async function bundle(entry) {
  const { build } = await import("esbuild");
  const options = { bundle: true, minify: true, write: false, format: "esm", target: "es2022" };
  const { outputFiles } = await build({ entryPoints: [entry], ...options });
  return Buffer.from(outputFiles[0].contents);
}
