/** The demo page over a sandbox, and a browser to see it in. */
import { join } from "node:path";

import { chromium } from "playwright-core";

import { startPageServer } from "../../www/page-server/server.mjs";
import { startSandbox } from "../../www/sandbox/server.mjs";

/** @param {object} [settings] all that `startSandbox` takes */
export async function startDemoPage(settings) {
  const started = [];
  const close = async () => {
    for (const part of started.toReversed()) await part.close();
  };
  const start = async (part) => {
    started.push(await part);
    return started.at(-1);
  };
  try {
    const sandboxServer = await start(startSandbox({ port: 0, ...settings }));
    const pkg = join(import.meta.dirname, "../../pkg");
    const control = new URL("/__sandbox", sandboxServer.url).href;
    const { token } = sandboxServer.sandbox.options;
    const pageServer = await start(startPageServer({ port: 0, pkg, endpoint: sandboxServer.url, token, control }));
    const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
    const browser = await start(chromium.launch({ executablePath: "/usr/bin/chromium", args }));
    return { browser, pageServer, sandboxServer, close };
  } catch (error) {
    await close();
    throw error;
  }
}
