/** What `fetch` takes here, and what it answers: a Response, or a stand-in for one. */

/** The whole address of a path, which only a page has; undefined where there is none. */
export function addressOf(url) {
  try {
    return new URL(url, globalThis.document?.baseURI ?? globalThis.location?.href).href;
  } catch {
    return undefined;
  }
}

let probed = {};

/**
 * Whether requests take the signals that there are: in jsdom they are not those of Node's `fetch`, which then refuses
 * every request that has one.
 */
export function takesSignals() {
  const { AbortController, Request } = globalThis;
  if (probed.AbortController !== AbortController || probed.Request !== Request) {
    probed = { AbortController, Request, takes: AbortController !== undefined };
    try {
      if (Request) new Request("http://localhost/", { signal: new AbortController().signal });
    } catch {
      probed.takes = false;
    }
  }
  return probed.takes;
}

/** `fetch` gave something that will be no better the next time; by this name Rust knows it. */
class NoResponse extends TypeError {
  name = "NoResponse";
}

/**
 * An answer, read to its end in the context of the call: the bytes and the platform's own Response, or of anything else
 * the bytes and what it says: status, reason phrase, pairs of header fields.
 */
export async function readAnswer(answer) {
  const status = answer?.status;
  const isStatus = status === 0 || (Number.isInteger(status) && status >= 100 && status <= 999);
  if (!isStatus || answer.type === "error") throw new NoResponse("fetch answered something that is not a Response");
  if (isPlatforms(answer)) return [await bytesOf(answer), answer];
  const { headers } = answer;
  const fields = headers?.entries ? headers.entries() : Object.entries(headers ?? {});
  const pairs = Array.from(fields, ([name, value]) => [oneLine(name), oneLine(value)]);
  return [await bytesOf(answer), status, oneLine(answer.statusText ?? ""), pairs];
}

/** Whether nobody put anything in the place of what the platform's Response and its Headers say. */
function isPlatforms(answer) {
  try {
    const { Headers, Response } = globalThis;
    const isPlain = (object, { prototype }) =>
      Object.getPrototypeOf(object) === prototype && Object.getOwnPropertyNames(object).length === 0;
    // The getter throws where the answer is a Proxy.
    Object.getOwnPropertyDescriptor(Response.prototype, "status").get.call(answer);
    return isPlain(answer, Response) && isPlain(answer.headers, Headers);
  } catch {
    return false;
  }
}

/** No text of JavaScript is longer, by V8's measure, so nothing could be made of a longer body. */
const LONGEST = 0x1fffffe8;

async function bytesOf(answer) {
  if (!answer.arrayBuffer) {
    const text = answer.text ? await answer.text() : answer.json ? JSON.stringify(await answer.json()) : "";
    return new TextEncoder().encode(text);
  }
  const buffer = await answer.arrayBuffer();
  const isView = ArrayBuffer.isView(buffer);
  if (!isView && Object.prototype.toString.call(buffer) !== "[object ArrayBuffer]") {
    throw new NoResponse("fetch answered something that is not a Response");
  }
  if (buffer.byteLength > LONGEST) throw new NoResponse("fetch answered a body that is too long to be read");
  return isView ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength) : new Uint8Array(buffer);
}

function oneLine(value) {
  return `${value}`.replace(/[\r\n]+/g, " ");
}
