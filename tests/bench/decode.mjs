/** From the bytes of a body to its value, with the check that each design does: in Node and in Chromium. */
import { join } from "node:path";

import { build } from "esbuild";
import { chromium } from "playwright-core";

import { variants } from "./bodies.mjs";
import { decoders } from "./peers/index.mjs";

/** Garbage is collected between samples only, and the code of those whose turn is not now is kept. */
const engineFlags = ["--expose-gc", "--no-flush-bytecode"];

/** Many short samples: most of them are over before the machine has something else to do. */
const usual = { rounds: 61, sample: 2 };

/** A page that is isolated from others, and so gets a clock of 5 microseconds. Nothing is asked of the network. */
const address = "http://localhost/";
const emptyPage = {
  contentType: "text/html",
  headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" },
  body: "<!doctype html>",
};

const chromiumFlags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];

/** By what they are called in the tables. */
export const otherLists = {
  "200 roles": { operation: "getRoles", size: 200 },
  "50 account groups": { operation: "getAccountGroups", size: 50 },
  "10,000 events": { operation: "getUserEvents", size: 10_000 },
};

/** Where it is measured: `(stage, decoders, options of decodeInRounds) => ratios`, `decoders` being files by name. */
export const engines = {
  async Node(stage, decoders, options) {
    const given = [stage.peers("decoders", decoders), { ...usual, ...options }];
    const program = join(import.meta.dirname, "decode-process.mjs");
    const { stdout } = await stage.node([...engineFlags, program, ...given.map((value) => JSON.stringify(value))]);
    return JSON.parse(stdout);
  },

  async Chromium(stage, decoders, options) {
    const args = [...chromiumFlags, `--js-flags=${engineFlags.join(" ")}`];
    const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
    try {
      const page = await browser.newPage();
      await page.route(address, (route) => route.fulfill(emptyPage));
      await page.goto(address);
      await page.addScriptTag({ content: await bundle(stage, decoders) });
      const given = { ...usual, ...options };
      return await page.evaluate((options) => bench.decodeInRounds(bench.decoders, options), given);
    } finally {
      await browser.close();
    }
  },
};

/** @returns the tables of this part */
export async function decode({ stage }) {
  const tables = [];
  for (const [engine, measure] of Object.entries(engines)) {
    for (const variant of Object.keys(variants)) {
      const sizes = variant === "plain" ? [1, 100, 1000, 10_000, 100_000] : [100, 10_000];
      tables.push({
        name: `decode, ${engine}, ${variant}`,
        title: `Decode a list of users in ${engine}, ${variant}`,
        unit: "time by number of users, JSON.parse = 1.00",
        digits: 2,
        columns: await measure(stage, decoders, { sizes, variant }),
      });
    }
    const columns = {};
    for (const [column, { operation, size }] of Object.entries(otherLists)) {
      ({ [size]: columns[column] } = await measure(stage, decoders, { operation, sizes: [size] }));
    }
    const head = { name: `decode, ${engine}, other lists`, title: `Decode other lists in ${engine}` };
    tables.push({ ...head, unit: "time, JSON.parse = 1.00", digits: 2, columns });
  }
  return tables;
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
