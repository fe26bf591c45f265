const { writeFileSync } = require("node:fs");
const { ApiClient, NotFoundException, UsersApi } = require("thousandeyes-admin");
const inline = require("thousandeyes-admin/inline");
const { createSandbox } = require("thousandeyes-admin/sandbox");
const { startSandbox } = require("thousandeyes-admin/sandbox/server");

const { exercise } = require("./lib/exercise.js");
const { connect } = require("./lib/users.cjs");

test("makes its calls", async () => {
  writeFileSync("result.json", JSON.stringify(await exercise(await connect(), { ApiClient, NotFoundException })));
});

test("finds every way into the package", async () => {
  expect(inline.UsersApi).toBe(UsersApi);
  expect((await createSandbox().fetch("https://api.thousandeyes.com/v7/users")).status).toBe(401);
  expect(typeof startSandbox).toBe("function");
});
