// A process that carries out a plan with a journal on the disk, until somebody kills it: `node apply-child.mjs HOST TOKEN PLAN JOURNAL`.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";

import { ApiClient } from "../../pkg/node.mjs";

const [host, accessToken, plan, file] = process.argv.slice(2);
const journal = {
  read: async () => (existsSync(file) ? readFileSync(file, "utf8") : ""),
  async append(line) {
    const descriptor = openSync(file, "a", 0o600);
    writeSync(descriptor, line);
    fsyncSync(descriptor);
    closeSync(descriptor);
  },
};

const client = new ApiClient({ host, accessToken, maxRetries: 0, rateLimiter: false });
const summary = await client.admin.apply(JSON.parse(readFileSync(plan, "utf8")), { allow: ["max-removals"], journal }).result;
console.log(JSON.stringify(summary));
