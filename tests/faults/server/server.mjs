/**
 * A faulty API. Each case has its own base path, `/case/<id>/v7`, and says through `/control/<id>` how its requests are
 * to be treated; it also serves the page and the modules for the browser, so that all is one origin.
 */
import { EventEmitter, once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";

import { behave } from "./behaviours.mjs";

const HOSTNAME = "127.0.0.1";
const root = join(import.meta.dirname, "../../..");
const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };
const CORS = { "access-control-allow-origin": "*", "access-control-allow-headers": "*, authorization", "access-control-allow-methods": "*" };

export async function startFaultyServer() {
  const cases = new Map();
  const refusing = [];
  /** Where redirects point to; nothing may ever arrive here. */
  const strayed = [];
  const foreign = await listen((incoming, outgoing) => {
    strayed.push(incoming.url);
    outgoing.end();
  });
  const main = await listen((incoming, outgoing) => {
    // A browser sends a request again by itself, a create too, when a connection that it had used before is lost; then
    // the requests on the wire would not be the client's alone. So no connection is used twice.
    outgoing.setHeader("connection", "close");
    answer(incoming, outgoing).catch((error) => outgoing.writeHead(500).end(String(error)));
  });

  async function answer(incoming, outgoing) {
    const { pathname } = new URL(incoming.url, main.url);
    const [, kind, id, ...rest] = pathname.split("/");
    const body = Buffer.concat(await incoming.toArray()).toString();
    if (kind === "case") return exchange(cases.get(id), incoming, outgoing);
    if (kind === "control") return sendJson(outgoing, await control(id, rest[0], incoming.method, body));
    return sendFile(pathname, outgoing);
  }

  function exchange(entry, incoming, outgoing) {
    if (incoming.method === "OPTIONS") return outgoing.writeHead(204, CORS).end();
    for (const [name, value] of Object.entries(CORS)) outgoing.setHeader(name, value);
    const behaviour = entry.isHealed ? null : entry.script[Math.min(entry.requests.length, entry.script.length - 1)];
    entry.requests.push({ method: incoming.method, at: performance.now() });
    behave(behaviour, { incoming, outgoing, foreign: foreign.url });
    entry.emit("request");
  }

  async function control(id, action, method, body) {
    if (method === "PUT") return { path: `/case/${id}/v7`, ...(await open(id, JSON.parse(body))) };
    const entry = cases.get(id);
    if (action === "heal") await heal(entry);
    if (action?.startsWith("seen-")) await seen(entry, Number(action.slice("seen-".length)));
    const { requests } = entry;
    return { requests: requests.map(({ method }) => method), gap: requests.at(-1)?.at - requests.at(-2)?.at, strayed };
  }

  async function open(id, { script, isRefused }) {
    const entry = Object.assign(new EventEmitter(), { script, requests: [], isHealed: false });
    cases.set(id, entry);
    if (!isRefused) return {};
    const reserved = await listen(() => {});
    entry.port = Number(new URL(reserved.url).port);
    await reserved.close();
    return { origin: reserved.url };
  }

  async function heal(entry) {
    entry.isHealed = true;
    if (entry.port) refusing.push(await listen((incoming, outgoing) => exchange(entry, incoming, outgoing), entry.port));
  }

  return {
    url: main.url,
    async close() {
      await Promise.all([main, foreign, ...refusing].map((server) => server.close()));
    },
  };
}

async function seen(entry, count) {
  while (entry.requests.length < count) await once(entry, "request");
}

async function sendFile(pathname, outgoing) {
  if (pathname === "/") return outgoing.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Faults</title>");
  const type = /^\/(pkg|tests\/faults)\/[\w./-]+$/.test(pathname) && !pathname.includes("..") && TYPES[extname(pathname)];
  const content = type && (await readFile(join(root, pathname)).catch(() => undefined));
  if (!content) return outgoing.writeHead(404).end();
  outgoing.writeHead(200, { "content-type": type }).end(content);
}

function sendJson(outgoing, value) {
  outgoing.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

async function listen(handle, port = 0) {
  const server = createServer(handle);
  server.listen(port, HOSTNAME);
  await once(server, "listening");
  return {
    url: `http://${HOSTNAME}:${server.address().port}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
