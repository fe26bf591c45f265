import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";

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
