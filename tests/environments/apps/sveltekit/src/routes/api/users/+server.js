import { ApiClient, NotFoundException } from "thousandeyes-admin";

import { exercise } from "../../../lib/exercise.js";
import { users } from "../../../lib/server-users.js";

export async function GET() {
  return Response.json(await exercise(users, { ApiClient, NotFoundException }));
}
