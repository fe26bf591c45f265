import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "../../toolchain.mjs";

/** The stores by which limiters share a window: each in one file for `import` and one for `require`, with types for both. */
export async function addStores(folder, { build }) {
  for (const name of ["redis", "tabs"]) {
    const source = join(root, "pkg-template", name);
    for (const [format, end] of [["esm", "mjs"], ["cjs", "cjs"]]) {
      const outfile = join(folder, name, `${name}.${end}`);
      await build({ entryPoints: [join(source, `${name}.mjs`)], bundle: true, target: "es2022", format, outfile, logLevel: "error" });
    }
    const types = readFileSync(join(source, `${name}.d.ts`), "utf8");
    for (const end of ["mts", "cts"]) writeFileSync(join(folder, name, `${name}.d.${end}`), types);
  }
}
