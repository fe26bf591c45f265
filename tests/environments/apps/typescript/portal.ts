// Every way into the package, found without its exports.
import { ApiClient, NotFoundException, UsersApi, init } from "thousandeyes-admin";
import { UsersApi as SameUsersApi } from "thousandeyes-admin/inline";
import { createSandbox } from "thousandeyes-admin/sandbox";
import { startSandbox } from "thousandeyes-admin/sandbox/server";

import { exercise } from "./lib/exercise.js";

export async function portal() {
  await init();
  const settings = { host: process.env.TE_API_ENDPOINT, accessToken: process.env.TE_TOKEN };
  const users: UsersApi = new SameUsersApi(settings);
  const sandbox = createSandbox({ users: 8 });
  const response: Response = await sandbox.fetch("https://api.thousandeyes.com/v7/users");
  const server = await startSandbox({ port: 0 });
  await server.close();
  return { status: response.status, result: await exercise(users, { ApiClient, NotFoundException }) };
}
