import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { start } from "./processes.mjs";

const installed = (...names) => join(import.meta.dirname, "node_modules", ...names);

/** Bundles the Worker that a folder's wrangler.json describes, and runs it in workerd on this machine. */
export async function startWorker(folder, ...options) {
  // wrangler needs a newer Node than the oldest one that the package supports.
  const wrangler = [installed("node-24/bin/node"), installed("wrangler/bin/wrangler.js")];
  const settings = { WRANGLER_SEND_METRICS: "false", XDG_CONFIG_HOME: join(folder, "wrangler"), CI: "1" };
  const worker = start([...wrangler, "dev", "--ip", "127.0.0.1", "--port", "0", ...options], folder, settings);
  let running = true;
  void worker.exited.finally(() => (running = false));
  while (running) {
    const url = /Ready on (http:\S+)/.exec(worker.printed())?.[1];
    if (url) return { ...worker, url };
    await pause(100);
  }
  throw new Error(`wrangler ended:\n${worker.printed()}`);
}
