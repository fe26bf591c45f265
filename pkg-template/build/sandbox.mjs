import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
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

/** Copies the sandbox as it is, with types, and a bundle of each entry for `require`. */
export async function addSandbox(folder, { build, version }) {
  const target = join(folder, "sandbox");
  mkdirSync(target, { recursive: true });
  cpSync(join(root, "www/sandbox"), target, { recursive: true });
  const versionFile = join(target, "version.mjs");
  writeFileSync(versionFile, readFileSync(versionFile, "utf8").replace('"unreleased"', JSON.stringify(version)));
  for (const entry of entries) {
    const types = declarations(readFileSync(join(root, "pkg-template/sandbox", `${entry}.d.ts`), "utf8"));
    writeFileSync(join(target, `${entry}.d.mts`), types.replaceAll("./sandbox.js", "./sandbox.mjs"));
    writeFileSync(join(target, `${entry}.d.cts`), types.replaceAll("./sandbox.js", "./sandbox.cjs"));
    await build({
      entryPoints: [join(target, `${entry}.mjs`)],
      outfile: join(target, `${entry}.cjs`),
      bundle: true,
      format: "cjs",
      platform: "node",
      target: "node20",
    });
  }
}
