import init, { NotFoundException, UsersApi } from "thousandeyes-admin";

import { exercise } from "../lib/exercise.js";

export default defineEventHandler(async ({ context }) => {
  await init();
  const { TE_API_ENDPOINT, TE_TOKEN } = context.cloudflare.env;
  return await exercise(new UsersApi({ host: TE_API_ENDPOINT, accessToken: TE_TOKEN }), { NotFoundException });
});
