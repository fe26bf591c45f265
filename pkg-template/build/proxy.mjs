import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "../../toolchain.mjs";
import { operations } from "../proxy/operations.mjs";

const source = join(root, "pkg-template/proxy");

const union = (names) => names.map((name) => `\n  | ${JSON.stringify(name)}`).join("");
const named = (isWanted) => union(operations.filter(([, method]) => isWanted(method)).map(([name]) => name));

/** Bundles the proxy: one file for `import`, one for `require`, and the types with the names of the operations. */
export async function addProxy(folder, { build }) {
  for (const [format, extension] of [["esm", "mjs"], ["cjs", "cjs"]]) {
    const files = { entryPoints: [join(source, "proxy.mjs")], outfile: join(folder, `proxy/proxy.${extension}`) };
    await build({ ...files, bundle: true, format, target: "es2022", absWorkingDir: root });
  }
  const types = readFileSync(join(source, "proxy.d.ts"), "utf8")
    .replace("{{reads}}", named((method) => method === "GET"))
    .replace("{{writes}}", named((method) => method !== "GET"));
  for (const extension of ["d.mts", "d.cts"]) writeFileSync(join(folder, `proxy/proxy.${extension}`), types);
}
