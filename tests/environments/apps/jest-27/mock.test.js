jest.mock("thousandeyes-admin");
const { UsersApi } = require("thousandeyes-admin");

test("is mocked", async () => {
  UsersApi.prototype.getUsers.mockResolvedValue({ users: [] });
  expect(await new UsersApi().getUsers()).toEqual({ users: [] });
});
