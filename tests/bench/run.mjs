/**
 * `npm run bench`: measures the packed package and what it is compared with, side by side, and prints tables. All
 * figures are ratios or differences within this one run. `--only decode,calls` runs some parts, `--json FILE` writes
 * the results there, too, `--update-readme` those of all parts into the README.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

import { ensure, openapiGenerator, run } from "../../toolchain.mjs";
import { packages } from "./peers/index.mjs";

const parts = ["decode", "calls", "start", "sizes", "memory", "parts"];

const { values: options } = parseArgs({
  options: { only: { type: "string" }, json: { type: "string" }, "update-readme": { type: "boolean" } },
});

try {
  await main(options.only?.split(",") ?? parts);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function main(wanted) {
  const unknown = wanted.filter((name) => !parts.includes(name));
  if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(", ")}; the parts are ${parts.join(", ")}.`);
  if (options["update-readme"] && options.only) throw new Error("The README shows all parts: leave out --only.");
  ensure(["npm", "peers", "openapi-generator", "browser"]);
  console.log(run(process.execPath, "pkg-template/build.mjs"));

  // These need what has just been installed.
  const { createStage, placeOf } = await import("./stage.mjs");
  const { generateTypescriptFetch } = await import("./typescript-fetch.mjs");
  const stage = await createStage({ packages });
  const server = await startServer();
  try {
    await stage.add("openapi-generator-typescript-fetch", await generateTypescriptFetch());
    const results = { versions: versions(placeOf), tables: await measure(wanted, { stage, baseUrl: server.url }) };
    if (options.json) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
    if (options["update-readme"]) (await import("./readme.mjs")).updateReadme(results);
  } finally {
    server.stop();
    await stage.remove();
  }
}

async function measure(names, context) {
  const { textTable } = await import("./table.mjs");
  const tables = [];
  for (const name of names) {
    const measured = await (await import(`./${name}.mjs`))[name](context);
    for (const table of measured) console.log(`${textTable(table)}\n`);
    tables.push(...measured);
  }
  return tables;
}

async function startServer() {
  const child = spawn(process.execPath, [join(import.meta.dirname, "server.mjs")], { stdio: ["ignore", "pipe", "inherit"] });
  const [url] = await once(createInterface(child.stdout), "line");
  return { url, stop: () => child.kill() };
}

function versions(placeOf) {
  const chromium = /\d+/.exec(run("chromium", "--version"))[0];
  const generator = run(openapiGenerator, "version").trim();
  const peers = packages.map((name) => [name, JSON.parse(readFileSync(join(placeOf(name), "package.json"), "utf8")).version]);
  return { Node: process.versions.node, Chromium: chromium, ...Object.fromEntries(peers), "openapi-generator": generator };
}
