// A process that carries out a plan with a journal in a file, until somebody kills it: `node apply-child.mjs HOST TOKEN PLAN JOURNAL`.
import { readFileSync } from "node:fs";

import { ApiClient } from "../../pkg/node.mjs";
import { fileJournal } from "../../pkg/journal/journal.mjs";

const [host, accessToken, plan, file] = process.argv.slice(2);
const journal = fileJournal(file);
const client = new ApiClient({ host, accessToken, maxRetries: 0, rateLimiter: false });
const summary = await client.admin.apply(JSON.parse(readFileSync(plan, "utf8")), { allow: ["max-removals"], journal }).result;
await journal.close();
console.log(JSON.stringify(summary));
