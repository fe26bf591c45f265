import { send, sendProblem } from "./answers.mjs";

/** A fault is one line. */
const BODY_LIMIT = 65_536;

async function readBody(incoming) {
  const parts = [];
  let size = 0;
  for await (const part of incoming) {
    size += part.byteLength;
    if (size > BODY_LIMIT) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/**
 * Hands the faults that the page asks for to the sandbox.
 * @param {string} control the control path of the sandbox
 */
export function createFaults(control) {
  return async function answer(incoming, outgoing) {
    const { method } = incoming;
    if (method !== "POST" && method !== "DELETE") return sendProblem(outgoing, 405, "Use POST or DELETE.");
    const body = await readBody(incoming);
    if (!body) return sendProblem(outgoing, 413, "Send a fault.");
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${control}/faults`, { method, headers, ...(body.byteLength > 0 && { body }) });
    send(outgoing, response.status, response.status === 204 ? {} : headers, Buffer.from(await response.arrayBuffer()));
  };
}
