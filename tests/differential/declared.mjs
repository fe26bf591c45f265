/** What the declarations say, as the sandbox's description has it: another way to the models than the fuzzer's own. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "../../toolchain.mjs";

/** The operations, and the schemas of what travels. */
export const { operations, schemas } = JSON.parse(readFileSync(join(root, "www/sandbox/openapi/declared.json"), "utf8"));

/** The names of the models that answers have, and of those within them. */
export const models = [...operations.flatMap(({ answer }) => answer ?? []).reduce(add, new Set())];

function add(names, name) {
  if (names.has(name)) return names;
  names.add(name);
  const refs = JSON.stringify(schemas[name]).matchAll(/#\/components\/schemas\/(\w+)/g);
  return Array.from(refs, ([, of]) => of).reduce(add, names);
}
