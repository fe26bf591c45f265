import { writeFileSync } from "node:fs";
import { ApiClient, NotFoundException } from "thousandeyes-admin";
import { test } from "vitest";

import { exercise } from "./lib/exercise.js";
import { users } from "./lib/page-users.js";

test("makes its calls", async () => {
  writeFileSync("page.json", JSON.stringify(await exercise(users, { ApiClient, NotFoundException })));
});
