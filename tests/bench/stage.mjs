/** A project such as a user has: the packed package is installed in it, and beside it what it is compared with. */
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

import { root } from "../../toolchain.mjs";
import { createProject } from "../package/project.mjs";

/** @param {{ packages: string[] }} options npm packages of tests/bench/ or of the project that peers need */
export async function createStage({ packages }) {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  const project = await createProject(folder);
  for (const name of packages) await link(name, project.path("node_modules", name));
  await cp(join(import.meta.dirname, "peers"), project.path("peers"), { recursive: true });
  const peer = (kind, file) => project.path("peers", kind, file);
  return {
    ...project,
    /** What the peers may import by a name, from the code of one file. */
    async add(name, code) {
      await mkdir(project.path("node_modules", name));
      await writeFile(project.path("node_modules", name, "package.json"), '{ "type": "module", "sideEffects": false }');
      await writeFile(project.path("node_modules", name, "index.js"), code);
    },
    peer,
    /** Their addresses for `import`, by name. */
    peers: (kind, files) =>
      Object.fromEntries(Object.entries(files).map(([name, file]) => [name, pathToFileURL(peer(kind, file)).href])),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function link(name, place) {
  await mkdir(dirname(place), { recursive: true });
  await symlink(placeOf(name), place, "dir");
}

/** Where an npm package is installed that a peer needs. */
export function placeOf(name) {
  return [import.meta.dirname, root].map((home) => join(home, "node_modules", name)).find(existsSync);
}
