// Small applications of apps/, each copied with the package and the README's modules into a folder where it is built.
import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { after } from "node:test";

import { root } from "../../toolchain.mjs";
import { example } from "../readme.mjs";
import { installed, project } from "./environment.mjs";

/** The folder of an application; `library` is where its code has the modules of the README. */
export function application(name, { library = "lib", type = "module" } = {}) {
  mkdirSync(join(root, "target"), { recursive: true });
  const above = mkdtempSync(join(root, "target/app-"));
  // A server that was killed may have a process left that writes: `rmSync` would not look for new files.
  after(() => rm(above, { recursive: true, force: true, maxRetries: 10 }));
  const folder = join(above, name);
  const path = (...names) => join(folder, ...names);

  cpSync(join(import.meta.dirname, "apps", name), folder, { recursive: true });
  // The framework is found above the application, and its own copy of the package in it, as npm installs it.
  symlinkSync(installed(), join(above, "node_modules"));
  cpSync(project.packagePath(), path("node_modules/thousandeyes-admin"), { recursive: true });
  writeFileSync(path("package.json"), JSON.stringify({ private: true, name: `portal-${name}`, type }));

  mkdirSync(path(library), { recursive: true });
  cpSync(join(import.meta.dirname, "exercise.js"), path(library, "exercise.js"));
  writeFileSync(path(library, "page-users.js"), example("page"));
  writeFileSync(path(library, "server-users.js"), example("server"));
  return { folder, path, above };
}
