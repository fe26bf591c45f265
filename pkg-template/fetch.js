/**
 * One request, from its parts to the bytes of its answer. It is JavaScript because all that it touches is: each of its
 * steps would be a crossing from WebAssembly. This file imports nothing: wasm-bindgen copies it alone beside the wasm
 * tests.
 */
export class Exchange {
  #controller = new AbortController();
  #request;

  /** Throws where no such request can be made. Header fields are lines such as "accept: text/plain". */
  constructor(method, url, headers, body) {
    const fields = headers.split("\n").map((line) => line.split(/: (.*)/, 2));
    const { signal } = this.#controller;
    // Redirects are not followed: the token goes to no other host.
    this.#request = new Request(url, { method, headers: fields, body, redirect: "manual", signal });
  }

  /** Sends the request with `fetch`, the platform's if none is given, and reads the answer to its end. */
  async send(fetch = globalThis.fetch) {
    const answer = await fetch(this.#request);
    const status = answer?.status;
    if (typeof status !== "number") throw new NoResponse();
    return { status, reason: `${answer.statusText ?? ""}`, headers: lines(answer.headers), body: await bytes(answer) };
  }

  /** Ends the exchange, whatever it is doing. */
  abort() {
    this.#controller.abort();
  }
}

/** Whether a request to this address can be made from here: outside of pages it must be absolute. */
export function canCall(url) {
  try {
    return Boolean(new Request(url));
  } catch {
    return false;
  }
}

/** What a failed `send` means: `"broken"` if sending again is in vain, `"not-sent"` if nothing left, else `"unknown"`. */
export function outcome(error) {
  if (error instanceof NoResponse) return "broken";
  // Node tells of connections that were never made; browsers tell nothing.
  return neverMade.includes(error?.cause?.code) ? "not-sent" : "unknown";
}

const neverMade = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
];

class NoResponse extends TypeError {
  constructor() {
    super("fetch answered something that is not a Response");
  }
}

// A stand-in for a Response may have any kind of headers, and only one way to the body.

function lines(headers) {
  const fields = headers?.entries ? headers.entries() : Object.entries(headers ?? {});
  const line = ([name, value]) => `${String(name).toLowerCase()}: ${value}`.replace(/\s+/g, " ");
  return Array.from(fields, line).join("\n");
}

async function bytes(answer) {
  if (answer.arrayBuffer) {
    const buffer = await answer.arrayBuffer();
    // A number would be taken for a length.
    if (typeof buffer?.byteLength !== "number") throw new NoResponse();
    return new Uint8Array(buffer);
  }
  const text = answer.text ? await answer.text() : answer.json ? JSON.stringify(await answer.json()) : "";
  return new TextEncoder().encode(text);
}
