import { UsersApi } from "thousandeyes-admin";
import { expect, test, vi } from "vitest";

vi.mock("thousandeyes-admin");

test("is mocked", async () => {
  UsersApi.prototype.getUsers.mockResolvedValue({ users: [] });
  expect(await new UsersApi().getUsers()).toEqual({ users: [] });
});
