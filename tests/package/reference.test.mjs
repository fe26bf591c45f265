// The API reference: typedoc understands all declarations, finds each documented, and has nothing to warn of.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { root } from "../../toolchain.mjs";
import { install } from "./support.mjs";

const project = await install();

test("typedoc makes the reference without a warning", () => {
  const out = project.path("reference");
  // What lies in node_modules is somebody else's to typedoc.
  const copy = project.path("copy");
  cpSync(project.packagePath(), copy, { recursive: true });
  const ours = ["--entryPoints", `${copy}/index.d.ts`, "--readme", `${copy}/README.md`];
  const { status, stdout, stderr } = spawnSync("typedoc", [...ours, "--out", out], { cwd: root, encoding: "utf8" });
  assert.doesNotMatch(stdout + stderr, /\[(?:warning|error)\]/);
  assert.equal(status, 0, stdout + stderr);
  assert.match(readFileSync(`${out}/classes/UsersApi.html`, "utf8"), /createUserWithHttpInfo/);
  assert.ok(existsSync(`${out}/functions/init.html`));
});
