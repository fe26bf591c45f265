// What the browsers are shown: the README's code for pages, and what the tests do with it.
import { readdirSync } from "node:fs";

import { example } from "../readme.mjs";
import { project } from "./environment.mjs";

const ours = "thousandeyes-admin";

/** Writes the program of a page or worker, for one way to name the package and one to tell what came of the calls. */
export async function pageProgram(name, { specifier = ours, tell = "report" } = {}) {
  const named = (code) => code.replaceAll(`"${ours}"`, `"${specifier}"`);
  await project.write(`${name}-users.js`, named(example("page")));
  await project.write(
    `${name}.js`,
    named(`import { ApiClient, NotFoundException } from "${ours}";
      import { users } from "./${name}-users.js";
      import { exercise } from "./exercise.js";
      ${tell}(await exercise(users, { ApiClient, NotFoundException }));`),
  );
}

export const html = (...parts) => `<!doctype html><meta charset="utf-8"><script src="/report.js"></script>${parts.join("")}`;

/** The names of the .wasm files below a folder. */
export function wasmFiles(folder) {
  return readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".wasm"));
}
