import { readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "../toolchain.mjs";

/**
 * The examples of the README: each is a fenced block right below a comment such as `<!-- test: portal -->`, by whose name a
 * test finds it.
 */
export function examples() {
  const text = readFileSync(join(root, "README.md"), "utf8");
  const blocks = text.matchAll(/^<!-- test: (?<name>\S+) -->\n```(?<language>\w+)\n(?<code>[^]*?)^```$/gm);
  return [...blocks].map(({ groups, index }) => ({ ...groups, line: text.slice(0, index).split("\n").length }));
}

/** The code of the example of this name. */
export function example(name) {
  const [found, ...more] = examples().filter((candidate) => candidate.name === name);
  if (!found || more.length > 0) throw new Error(`README.md needs one example below <!-- test: ${name} -->.`);
  return found.code;
}
