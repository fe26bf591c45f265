import assert from "node:assert/strict";

import { example } from "../readme.mjs";
import { assertExercised, credentials, environment, installed, project, versionOf } from "./environment.mjs";
import { run } from "./processes.mjs";

await project.write("users.js", example("server"));
await project.write("users.cjs", example("commonjs"));
await project.write("imports.mjs", `
  import { ApiClient, NotFoundException } from "thousandeyes-admin";
  import { users } from "./users.js";
  import { exercise } from "./exercise.js";
  console.log(JSON.stringify(await exercise(users, { ApiClient, NotFoundException })));`);
await project.write("requires.cjs", `
  const { ApiClient, NotFoundException } = require("thousandeyes-admin");
  const { connect } = require("./users.cjs");
  connect().then(async (users) => {
    const { exercise } = await import("./exercise.js");
    console.log(JSON.stringify(await exercise(users, { ApiClient, NotFoundException })));
  });`);
await project.write("both.cjs", `
  const required = require("thousandeyes-admin");
  import("thousandeyes-admin").then((imported) => {
    const names = Object.keys(required);
    console.log(JSON.stringify(names.filter((name) => imported[name] !== required[name])));
  });`);

const deno = [installed(".bin/deno"), "run", "--allow-net", "--allow-env"];
const runs = {
  Node: { versions: ["node-20", "node-22", "node-24"], command: (release) => [installed(release, "bin/node")] },
  Deno: { versions: ["deno"], command: () => deno, requiring: ["--allow-read"] },
  Bun: { versions: ["bun"], command: () => [installed(".bin/bun"), "run"] },
};

for (const [name, { versions, command, requiring = [] }] of Object.entries(runs)) {
  for (const release of versions) {
    environment(name, { version: () => versionOf(release) }, (test) => {
      const result = async (file, ...options) =>
        JSON.parse(await run([...command(release), ...options, file], project.path(), credentials));

      test("import", async () => assertExercised(await result("imports.mjs")));
      test("require", async () => assertExercised(await result("requires.cjs", ...requiring)));
      if (name !== "Node") return;
      test("both give the same classes", async () => assert.deepEqual(await result("both.cjs"), []));
    });
  }
}
