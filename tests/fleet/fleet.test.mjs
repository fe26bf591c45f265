// Eight processes share the rate limit of 240 in a minute by a real Redis, in real windows: undisturbed, and with Redis killed
// and restarted twice. Each fleet has a sandbox of its own, and both run side by side.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { startSandbox } from "../../www/sandbox/server.mjs";
import { install } from "../package/support.mjs";
import { startRedis } from "./redis-server.mjs";

const PROCESSES = 8;
const CALLS = 110;
const WINDOW = 60_000;
const LIMIT = 240;
/** Calls that take a part of a window only. */
const FULL_WINDOWS = Math.floor((PROCESSES * CALLS - 1) / LIMIT);

const project = await install();

/** Waits until a window has begun less than two seconds ago. */
const windowBegins = () => sleep((WINDOW - (Date.now() % WINDOW) + 1000) % WINDOW);

async function run(t, disturb) {
  const redis = await startRedis();
  t.after(() => redis.close());
  const server = await startSandbox({ port: 0, rateLimit: LIMIT });
  t.after(() => server.close());
  server.sandbox.faults.add({ fault: "latency", ms: 100 });
  const args = [project.packagePath(), server.url, server.sandbox.options.token, String(redis.port), String(CALLS)];
  const processes = Array.from({ length: PROCESSES }, () => fork(join(import.meta.dirname, "process.mjs"), args));
  t.after(() => processes.forEach((child) => child.kill("SIGKILL")));
  await Promise.all(processes.map((child) => once(child, "message")));

  await windowBegins();
  const began = Date.now();
  const ends = (number) => (Math.floor(began / WINDOW) + number) * WINDOW - Date.now();
  const disturbed = disturb?.(redis, ends);
  const counting = processes.map((child) => once(child, "message"));
  processes.forEach((child) => child.send("go"));
  const all = (await Promise.all(counting)).map(([counts]) => counts);
  const milliseconds = Date.now() - began;
  await disturbed;

  const sum = (name) => all.reduce((total, counts) => total + counts[name], 0);
  const result = {
    answered: sum("answered"),
    sent: sum("sent"),
    refused: sum("refused"),
    losses: all.map(({ losses }) => losses),
    seconds: milliseconds / 1000,
    least: FULL_WINDOWS * (WINDOW / 1000) - (began % WINDOW) / 1000,
    offset: (began % WINDOW) / 1000,
  };
  const { answered, refused, seconds, least } = result;
  t.diagnostic(`${answered} answered, ${refused} answers 429, ${seconds.toFixed(1)} s, at least ${least.toFixed(1)} s, lost ${result.losses}`);
  assert.deepEqual(all.flatMap(({ errors }) => errors), []);
  assert.equal(answered, PROCESSES * CALLS);
  assert.ok(result.offset < 5, `begun ${result.offset} s after the window`);
  return result;
}

test("eight processes and one Redis", { concurrency: 2 }, async (t) => {
  const undisturbed = t.test("share the limit", async (t) => {
    const { sent, refused, seconds, least, losses } = await run(t);
    assert.ok(refused <= sent / 100, `${refused} of ${sent} answers were 429`);
    assert.ok(seconds <= 1.1 * least, `${seconds} s, at least ${least} s`);
    assert.deepEqual(losses, Array(PROCESSES).fill(0));
  });
  const disturbed = t.test("that is killed and restarted twice", async (t) => {
    const { sent, refused, seconds, least, losses } = await run(t, async (redis, ends) => {
      // Before a window, so that a whole window goes without it; then in the middle of one.
      await sleep(ends(1) - 4000);
      await redis.kill();
      await sleep(ends(1) + 8000);
      await redis.start();
      await sleep(ends(2) + 800);
      await redis.kill();
      await sleep(15_000);
      await redis.start();
    });
    assert.ok(refused <= sent / 20, `${refused} of ${sent} answers were 429`);
    assert.ok(seconds <= 1.1 * least + WINDOW / 1000, `${seconds} s, at least ${least} s`);
    // Each tells of each loss once, and none of them is overlooked by all.
    assert.ok(losses.every((count) => count >= 1 && count <= 2), losses.join());
  });
  await Promise.all([undisturbed, disturbed]);
});
