import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "../../toolchain.mjs";
import { driftKinds } from "../../www/sandbox/faults/drift.mjs";
import { errorBodies } from "../../www/sandbox/faults/error-bodies.mjs";
import { faultKinds } from "../../www/sandbox/faults/kinds.mjs";
import { defaultOf, settings, switches } from "../../www/sandbox/options.mjs";

const entries = ["sandbox", "server"];

const union = (values) => Object.keys(values).map((value) => JSON.stringify(value)).join(" | ");
const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}`;

function property([name, spec]) {
  const type = spec.values ? union(spec.values) : typeof spec.default;
  const values = Object.entries(spec.values ?? {}).map(([value, help]) => `\n   * - \`"${value}"\`: ${help}`);
  const comment = `${sentence(spec.help)}. Default \`${JSON.stringify(defaultOf(spec))}\`.${values.join("")}`;
  return values.length > 0 ? `  /**\n   * ${comment}\n   */\n  ${name}?: ${type};` : `  /** ${comment} */\n  ${name}?: ${type};`;
}

/** The options are declared from the table that the sandbox itself reads, so that neither can lack one. */
function declarations(template) {
  const properties = Object.entries({ ...settings, ...switches }).map(property);
  const options = `/** What can be chosen. Most are about what the vendor leaves open; their defaults are assumptions. */
export interface SandboxSettings {
${properties.join("\n")}
}`;
  return template
    .replace("{{options}}", () => options)
    .replace("{{faults}}", union(faultKinds))
    .replace("{{bodies}}", union(errorBodies))
    .replace("{{drifts}}", union(driftKinds));
}

const source = join(root, "www/sandbox");

/** What `--version` prints. */
const withVersion = (version) => ({
  name: "version",
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]sandbox[\\/]version\.mjs$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace('"unreleased"', JSON.stringify(version)),
    })),
});

/** The folder of the npm package that a file in a bundle comes from, or undefined. */
const packageOf = (file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];

/** What the MIT License permits: one of the packages has the text of it, the other only its name. */
function permission() {
  const [, , ...text] = readFileSync(join(root, "node_modules/hono/LICENSE"), "utf8").split("\n\n");
  return text.join("\n\n");
}

/** The copyright of a bundled package: its own file, or what its manifest says of it. */
function notice(folder) {
  const place = join(root, folder);
  const { name, version, license, author, homepage } = JSON.parse(readFileSync(join(place, "package.json"), "utf8"));
  const file = readdirSync(place).find((entry) => /^licen[cs]e/i.test(entry));
  const said = () => [`${license} License`, `Copyright (c) ${author.replace(/ *<.*>/, "")}, ${homepage}`, permission()];
  const parts = file ? [readFileSync(join(place, file), "utf8")] : said();
  return [`${name} ${version}`, ...parts].join("\n\n");
}

/** Bundles the sandbox with the packages that it uses: modules that share what they have in common, and a file for each `require`. */
export async function addSandbox(folder, { build, version }) {
  const target = join(folder, "sandbox");
  const usual = { bundle: true, platform: "node", target: "node20", plugins: [withVersion(version)], absWorkingDir: root };
  const entryPoints = (names) => names.map((name) => join(source, `${name}.mjs`));
  const { metafile } = await build({
    ...usual,
    entryPoints: entryPoints([...entries, "cli"]),
    outdir: target,
    outExtension: { ".js": ".mjs" },
    format: "esm",
    splitting: true,
    chunkNames: "shared/[hash]",
    metafile: true,
  });
  await build({
    ...usual,
    entryPoints: entryPoints(entries),
    outdir: target,
    outExtension: { ".js": ".cjs" },
    format: "cjs",
  });

  for (const entry of entries) {
    const types = declarations(readFileSync(join(root, "pkg-template/sandbox", `${entry}.d.ts`), "utf8"));
    writeFileSync(join(target, `${entry}.d.mts`), types.replaceAll("./sandbox.js", "./sandbox.mjs"));
    writeFileSync(join(target, `${entry}.d.cts`), types.replaceAll("./sandbox.js", "./sandbox.cjs"));
  }
  const packages = new Set(Object.keys(metafile.inputs).map(packageOf).filter(Boolean));
  const rule = `\n${"-".repeat(80)}\n\n`;
  const title = "The sandbox holds code of these packages.\n";
  writeFileSync(join(target, "LICENSES.txt"), [title, ...[...packages].map(notice)].join(rule));
}
