import { execFile } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

import { root } from "../../toolchain.mjs";

const execute = promisify(execFile);

/** Packs pkg/ as `npm publish` would, and installs the tarball into a fresh project in an empty folder, as a user does. */
export async function createProject(folder) {
  await execute("npm", ["pack", join(root, "pkg"), "--silent", "--pack-destination", folder], { cwd: root });
  const tarball = (await readdir(folder)).find((file) => file.endsWith(".tgz"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await execute("npm", ["install", "--offline", "--silent", "--no-audit", `./${tarball}`], { cwd: folder });

  const path = (...names) => join(folder, ...names);
  return {
    path,
    tarball: path(tarball),
    packagePath: (...names) => path("node_modules/thousandeyes-admin", ...names),
    write: (file, content) => writeFile(path(file), content),
    /** What `import` gives code of the project. */
    async import(specifier) {
      const file = path(`import-${specifier.replace(/\W/g, "-")}.mjs`);
      await writeFile(file, `export * as imported from "${specifier}";`);
      return (await import(pathToFileURL(file))).imported;
    },
    /** What `require` gives code of the project. */
    require: createRequire(path("code.cjs")),
    /** Runs Node in the project and gives what it printed; a failure rejects with that. */
    async node(args, env = {}) {
      return await execute(process.execPath, args, { cwd: folder, env: { ...process.env, ...env } });
    },
  };
}
