import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

import { createProject } from "./project.mjs";

/** The packed package in a fresh project, which goes with the tests of the file. */
export async function install() {
  const folder = await mkdtemp(join(tmpdir(), "thousandeyes-admin-"));
  after(() => rm(folder, { recursive: true, force: true }));
  return createProject(folder);
}
