// The README's page as an ES module, against the portal whose address jsdom has.
import { writeFileSync } from "node:fs";
import { ApiClient, NotFoundException } from "thousandeyes-admin";

import { exercise } from "./lib/exercise.js";
import { users } from "./lib/page-users.js";

test("makes its calls", async () => {
  writeFileSync("page.json", JSON.stringify(await exercise(users, { ApiClient, NotFoundException })));
});
