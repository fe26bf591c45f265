import init, { ApiClient, NotFoundException, UsersApi } from "thousandeyes-admin";

import { exercise } from "../lib/exercise.js";

export default defineEventHandler(async ({ context }) => {
  await init();
  const { TE_API_ENDPOINT, TE_TOKEN } = context.cloudflare.env;
  const settings = { host: TE_API_ENDPOINT, accessToken: TE_TOKEN };
  return await exercise(new UsersApi(settings), { ApiClient, NotFoundException }, settings);
});
