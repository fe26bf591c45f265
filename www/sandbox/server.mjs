import { once } from "node:events";
import { createServer } from "node:http";
import { openDataFile } from "./data-file.mjs";
import { ConnectionReset } from "./faults/apply.mjs";
import { createSandbox } from "./sandbox.mjs";

const HOSTNAME = "127.0.0.1";
/** A web Request cannot have these; the API answers them like any other method that it does not know. */
const UNREPRESENTABLE = new Set(["CONNECT", "TRACE", "TRACK"]);
const BODILESS = new Set(["GET", "HEAD"]);

/** The body, but never more of it than one byte above the limit: the rest is read and forgotten. */
async function readBody(incoming, limit) {
  const chunks = [];
  let size = 0;
  for await (const chunk of incoming) {
    if (size <= limit) chunks.push(chunk);
    size += chunk.byteLength;
  }
  return Buffer.concat(chunks).subarray(0, limit + 1);
}

/** What a Host header may not have: it would become a part of the path, or a user name. */
const NO_HOST = /[/?#@\\]/;

/** The URL as the client meant it, at the host it asked for: HTTP/1.0 may name none, and proxies are told it twice. */
function urlOf({ url, headers, socket }) {
  if (/^https?:\/\//i.test(url)) return new URL(url);
  const host = headers.host || `${HOSTNAME}:${socket.localPort}`;
  if (NO_HOST.test(host)) throw new TypeError("The Host header is no host.");
  return new URL(`http://${host}${url.startsWith("/") ? url : "/"}`);
}

async function toRequest(incoming, limit, signal) {
  const headers = new Headers();
  for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
    headers.append(incoming.rawHeaders[index], incoming.rawHeaders[index + 1]);
  }
  const method = UNREPRESENTABLE.has(incoming.method) ? `X-${incoming.method}` : incoming.method;
  const bytes = await readBody(incoming, limit);
  const body = BODILESS.has(method) || bytes.byteLength === 0 ? undefined : bytes;
  return new Request(urlOf(incoming), { method, headers, body, signal });
}

/** A body that breaks off breaks the connection, as it would over a network. */
async function send(response, outgoing) {
  outgoing.writeHead(response.status, [...response.headers].flat());
  if (!response.body) return void outgoing.end();
  try {
    // Each part is on its way before the next one is asked for, which may be the one that breaks off.
    for await (const chunk of response.body) await new Promise((written) => outgoing.write(chunk, written));
    outgoing.end();
  } catch {
    outgoing.destroy();
  }
}

function refuse(outgoing) {
  outgoing.writeHead(400, { connection: "close", "content-type": "text/plain" });
  outgoing.end("Send a request with a valid Host header, path and headers.\n");
}

async function handle(sandbox, incoming, outgoing) {
  const leaving = new AbortController();
  outgoing.on("close", () => leaving.abort());
  const request = await toRequest(incoming, sandbox.options.bodyLimit, leaving.signal).catch(() => undefined);
  if (!request) return refuse(outgoing);
  try {
    await send(await sandbox.fetch(request), outgoing);
  } catch (error) {
    if (error instanceof ConnectionReset) incoming.socket.resetAndDestroy();
    else outgoing.destroy();
  }
}

async function listen(server, port) {
  server.listen(port, HOSTNAME);
  await once(server, "listening");
}

/**
 * The sandbox at an address of this machine.
 * @param {object} given all that `createSandbox` takes, and these:
 * @param {number} [given.port] 0: any free one
 * @param {string} [given.data] an SQLite file that keeps the organization
 */
export async function startSandbox({ port = 0, data, ...given } = {}) {
  const dataFile = data === undefined ? undefined : await openDataFile(data);
  let sandbox;
  let server;
  try {
    sandbox = createSandbox({ ...given, dataFile });
    server = createServer((incoming, outgoing) => void handle(sandbox, incoming, outgoing));
    await listen(server, port);
  } catch (error) {
    dataFile?.close();
    throw error;
  }

  return {
    sandbox,
    url: `http://${HOSTNAME}:${server.address().port}/v7`,

    /** Ends at once: requests in flight lose their connection. */
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
      dataFile?.close();
    },
  };
}
