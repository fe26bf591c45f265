/** Bodies, which come from outside: none is taken to be short, or to end. */
import { Refusal } from "./refusal.mjs";

/** A shorter token may be a part of any text. */
const SHORTEST_TOKEN = 8;
const REDACTED = "(token)";

/** Whether a request says that a body follows. */
export const hasBody = (headers) => headers.has("transfer-encoding") || Number(headers.get("content-length") ?? 0) !== 0;

/** The text of a body; none where it is empty. JSON is UTF-8. */
export async function readBody(body, limit) {
  if (!body) return undefined;
  const reader = body.getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new Refusal(400, "The body of the request broke off.");
    });
    if (done) break;
    size += value.byteLength;
    // What is left is not cancelled: that would end a connection of Node's, and the answer with it.
    if (size > limit) throw new Refusal(413, `Send at most ${limit} bytes.`);
    parts.push(value);
  }
  try {
    return size > 0 ? new TextDecoder("utf-8", { fatal: true }).decode(joined(parts, size)) : undefined;
  } catch {
    throw new Refusal(400, "The body of the request is not UTF-8.");
  }
}

/**
 * A body as it is passed on, part by part: it breaks off where it is too long or too late, so that it does not look whole, and
 * the token is not in it.
 */
export function passedOn(body, { limit, token, course }) {
  const reader = body.getReader();
  const redaction = new Redaction(token);
  let size = 0;

  async function next(controller) {
    for (;;) {
      const { done, value } = await course.within(reader.read(), brokenOff);
      if (!done && (size += value.byteLength) > limit) throw brokenOff;
      const part = done ? redaction.rest() : redaction.of(value);
      if (part.byteLength > 0) controller.enqueue(part);
      if (done) {
        course.end();
        controller.close();
      }
      if (done || part.byteLength > 0) return;
    }
  }

  /** An application's own `fetch` may not know the signal of the course. */
  const cancel = () => {
    course.end();
    reader.cancel().catch(() => {});
  };
  const pull = (controller) =>
    next(controller).catch(() => {
      cancel();
      controller.error(brokenOff);
    });
  return new ReadableStream({ pull, cancel }, { highWaterMark: 0 });
}

const brokenOff = new Error("The answer of the API broke off, or was too long or too late.");

/** A text with the token replaced. */
export const redacted = (text, token) => (token.length < SHORTEST_TOKEN ? text : text.replaceAll(token, REDACTED));

/** Replaces the token in bytes that come in parts: also where it begins in one of them and ends in another. */
class Redaction {
  #token;
  #held = new Uint8Array();

  constructor(token) {
    this.#token = token.length < SHORTEST_TOKEN ? undefined : bytesOf(token);
  }

  of(part) {
    if (!this.#token) return part;
    const bytes = this.#held.byteLength > 0 ? joined([this.#held, part]) : part;
    const parts = [];
    let [from, at] = [0, bytes.indexOf(this.#token[0])];
    while (at >= 0) {
      const same = this.#sameAt(bytes, at);
      const isWhole = same === this.#token.byteLength;
      if (isWhole) parts.push(bytes.subarray(from, at), bytesOf(REDACTED));
      // The token may go on in the next part.
      else if (at + same === bytes.byteLength) break;
      if (isWhole) from = at + same;
      at = bytes.indexOf(this.#token[0], isWhole ? from : at + 1);
    }
    const end = at < 0 ? bytes.byteLength : at;
    this.#held = bytes.slice(end);
    return joined([...parts, bytes.subarray(from, end)]);
  }

  /** What was held back, because the token could have begun with it. */
  rest() {
    return this.#held;
  }

  /** How many bytes are those of the token. */
  #sameAt(bytes, at) {
    let same = 0;
    while (same < this.#token.byteLength && bytes[at + same] === this.#token[same]) same += 1;
    return same;
  }
}

const bytesOf = (text) => new TextEncoder().encode(text);

function joined(parts, size = parts.reduce((sum, { byteLength }) => sum + byteLength, 0)) {
  if (parts.length === 1) return parts[0];
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}
