// Tools that find modules as Node did before it knew `exports`.
import assert from "node:assert/strict";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { example } from "../readme.mjs";
import { application } from "./apps.mjs";
import { chromium } from "./browsers.mjs";
import { assertExercised, credentials, environment, installed, versionOf } from "./environment.mjs";
import { run } from "./processes.mjs";
import { startSite } from "./site.mjs";

Object.assign(process.env, credentials);

function assertPortal({ status, result }) {
  assert.equal(status, 401, "the sandbox answers a call without a token");
  assertExercised(result);
}

environment("TypeScript node10", { version: () => versionOf("typescript") }, (test) => {
  const app = application("typescript", { type: "commonjs" });

  test("tsc", async () => {
    await run([process.execPath, installed("typescript/bin/tsc")], app.folder);
    assertPortal(JSON.parse(await run([process.execPath, "built/run.js"], app.folder)));
  });
  test("ts-jest", async () => {
    writeFileSync(app.path("jest.config.json"), JSON.stringify({ preset: "ts-jest/presets/js-with-ts" }));
    await run([process.execPath, installed("jest/bin/jest.js"), "portal.test.ts"], app.folder);
    assertPortal(JSON.parse(readFileSync(app.path("result.json"), "utf8")));
  });
});

environment("Jest", { version: () => versionOf("jest-27") }, (test) => {
  const app = application("jest-27", { type: "commonjs" });
  // It reads no ES modules.
  const exercise = readFileSync(app.path("lib/exercise.js"), "utf8");
  writeFileSync(app.path("lib/exercise.js"), exercise.replace("export async", "exports.exercise = exercise;\nasync"));
  writeFileSync(app.path("lib/users.cjs"), example("commonjs"));
  const jest = [process.execPath, installed("jest-27/bin/jest.js")];
  const ownModules = installed("jest-27/node_modules");
  const runTest = (environment, file) => run([...jest, "--env", environment, file], app.folder, { JEST_27: ownModules });

  test("require", async () => {
    await runTest("./environment.cjs", "portal.test.js");
    assertExercised(JSON.parse(readFileSync(app.path("result.json"), "utf8")));
  });
  test("jest.mock with jsdom", () => runTest(join(ownModules, "jest-environment-jsdom"), "mock.test.js"));
});

environment("Parcel", { tools: ["environments", ...chromium.tools], version: () => versionOf("parcel") }, (test) => {
  const app = application("parcel");
  copyFileSync(join(import.meta.dirname, "report.js"), app.path("report.js"));

  test("page", async (t) => {
    const options = ["--no-cache", "--cache-dir", "cache", "--no-source-maps", "--dist-dir", "built"];
    await run([process.execPath, installed("parcel/lib/bin.js"), "build", "index.html", ...options], app.folder);
    const site = await startSite(app.path("built"));
    t.after(() => site.close());
    assertPortal(await site.visit(chromium, `${site.url}/`));
  });
});
