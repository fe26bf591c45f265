import { ApiClient, NotFoundException } from "thousandeyes-admin";
import { createSandbox } from "thousandeyes-admin/sandbox";

import { exercise } from "./lib/exercise.js";
import { users } from "./lib/page-users.js";

const { status } = await createSandbox().fetch("https://api.thousandeyes.com/v7/users");
report({ status, result: await exercise(users, { ApiClient, NotFoundException }) });
