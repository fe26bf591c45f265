import { join } from "node:path";

import { startServer } from "./processes.mjs";

const installed = (...names) => join(import.meta.dirname, "node_modules", ...names);

/** Bundles the Worker that a folder's wrangler.json or the options describe, and runs it in workerd on this machine. */
export function startWorker(folder, ...options) {
  // wrangler needs a newer Node than the oldest one that the package supports.
  const wrangler = [installed("node-24/bin/node"), installed("wrangler/bin/wrangler.js"), "dev", ...options];
  const settings = { WRANGLER_SEND_METRICS: "false", XDG_CONFIG_HOME: join(folder, "wrangler"), CI: "1" };
  return startServer([...wrangler, "--ip", "127.0.0.1", "--port", "0"], folder, settings, /Ready on (http:\S+)/);
}
