// What becomes of calls while Redis is not as it should be; and that the script decides as the tabs do.
import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";

import { transform } from "esbuild";
import { createClient } from "redis";

import { decide, newWindow } from "../../pkg-template/tabs/decide.mjs";
import { SCRIPT } from "../../pkg-template/redis/redis.mjs";
import { root } from "../../toolchain.mjs";
import { createSandbox } from "../../www/sandbox/sandbox.mjs";
import { startSandbox } from "../../www/sandbox/server.mjs";
import { install } from "../package/support.mjs";
import { example } from "../readme.mjs";
import { startRedis } from "./redis-server.mjs";

const project = await install();
const { ApiClient, ApiTypeError, init } = await project.import("thousandeyes-admin");
const { redisStore } = project.require("thousandeyes-admin/redis");
await init();

let redis, connection;
before(async () => {
  redis = await startRedis();
  connection = connect();
  await connection.connect();
});
after(async () => {
  connection?.destroy();
  await redis?.close();
});

function connect() {
  const client = createClient({ socket: { host: "127.0.0.1", port: redis.port, reconnectStrategy: 20 } });
  return client.on("error", () => {});
}

/** A client over a sandbox of its own, and what it tells of the store. */
function open(store, settings) {
  const sandbox = createSandbox({ users: 4 });
  const losses = [];
  const client = new ApiClient({
    fetch: sandbox.fetch,
    accessToken: sandbox.options.token,
    rateLimitKey: "key",
    rateLimitStore: store,
    onRateLimit: (event) => event.store && losses.push(event),
    ...settings,
  });
  return { client, losses };
}

async function timed(client, count = 5) {
  const began = performance.now();
  await Promise.all(Array.from({ length: count }, () => client.users.getCurrentUser()));
  return performance.now() - began;
}

test("a store without a key is refused when the client is made", () => {
  assert.throws(
    () => new ApiClient({ rateLimitStore: redisStore(connection) }),
    (error) => ApiTypeError.is(error) && error.path === "configuration.rateLimitKey" && error.outcome === "not-sent",
  );
});

test("counts stand in one hash for each key, which expires", async () => {
  const { client } = open(redisStore(connection, { prefix: "test:" }));
  await client.users.getCurrentUser();
  await client.users.getCurrentUser({ rateLimitKey: "other" });
  await client.users.getCurrentUser({ accessToken: "sandbox-reader" });
  assert.deepEqual((await connection.keys("test:*")).sort(), ["test:key", "test:other"]);
  const { limit, told, used } = await connection.hGetAll("test:key");
  assert.deepEqual({ limit, told, used }, { limit: "240", told: "237", used: "2" });
  const left = await connection.pTTL("test:key");
  assert.ok(left > 100_000 && left <= 120_000, String(left));
});

/** Less than the two seconds that a call would wait for a store that says nothing. */
const SOON = 1900;

async function connected() {
  while (!connection.isReady) await sleep(20);
}

/** Until the connection knows of it: what is asked in between waits as for a Redis that hangs. */
async function kill() {
  await redis.kill();
  while (connection.isReady) await sleep(1);
}

/** How often Redis ran the script, when all that was under way has come. */
async function runs() {
  await sleep(100);
  return Number(/cmdstat_eval:calls=(\d+)/.exec(await connection.info("commandstats"))[1]);
}

for (const [what, breakIt, mendIt, longest, late] of [
  ["killed and restarted", kill, () => redis.start(), SOON, 0],
  // The first five know only after their time that it hangs.
  ["hung", () => redis.hang(), () => redis.goOn(), 2000 + SOON, 5],
]) {
  test(`while Redis is ${what}, calls go on, and the loss is told once`, async () => {
    await connected();
    const { client, losses } = open(redisStore(connection, { prefix: `${what}:` }));
    await timed(client);
    assert.deepEqual(losses, []);
    const before = what === "hung" ? await runs() : 0;
    await breakIt();
    try {
      const first = await timed(client);
      assert.ok(first < longest, `${first} ms`);
      const second = await timed(client);
      assert.ok(second < SOON, `${second} ms`);
      assert.deepEqual(losses.map(({ store, status }) => [store, status]), [["lost", undefined]]);
      // They ask again, and neither wait for it nor leave a question behind.
      await sleep(5200);
      const third = await timed(client);
      assert.ok(third < SOON, `${third} ms`);
    } finally {
      await mendIt();
    }
    await sleep(5200);
    await connected();
    const last = await timed(client);
    assert.ok(last < SOON, `${last} ms`);
    assert.equal(losses.length, 1);
    // Each of five calls asks, and tells its end.
    assert.equal((await runs()) - before, late + 10);
  });
}

test("a Redis without memory left still counts: the script frees something before it writes", async (t) => {
  await connected();
  await connection.configSet({ maxmemory: "1", "maxmemory-policy": "noeviction" });
  t.after(() => connection.configSet("maxmemory", "0"));
  await assert.rejects(connection.hSet("something", "else", "1"), /OOM/);
  const { client, losses } = open(redisStore(connection, { prefix: "full:" }));
  await timed(client);
  assert.deepEqual(losses, []);
  assert.equal(await connection.hGet("full:key", "used"), "5");
});

test("a Redis that was never there costs nothing but the news", async () => {
  const { client, losses } = open(redisStore(createClient({ socket: { host: "127.0.0.1", port: 1 } }).on("error", () => {})));
  assert.ok((await timed(client)) < SOON);
  assert.equal(losses.length, 1);
});

for (const [what, store] of [
  ["throws", () => { throw new Error("no"); }],
  ["says nothing", () => undefined],
  ["says nonsense", () => ({ granted: true, limiters: "many", wait: {} })],
  ["grants a request, and not among how many", () => ({ granted: true, wait: 0 })],
  ["refuses one, and not for how long", () => ({ granted: false, limiters: 1 })],
  ["rejects with nothing", () => Promise.reject()],
]) {
  test(`a store that ${what} is as good as gone`, async () => {
    const { client, losses } = open(store);
    assert.ok((await timed(client)) < SOON);
    assert.equal(losses.length, 1);
  });
}

test("a store that grants to no limiter at all grants", { timeout: 10_000 }, async (t) => {
  const { client, losses } = open(() => ({ granted: true, wait: 0, limiters: 0 }));
  t.after(() => client.close());
  assert.ok((await timed(client)) < SOON);
  assert.deepEqual(losses, []);
});

test("a store that refuses for less than no time refuses", async () => {
  let asked = 0;
  const store = ({ priority }) => priority && { granted: (asked += 1) > 3, wait: asked - 6, limiters: 1 };
  const { client, losses } = open(store);
  const began = performance.now();
  await client.users.getCurrentUser();
  // Nobody asks without a pause.
  assert.ok(performance.now() - began >= 3 * 45, `${performance.now() - began} ms`);
  assert.deepEqual([asked, losses], [4, []]);
});

test("the store is told when calls are aborted or closed, whether they wait or are under way", async () => {
  const reports = [];
  const store = (report) => (reports.push(report), { granted: true, wait: 0, limiters: 1 });
  const { client } = open(store, { fetch: () => new Promise(() => {}) });
  for (const abort of [new AbortController(), undefined]) {
    const begin = () => client.users.getCurrentUser({ signal: abort?.signal });
    const calls = Array.from({ length: 13 }, begin);
    while (reports.filter(({ priority }) => priority).length < 10) await sleep(10);
    await sleep(50);
    (abort ?? client)[abort ? "abort" : "close"]();
    await Promise.allSettled(calls);
    await sleep(50);
    const [{ priority, underWay, waiting }] = reports.splice(0).slice(-1);
    assert.deepEqual({ priority, underWay, waiting }, { priority: undefined, underWay: 0, waiting: 0 });
  }
});

test("the example of the README shares a window", async (t) => {
  const server = await startSandbox({ port: 0 });
  t.after(() => server.close());
  symlinkSync(join(root, "node_modules/redis"), project.path("node_modules/redis"));
  const host = `  host: ${JSON.stringify(server.url)},\n  accessToken`;
  const code = `${example("share-redis").replace("  accessToken", host)}\nexport { redis };`;
  await project.write("share.mjs", (await transform(code, { loader: "ts" })).code);
  Object.assign(process.env, { TE_TOKEN: server.sandbox.options.token, REDIS_URL: `redis://127.0.0.1:${redis.port}` });
  const { users, redis: theirs } = await import(pathToFileURL(project.path("share.mjs")));
  t.after(() => theirs.destroy());
  await users.getUsers();
  assert.equal(await connection.hGet("thousandeyes-admin:rate-limit:example-networks", "used"), "1");
});

test("the script decides as the tabs do, whatever is reported", async () => {
  // The clock of the test in place of that of Redis.
  const script = SCRIPT.replace('redis.call("TIME")', "{ tonumber(ARGV[10]), tonumber(ARGV[11]) }");
  let seed = 1;
  const random = (below) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < 40; round += 1) {
    const window = newWindow();
    let now = 1_800_000_000_000;
    let reset = now + 60_000;
    for (let step = 0; step < 60; step += 1) {
      now += random(4) === 0 ? random(150_000) : random(2500);
      // The clock is set back.
      if (random(20) === 0) now -= random(300_000);
      if (now > reset) reset += 60_000 * Math.ceil((now - reset) / 60_000);
      const isTold = random(3) > 0;
      const report = {
        limiter: `limiter-${random(3)}`,
        priority: ["", "interactive", "bulk"][random(3)],
        underWay: random(6),
        waiting: random(8),
        timeout: [0, 500, 30_000][random(3)],
        limit: random(9) === 0 ? undefined : 20,
        ...(isTold && { remaining: random(20), resetAt: reset - [0, 0, 0, 60_000, 60_000, 150_000, -1e6, -1e12][random(8)], resetIn: Math.max(1, reset - now) }),
      };
      const { limiter, priority, underWay, waiting, timeout, limit = -1, remaining = 0, resetAt = 0, resetIn = 0 } = report;
      const numbers = [underWay, waiting, timeout, limit, remaining, resetAt, resetIn, Math.floor(now / 1000), (now % 1000) * 1000];
      const args = { keys: [`round-${round}`], arguments: [limiter, priority, ...numbers.map(String)] };
      const [granted, wait, limiters] = await connection.eval(script, args);
      assert.deepEqual({ granted: granted === 1, wait, limiters }, decide(window, report, now), `round ${round}, step ${step}`);
    }
  }
});
