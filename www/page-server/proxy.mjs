import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { SECURITY_HEADERS, sendProblem } from "./answers.mjs";

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "DELETE"]);
const BODILESS = new Set(["GET", "HEAD"]);
const BODY_LIMIT = 1_048_576;

/** Cookies and whatever else the browser adds are none of the target's business. */
const ASKED = ["accept", "content-type"];
/** Without these the page could neither tell the rate limit nor where a new user is. */
const ANSWERED = /^(?:content-type|date|location|retry-after|allow|x-organization-rate-limit-\w+)$/;

async function readBody(incoming) {
  const chunks = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.byteLength;
    if (size > BODY_LIMIT) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The client left, or the target did: a body that breaks off must not look like a whole one. */
async function passOn(response, outgoing) {
  const headers = [...response.headers].filter(([name]) => ANSWERED.test(name));
  outgoing.writeHead(response.status, { ...SECURITY_HEADERS, "cache-control": "no-store", ...Object.fromEntries(headers) });
  if (!response.body) return void outgoing.end();
  await pipeline(Readable.fromWeb(response.body), outgoing).catch(() => outgoing.destroy());
}

/**
 * Forwards what lies below a path to a target, with an access token that the browser never sees.
 * @param {{ target: string, token?: string }} where `target` is an address without a slash at its end
 */
export function createProxy({ target, token }) {
  return async function forward(rest, incoming, outgoing) {
    const { method, headers } = incoming;
    if (!METHODS.has(method)) return sendProblem(outgoing, 405, `Use one of ${[...METHODS].join(", ")}.`);
    const body = BODILESS.has(method) ? undefined : await readBody(incoming);
    if (!BODILESS.has(method) && !body) return sendProblem(outgoing, 413, "Send less than 1 MB.");

    const leaving = new AbortController();
    outgoing.on("close", () => leaving.abort());
    const kept = ASKED.filter((name) => headers[name] !== undefined).map((name) => [name, headers[name]]);
    try {
      const response = await fetch(target + rest, {
        method,
        headers: { ...Object.fromEntries(kept), ...(token && { authorization: `Bearer ${token}` }) },
        body: body?.byteLength > 0 ? body : undefined,
        redirect: "manual",
        signal: leaving.signal,
      });
      await passOn(response, outgoing);
    } catch {
      if (leaving.signal.aborted || outgoing.headersSent) return void outgoing.destroy();
      sendProblem(outgoing, 502, `The proxy of this page got no answer from ${new URL(target).host}.`);
    }
  };
}
