import { readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "../toolchain.mjs";

/**
 * The examples of a README: each is a fenced block right below a comment such as `<!-- test: node -->`, which names it
 * and says who runs it. Several may have the same name.
 */
export function examples(file = "README.md") {
  const text = readFileSync(join(root, file), "utf8");
  const blocks = text.matchAll(/^<!-- test: (?<name>\S+) -->\n```(?<language>\w+)\n(?<code>[^]*?)^```$/gm);
  return [...blocks].map(({ groups, index }) => ({ ...groups, line: text.slice(0, index).split("\n").length }));
}

/** The code of the example of this name in the project's README. */
export function example(name) {
  const [found, ...more] = examples().filter((candidate) => candidate.name === name);
  if (!found || more.length > 0) throw new Error(`README.md needs one example below <!-- test: ${name} -->.`);
  return found.code;
}
