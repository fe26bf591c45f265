import { ApiClient, NotFoundException } from "thousandeyes-admin";

import { exercise } from "../../lib/exercise.js";
import { users } from "../../lib/server-users.js";

export const dynamic = "force-dynamic";

export default async function Rendered() {
  return <p>{encodeURIComponent(JSON.stringify(await exercise(users, { ApiClient, NotFoundException })))}</p>;
}
