// What the browsers are shown: the README's code for pages, and what the tests do with it.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

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

const { default: jobs } = await import(pathToFileURL(project.packagePath("jobs64.js")));

/**
 * The scripts and .wasm files that a page of exercise.js asked a site for until its last call was answered. What does jobs
 * was asked for after that, once, in nothing but scripts.
 */
export function loadedForCalls(site) {
  const asked = site.asked.filter((line) => / \/(?!report)\S+\.(?:js|wasm) | \/te-api\//.test(line));
  const lastCall = asked.findIndex((line) => line.includes("/users/987654321 "));
  const files = (lines) => lines.filter((line) => !line.includes("/te-api/"));
  const holdsJobs = (line) => {
    const [, file, status] = line.split(" ");
    assert.equal(status, "200", line);
    return readFileSync(join(site.folder, file), "utf8").includes(jobs);
  };
  const [before, after] = [files(asked.slice(0, lastCall)), files(asked.slice(lastCall))];
  assert.deepEqual(before.filter((line) => line.includes(".js ")).filter(holdsJobs), []);
  assert.equal(after.filter(holdsJobs).length, 1, asked.join("\n"));
  assert.ok(after.every((line) => line.includes(".js ")), after.join("\n"));
  return before;
}
