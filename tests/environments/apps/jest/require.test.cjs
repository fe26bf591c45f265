const { writeFileSync } = require("node:fs");
const { ApiClient, NotFoundException } = require("thousandeyes-admin");
const { createSandbox } = require("thousandeyes-admin/sandbox");

const { connect } = require("./lib/users.cjs");

test("makes its calls", async () => {
  const { exercise } = await import("./lib/exercise.js");
  writeFileSync("require.json", JSON.stringify(await exercise(await connect(), { ApiClient, NotFoundException })));
});

test("has the sandbox", async () => {
  expect((await createSandbox().fetch("https://api.thousandeyes.com/v7/users")).status).toBe(401);
});
