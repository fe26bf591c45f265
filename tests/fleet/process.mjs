// One process of a fleet: makes its calls when it is told to, and prints what came of them.
import { once } from "node:events";

import { createClient } from "redis";

const [pkg, host, accessToken, port, calls] = process.argv.slice(2);
const { default: init, UsersApi } = await import(`${pkg}/node.mjs`);
const { redisStore } = await import(`${pkg}/redis/redis.mjs`);
await init();

const redis = createClient({ socket: { host: "127.0.0.1", port: Number(port), reconnectStrategy: 100 } });
redis.on("error", () => {}); // It connects anew by itself.
await redis.connect();

const counts = { answered: 0, sent: 0, refused: 0, losses: 0, failures: 0, errors: [] };

/** The store, and how often it failed or took its time. */
const store = redisStore(redis);
async function watched(report) {
  const began = performance.now();
  try {
    return await store(report);
  } catch (error) {
    counts.failures += Number(report.priority !== undefined);
    throw error;
  } finally {
    counts.failures += Number(report.priority !== undefined && performance.now() - began > 1900);
  }
}

const users = new UsersApi({
  host,
  accessToken,
  rateLimitKey: "organisation",
  rateLimitStore: watched,
  onRequest: () => (counts.sent += 1),
  onResponse: ({ status }) => (counts.refused += Number(status === 429)),
  onRateLimit: ({ store }) => (counts.losses += Number(store === "lost")),
});

process.once("disconnect", () => process.exit());
process.send("ready");
await once(process, "message");
const ended = await Promise.allSettled(Array.from({ length: Number(calls) }, () => users.getCurrentUser()));
counts.answered = ended.filter(({ status }) => status === "fulfilled").length;
counts.errors = [...new Set(ended.filter(({ reason }) => reason).map(({ reason }) => reason.message))];
process.send(counts, () => process.exit());
