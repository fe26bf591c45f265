/** @jest-environment jsdom */
const { NotInitializedError, init } = require("thousandeyes-admin");

test("is told what the environment lacks", async () => {
  const error = await init().catch((error) => error);
  expect(error).toBeInstanceOf(NotInitializedError);
  expect(error.message).toMatch(/^This runtime has no TextDecoder\. .*"jest-fixed-jsdom" as the testEnvironment brings it/);
});
