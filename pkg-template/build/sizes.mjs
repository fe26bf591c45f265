import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const file = join(import.meta.dirname, "../sizes.json");

/** The budget in bytes of brotli, and what the last release measured. */
export const { budget, lastRelease } = JSON.parse(readFileSync(file, "utf8"));

/**
 * The bytes that users load: raw, gzip and brotli. Entries are measured as they are served: bundled and minified. What
 * the browser entry loads only where the .wasm file was lost is left out.
 */
export async function measure(folder) {
  const wasm = readFileSync(join(folder, "thousandeyes_admin_bg.wasm"));
  const browser = await bundle(join(folder, "index.js"), { external: ["./base64.js", "./jobs.js"] });
  const jobs = await bundle(join(folder, "jobs.js"));
  const inline = await bundle(join(folder, "inline.mjs"), { external: ["./jobs.js"] });
  return {
    "the .wasm file": sizes([wasm]),
    "browser entry": sizes([browser]),
    "browser, both": sizes([wasm, browser]),
    "inline entry": sizes([inline]),
    "the first job": sizes([jobs]),
  };
}

/** For people: each size in KB, and in brackets its change since the last release. */
export function table(measured, released = lastRelease) {
  const row = ([first, ...cells]) => first.padEnd(16) + cells.map((cell) => cell.padStart(18)).join("");
  const rows = Object.entries(measured).map(([what, bytes]) => {
    const cells = Object.entries(bytes).map(([form, size]) => cell(size, released.sizes[what]?.[form]));
    return row([what, ...cells]);
  });
  const since = `In brackets: the change since ${released.version}.`;
  return [row(["", "raw", "gzip", "brotli"]), ...rows, since, ...overBudget(measured)].join("\n");
}

/** One sentence for each entry that is bigger than it may be. */
export function overBudget(measured, allowed = budget) {
  return Object.entries(allowed)
    .filter(([what, limit]) => measured[what].brotli > limit)
    .map(([what, limit]) => `OVER BUDGET: ${what} has ${measured[what].brotli} bytes of brotli, and may have ${limit}.`);
}

/** At a release: what later builds are compared with. */
export function record(version, measured) {
  writeFileSync(file, `${JSON.stringify({ budget, lastRelease: { version, sizes: measured } }, null, 2)}\n`);
}

function cell(size, before) {
  const text = `${kilobytes(size).toFixed(1)} KB`;
  if (before === undefined) return `${text} (new)`;
  const change = kilobytes(size - before);
  return `${text} (${change < 0 ? "" : "+"}${change.toFixed(1)})`;
}

/** With one decimal, and never -0. */
function kilobytes(bytes) {
  return Math.round(bytes / 100) / 10 || 0;
}

function sizes(files) {
  const sum = (compress) => files.reduce((total, content) => total + compress(content).length, 0);
  const [gzip, brotli] = [gzipSync, brotliCompressSync].map((compress) => (content) => compress(content));
  return { raw: sum((content) => content), gzip: sum(gzip), brotli: sum(brotli) };
}

async function bundle(entry, more = {}) {
  const { build } = await import("esbuild");
  const options = { bundle: true, minify: true, write: false, format: "esm", target: "es2022", ...more };
  const { outputFiles } = await build({ entryPoints: [entry], ...options });
  return Buffer.from(outputFiles[0].contents);
}
