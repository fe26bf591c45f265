// A web server as a portal has one: the files of a folder, and the proxy of the README before the API.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { serve } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";

import { root } from "../../toolchain.mjs";
import { example } from "../readme.mjs";
import { project } from "./environment.mjs";
import { start } from "./processes.mjs";

/** How long a page may take to say what it did. It ends a test that would wait for ever, and judges no speed. */
const PATIENCE = 2 * 60_000;

/**
 * @param {string} folder
 * @param {{ policy?: string, headers?: Record<string, string>, isForNode?: boolean }} options `policy` is the Content
 * Security Policy of its pages, `headers` is what else its answers have; `isForNode` says that what calls the API there does
 * it with Node's `fetch`, which names no origin
 */
export async function startSite(folder, { policy, headers = {}, isForNode = false } = {}) {
  const asked = [];
  const waiting = [];
  const app = new Hono();

  app.use(async (c, next) => {
    await next();
    asked.push(`${c.req.method} ${c.req.path} ${c.res.status}`);
    if (policy) c.header("Content-Security-Policy", policy);
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
  });
  app.get("/report.js", (c) =>
    c.body(readFileSync(join(import.meta.dirname, "report.js"), "utf8"), 200, { "Content-Type": "text/javascript" }),
  );
  app.post("/report", async (c) => {
    const report = await c.req.json();
    for (const settle of waiting.splice(0)) settle(report);
    return c.body(null, 204);
  });
  app.all("/te-api/*", async (c) => {
    const { origin } = new URL(c.req.url);
    const request = isForNode ? new Request(c.req.raw, { headers: { ...c.req.header(), origin } }) : c.req.raw;
    return (await portalAt(origin)).fetch(request);
  });
  app.use(serveStatic({ root: folder }));

  const server = await new Promise((listening) => {
    const listener = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, () => listening(listener));
  });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    folder,
    asked,

    /** Opens a page in a browser and gives what it reports. */
    async visit(browser, address) {
      const reported = new Promise((resolve) => waiting.push(resolve));
      const opened = start(browser.command(address), root, browser.env);
      try {
        const report = await Promise.race([reported, opened.exited.then(() => ({ error: "The browser ended." })), patience()]);
        if (report.error === undefined) return report.result;
        throw new Error(`${address}: ${report.error}\nIt asked for:\n${asked.join("\n")}\n${opened.printed()}`);
      } finally {
        await opened.stop();
      }
    },

    close() {
      server.closeAllConnections();
      return new Promise((closed) => server.close(closed));
    },
  };
}

const portals = new Map();
let loaded = Promise.resolve();
symlinkSync(join(root, "node_modules/hono"), project.path("node_modules/hono"));

/** The README's proxy as it stands, for the origin that pages have: the site's, or that of a tool's own server before it. */
function portalAt(origin) {
  if (!portals.has(origin)) {
    loaded = loaded.then(() => loadPortal(origin));
    portals.set(origin, loaded);
  }
  return portals.get(origin);
}

/** One after the other, because each reads its origin from the environment while it loads. */
async function loadPortal(origin) {
  const folder = project.path(`portal-${portals.size}`);
  mkdirSync(folder);
  writeFileSync(join(folder, "portal.js"), example("proxy"));
  writeFileSync(join(folder, "session.js"), "export const isLoggedIn = async () => true;\n");
  process.env.PORTAL_ORIGIN = origin;
  return (await import(pathToFileURL(join(folder, "portal.js")))).default;
}

function patience() {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE, { error: "The page reported nothing." }).unref());
}
