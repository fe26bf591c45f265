/** From the bytes of a body to its value, with the check that each design does: in Node and in Chromium. */
import { join } from "node:path";

import { build } from "esbuild";
import { chromium } from "playwright-core";

import { variants } from "./bodies.mjs";
import { decoders } from "./peers/index.mjs";

/** Garbage is collected between samples only, and the code of those whose turn is not now is kept. */
const engineFlags = ["--expose-gc", "--no-flush-bytecode"];

const chromiumFlags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];

const inNode = (stage, options) => decodeInNode(stage, decoders, { rounds: 25, sample: 5, ...options });
/** A browser's clock is coarse, so samples are longer. */
const inChromium = (stage, options) => decodeInChromium(stage, decoders, { rounds: 15, sample: 20, ...options });

/** @returns the tables of this part */
export async function decode({ stage }) {
  const tables = [];
  for (const [engine, measure] of Object.entries({ Node: inNode, Chromium: inChromium })) {
    for (const variant of Object.keys(variants)) {
      const sizes = variant === "plain" ? [1, 100, 1000, 10_000, 100_000] : [100, 10_000];
      tables.push({
        name: `decode, ${engine}, ${variant}`,
        title: `Decode a list of users in ${engine}, ${variant}`,
        unit: "time, JSON.parse = 1.00",
        digits: 2,
        columns: await measure(stage, { sizes, variant }),
      });
    }
  }
  return tables;
}

/**
 * @param {object} stage
 * @param {Record<string, string>} decoders file by name
 * @param {object} options of `decodeInRounds`
 */
export async function decodeInNode(stage, decoders, options) {
  const files = stage.peers("decoders", decoders);
  const program = join(import.meta.dirname, "decode-process.mjs");
  const { stdout } = await stage.node([...engineFlags, program, JSON.stringify(files), JSON.stringify(options)]);
  return JSON.parse(stdout);
}

/** The same in a page. */
export async function decodeInChromium(stage, decoders, options) {
  const args = [...chromiumFlags, `--js-flags=${engineFlags.join(" ")}`];
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: await bundle(stage, decoders) });
    return await page.evaluate((given) => bench.decodeInRounds(bench.decoders, given), options);
  } finally {
    await browser.close();
  }
}

async function bundle(stage, decoders) {
  const imports = Object.values(decoders).map((file, index) => `import * as decoder${index} from "./peers/decoders/${file}";`);
  const entries = Object.keys(decoders).map((name, index) => `${JSON.stringify(name)}: decoder${index}`);
  const contents = `${imports.join("\n")}
export { decodeInRounds } from ${JSON.stringify(join(import.meta.dirname, "decode-rounds.mjs"))};
export const decoders = { ${entries.join(", ")} };`;
  const format = { bundle: true, format: "iife", globalName: "bench", target: "es2022", write: false };
  const { outputFiles } = await build({ stdin: { contents, resolveDir: stage.path() }, ...format });
  return outputFiles[0].text;
}
