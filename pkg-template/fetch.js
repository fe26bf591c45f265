/** One request, from its parts to the bytes of its answer. */

/** Sends a request with `fetch`, the platform's if none is given, and reads the answer to its end. */
export async function exchange(fetch, method, url, headers, body, signal) {
  const fields = {};
  for (const line of headers.split("\n")) {
    const end = line.indexOf(":");
    fields[line.slice(0, end)] = line.slice(end + 2);
  }
  // Redirects are not followed: the token goes to no other host.
  const init = { method, headers: fields, body, redirect: "manual", signal };
  const answer = await (fetch ? fetch(new Request(url, init)) : globalThis.fetch(url, init));
  const status = answer?.status;
  const isStatus = status === 0 || (Number.isInteger(status) && status >= 100 && status <= 999);
  if (!isStatus || answer.type === "error") throw new NoResponse();
  return { status, reason: `${answer.statusText ?? ""}`, headers: lines(answer.headers), body: await bytes(answer) };
}

/** Whether a request to this address can be made from here: outside of pages it must be absolute. */
export function canCall(url) {
  try {
    return Boolean(new Request(url));
  } catch {
    return false;
  }
}

/** What a failure means: `"broken"` if sending again is in vain, `"not-sent"` if nothing left, else `"unknown"`. */
export function outcome(error) {
  try {
    if (error instanceof NoResponse) return "broken";
    // Node tells of connections that were never made; browsers tell nothing.
    return neverMade.includes(error?.cause?.code) ? "not-sent" : "unknown";
  } catch {
    return "unknown";
  }
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

/** The failure, or what can be said of it where it shows the token, as that of an injected `fetch` may. */
export function withoutToken(error, headers) {
  const token = /^Authorization: Bearer (.+)$/m.exec(headers)?.[1];
  try {
    for (let cause = error, depth = 0; cause != null && depth < 8; cause = cause.cause, depth += 1) {
      const texts = typeof cause === "object" ? [cause.message, cause.stack] : [cause];
      if (token && texts.some((text) => String(text).includes(token))) {
        return new Error(String(cause.message ?? cause).replaceAll(token, "(token)"));
      }
    }
    return error;
  } catch {
    return new Error("fetch failed with something that cannot be looked at");
  }
}

// A stand-in for a Response may have any kind of headers, and only one way to the body.

/** All but the cookies: they are secrets, which belong in no log. */
function lines(headers) {
  let text = "";
  for (const [name, value] of headers?.entries ? headers.entries() : Object.entries(headers ?? {})) {
    const field = `${String(name).toLowerCase()}: ${value}`;
    if (!field.startsWith("set-cookie:")) text += `${field.replace(/[\r\n]+/g, " ")}\n`;
  }
  return text;
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
