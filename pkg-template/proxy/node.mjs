import { hasBody } from "./body.mjs";
import { courses } from "./course.mjs";
import { Refusal } from "./refusal.mjs";

/** Milliseconds that a client may go on to send after its request was answered. */
const LINGERING = 1000;

/** The same handler for `node:http` and Express; proxy.d.ts says all of it. */
export function toNodeHandler(proxy) {
  if (typeof proxy !== "function") throw new TypeError("toNodeHandler needs what createProxy gives.");
  return async function handler(incoming, outgoing, next) {
    const leaving = new AbortController();
    outgoing.on("close", () => outgoing.writableFinished || leaving.abort());
    // Not Node's own conversion to a stream: where that is given up, the connection ends, and the answer with it.
    const parts = incoming[Symbol.asyncIterator]();
    try {
      await send(await answer(proxy, incoming, parts, leaving.signal), outgoing);
    } catch (error) {
      if (outgoing.headersSent) outgoing.destroy();
      else if (next) next(error);
      else {
        console.error(error);
        await send(new Refusal(500, "The proxy failed: its log says why.").toResponse(), outgoing);
      }
    }
    if (!incoming.complete) await discard(incoming, parts);
  };
}

async function answer(proxy, incoming, parts, signal) {
  try {
    return await proxy(toRequest(incoming, parts, signal));
  } catch (error) {
    if (error instanceof Refusal) return error.toResponse();
    throw error;
  }
}

function toRequest(incoming, parts, signal) {
  const headers = headersOf(incoming);
  const address = addressOf(incoming, headers.get("host") ?? "");
  const { method } = incoming;
  if (!mayHaveBody(incoming, headers)) return new Request(address, { method, headers, signal });
  if (incoming.body !== undefined || incoming.readableDidRead) {
    throw new Error(
      "The body of the request was read before the proxy got it: mount the proxy before express.json() and its like.",
    );
  }
  return new Request(address, { method, headers, signal, body: streamOf(parts), duplex: "half" });
}

/** A body of HTTP/2 needs no header that says so. */
function mayHaveBody({ method, httpVersionMajor, stream }, headers) {
  if (method === "GET" || method === "HEAD") return false;
  return httpVersionMajor >= 2 ? !stream?.endAfterHeaders : hasBody(headers);
}

/** All of them: where one is there twice, neither counts more than the other. HTTP/2 has some that are none. */
function headersOf({ rawHeaders, authority }) {
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (!rawHeaders[index].startsWith(":")) headers.append(rawHeaders[index], rawHeaders[index + 1]);
  }
  if (authority && !headers.has("host")) headers.set("host", authority);
  return headers;
}

/** The address as it was asked for. A path that is another one once it is parsed is nobody's mistake. */
function addressOf({ method, originalUrl, url }, host) {
  if (method === "TRACE" || method === "CONNECT") throw new Refusal(405, "No such method is known.");
  // In Express `url` lacks the path of the mount.
  const target = originalUrl ?? url;
  const address = `http://${host}${target}`;
  const isPlain = /^[\w.:[\]-]+$/.test(host) && target.startsWith("/") && URL.canParse(address);
  if (isPlain && new URL(address).pathname === target.split("?", 1)[0]) return address;
  throw new Refusal(400, "The request has no plain Host, or no plain path.");
}

function streamOf(parts) {
  const pull = async (controller) => {
    const { done, value } = await parts.next();
    if (done) controller.close();
    else controller.enqueue(value);
  };
  return new ReadableStream({ pull }, { highWaterMark: 0 });
}

async function send(response, outgoing) {
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) outgoing.setHeader(name, value);
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader.read()) {
    // A reader that has stalled is waited for until the body breaks off.
    if (!outgoing.write(part.value)) await Promise.race([drained(outgoing), reader.closed]);
  }
  outgoing.end();
  const course = courses.get(response);
  if (!course || outgoing.writableFinished || outgoing.destroyed) return;
  const timer = setTimeout(() => outgoing.destroy(), course.rest);
  outgoing.on("close", () => clearTimeout(timer));
}

const drained = (outgoing) =>
  new Promise((resolve) => {
    if (outgoing.destroyed) return void resolve();
    const done = () => {
      outgoing.off("drain", done);
      outgoing.off("close", done);
      resolve();
    };
    outgoing.on("drain", done);
    outgoing.on("close", done);
  });

/** What is left of a body is read and forgotten: some clients read no answer before they have sent all. */
async function discard(incoming, parts) {
  const timer = setTimeout(() => incoming.destroy(), LINGERING);
  try {
    while (!(await parts.next()).done);
  } catch {
    // It broke off.
  } finally {
    clearTimeout(timer);
  }
}
