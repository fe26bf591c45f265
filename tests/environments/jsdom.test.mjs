// Test runners with jsdom: the README's page is imported and makes its calls, and the package can be mocked.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { after } from "node:test";

import { example } from "../readme.mjs";
import { application } from "./apps.mjs";
import { assertExercised, credentials, environment, installed, newerNode, project, versionOf } from "./environment.mjs";
import { run } from "./processes.mjs";
import { startSite } from "./site.mjs";

Object.assign(process.env, credentials);
const site = await startSite(project.path(), { isForNode: true }); // jsdom has no fetch of its own
after(() => site.close());
const settings = { SITE: `${site.url}/` };

const resultOf = (app, file) => JSON.parse(readFileSync(app.path(file), "utf8"));

environment("Jest and jsdom", { version: () => versionOf("jest") }, (test) => {
  const app = application("jest");
  writeFileSync(app.path("jest.config.mjs"), example("jest"));
  writeFileSync(app.path("lib/users.cjs"), example("commonjs"));
  const address = ["--testEnvironmentOptions", JSON.stringify({ url: `${site.url}/` })];
  const jest = [process.execPath, "--experimental-vm-modules", "--no-warnings", installed("jest/bin/jest.js"), ...address];
  const runTest = (file, ...options) => run([...jest, ...options, "--runTestsByPath", file], app.folder, settings);

  test("page", async () => {
    await runTest("page.test.js");
    assertExercised(resultOf(app, "page.json"));
  });
  test("require", async () => {
    await runTest("require.test.cjs");
    assertExercised(resultOf(app, "require.json"));
  });
  test("require with next/jest", async () => {
    mkdirSync(app.path("pages")); // It serves Next's own applications only.
    await runTest("require.test.cjs", "--config", "next-jest.config.mjs");
    assertExercised(resultOf(app, "require.json"));
  });
  writeFileSync(app.path("sandbox.test.cjs"), example("jest-sandbox"));
  for (const environment of ["node", "jest-fixed-jsdom"]) {
    test(`the README's test with the sandbox, ${environment}`, () => runTest("sandbox.test.cjs", "--env", environment));
  }
  test("jest.mock", () => runTest("mock.test.cjs"));
  test("jest.mock without TextDecoder", () => runTest("mock.test.cjs", "--env", "jsdom"));
  test("init() names what jsdom alone lacks", () => runTest("plain.test.cjs"));
});

environment("Vitest and jsdom", { version: () => versionOf("vitest") }, (test) => {
  const app = application("vitest");
  writeFileSync(app.path("vitest.config.js"), example("vitest"));
  const vitest = [newerNode, installed("vitest/vitest.mjs"), "run", "--config", "portal.config.js"];

  test("page", async () => {
    await run([...vitest, "page.test.js"], app.folder, settings);
    assertExercised(resultOf(app, "page.json"));
  });
  writeFileSync(app.path("sandbox.test.js"), example("vitest-sandbox"));
  for (const environment of ["node", "jsdom"]) {
    test(`the README's test with the sandbox, ${environment}`, () => run([...vitest, "--environment", environment, "sandbox.test.js"], app.folder, settings));
  }
  test("vi.mock", () => run([...vitest, "mock.test.js"], app.folder, settings));
});
