import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";

import { root } from "../../toolchain.mjs";

/**
 * A subpath that is one module, `pkg-template/NAME/NAME.mjs` with its types: as it is for `import`, and once more for
 * `require`. What it imports is an optional peer, and stays outside.
 */
export async function addModule(folder, name, { build, version }) {
  const source = join(root, "pkg-template", name);
  const target = (end) => join(folder, name, `${name}.${end}`);
  mkdirSync(join(folder, name), { recursive: true });
  const code = readFileSync(join(source, `${name}.mjs`), "utf8").replace('"0.0.0"', JSON.stringify(version));
  writeFileSync(target("mjs"), code);
  await build({ entryPoints: [target("mjs")], outfile: target("cjs"), format: "cjs", platform: "node", target: "node20" });
  const types = readFileSync(join(source, `${name}.d.ts`), "utf8");
  writeFileSync(target("d.mts"), types);
  writeFileSync(target("d.cts"), types.replaceAll("../index.js", "../index.cjs"));
}

/**
 * Bundles the journal for Node: one file for `require`, and for `import` the same one by its names, so that both give the same
 * class of errors.
 */
export async function addJournal(folder, { build }) {
  const [source, target] = [join(root, "pkg-template/journal"), join(folder, "journal")];
  const files = { entryPoints: [join(source, "journal.mjs")], outfile: join(target, "journal.cjs") };
  await build({ ...files, bundle: true, format: "cjs", platform: "node", target: "node20", absWorkingDir: root });
  writeFileSync(join(target, "journal.mjs"), 'export { JournalError, fileJournal } from "./journal.cjs";\n');
  for (const end of ["mts", "cts"]) cpSync(join(source, "journal.d.ts"), join(target, `journal.d.${end}`));
}

/**
 * Resolvers that do not read `exports` (Jest before 28, TypeScript's node10, Parcel unless told) take a subpath for a
 * folder, and look for a manifest there: each subpath gets one, with what `exports` gives to `require`.
 */
export function addSubpaths(folder) {
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  for (const [subpath, { require: target }] of Object.entries(exports)) {
    if (subpath === "." || !target) continue;
    const from = (file) => posix.relative(subpath, file);
    mkdirSync(join(folder, subpath), { recursive: true });
    const manifest = { main: from(target.default), types: from(target.types) };
    writeFileSync(join(folder, subpath, "package.json"), `${JSON.stringify(manifest)}\n`);
  }
}
