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

/** Waits until so many milliseconds of a window are over. */
const windowBegins = (offset) => sleep((2 * WINDOW - (Date.now() % WINDOW) + offset) % WINDOW);

async function run(t, offset, disturb) {
  const redis = await startRedis();
  t.after(() => redis.close());
  const server = await startSandbox({ port: 0, rateLimit: LIMIT });
  t.after(() => server.close());
  server.sandbox.faults.add({ fault: "latency", ms: 100 });
  const args = [project.packagePath(), server.url, server.sandbox.options.token, String(redis.port), String(CALLS)];
  const processes = Array.from({ length: PROCESSES }, () => fork(join(import.meta.dirname, "process.mjs"), args));
  t.after(() => processes.forEach((child) => child.kill("SIGKILL")));
  await Promise.all(processes.map((child) => once(child, "message")));

  await windowBegins(offset);
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
    failures: all.map(({ failures }) => failures),
    seconds: milliseconds / 1000,
    least: FULL_WINDOWS * (WINDOW / 1000) - (began % WINDOW) / 1000,
    offset: (began % WINDOW) / 1000,
  };
  const { answered, refused, seconds, least } = result;
  t.diagnostic(`${answered} answered, ${refused} answers 429, ${seconds.toFixed(1)} s, at least ${least.toFixed(1)} s`);
  t.diagnostic(`for each process: the store failed ${result.failures}, and was lost ${result.losses}`);
  // Each loss is told once, however often the store fails.
  const isTold = result.losses.every((count, index) => count <= result.failures[index] && (count > 0) === (result.failures[index] > 0));
  assert.ok(isTold, `failed ${result.failures}, lost ${result.losses}`);
  assert.deepEqual(all.flatMap(({ errors }) => errors), []);
  assert.equal(answered, PROCESSES * CALLS);
  assert.ok(result.offset < 5, `begun ${result.offset} s after the window`);
  return result;
}

test("eight processes and one Redis", { concurrency: 2 }, async (t) => {
  const undisturbed = t.test("share the limit", async (t) => {
    const { sent, refused, seconds, least } = await run(t, 1000);
    assert.ok(refused <= sent / 100, `${refused} of ${sent} answers were 429`);
    assert.ok(seconds <= 1.1 * least, `${seconds} s, at least ${least} s`);
  });
  const disturbed = t.test("that is killed and restarted twice", async (t) => {
    const { sent, refused, seconds, least, losses } = await run(t, 3000, async (redis, ends) => {
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
    assert.ok(losses.reduce((sum, count) => sum + count) >= PROCESSES, losses.join());
  });
  await Promise.all([undisturbed, disturbed]);
});
