/** Bodies, which come from outside: none is taken to be short, or to end. */
import { Refusal } from "./refusal.mjs";

/** Whether a request says that a body follows. */
export const hasBody = (headers) => headers.has("transfer-encoding") || Number(headers.get("content-length") ?? 0) !== 0;

/**
 * The body of a request, for the proxy and for `authorize`: it breaks off where it is too long, and where the course ends. A
 * clone shares it, and what one of the two has read is kept for the other: so no more than the limit is ever in memory.
 */
export class LimitedBody {
  /** Why it broke off, if that was its own fault. */
  refusal;
  #reader;
  #limit;
  #size = 0;

  constructor(body, limit, signal) {
    this.#reader = body.getReader();
    this.#limit = limit;
    const start = (controller) => {
      const end = () => controller.error(new Error("The request is over, and its body with it."));
      if (signal.aborted) end();
      else signal.addEventListener("abort", end, { once: true });
    };
    // What is left is not cancelled: that would end a connection of Node's, and the answer with it.
    this.stream = new ReadableStream({ start, pull: (controller) => this.#pull(controller) }, { highWaterMark: 0 });
  }

  async #pull(controller) {
    const { done, value } = await this.#reader.read().catch(() => this.#breakOff(400, "The body of the request broke off."));
    if (done) return controller.close();
    this.#size += value.byteLength;
    if (this.#size > this.#limit) this.#breakOff(413, `Send at most ${this.#limit} bytes.`);
    controller.enqueue(value);
  }

  #breakOff(status, why) {
    this.refusal = new Refusal(status, why);
    throw this.refusal;
  }
}

/** The text of a body; none where it is empty. JSON is UTF-8. */
export async function readText(stream) {
  const reader = stream.getReader();
  const decode = utf8();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decode() || undefined;
    text += decode(value, { stream: true });
  }
}

/** Decodes part by part, so that a million of them take no more room than their text. */
function utf8() {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  return (...part) => {
    try {
      return decoder.decode(...part);
    } catch {
      throw new Refusal(400, "The body of the request is not UTF-8.");
    }
  };
}

/**
 * A body as it is passed on, part by part, with some texts replaced by others. It breaks off where it is too long or too
 * late, so that it does not look whole.
 */
export function passedOn(body, { limit, replaced, course }) {
  const reader = body.getReader();
  const replacements = replaced.map(([from, to]) => new Replacement(from, to));
  let size = 0;

  async function next(controller) {
    for (;;) {
      const { done, value } = await course.within(reader.read(), brokenOff);
      if (!done && (size += value.byteLength) > limit) throw brokenOff;
      const read = done ? new Uint8Array() : value;
      const part = replacements.reduce((bytes, replacement) => replacement.of(bytes, done), read);
      if (part.byteLength > 0) controller.enqueue(part);
      if (done) {
        controller.close();
        course.end();
      }
      if (done || part.byteLength > 0) return;
    }
  }

  /** An application's own `fetch` may not know the signal of the course. */
  const cancel = () => {
    course.end();
    reader.cancel().catch(() => {});
  };
  const breakOff = (controller) => {
    cancel();
    controller.error(brokenOff);
  };
  const pull = (controller) => next(controller).catch(() => breakOff(controller));
  // Also while nobody reads: who waits for a slow reader learns of it by this.
  const start = (controller) => course.signal.addEventListener("abort", () => breakOff(controller), { once: true });
  return new ReadableStream({ start, pull, cancel }, { highWaterMark: 0 });
}

const brokenOff = new Error("The answer of the API broke off, or was too long or too late.");

/** Replaces a text in bytes that come in parts: also where it begins in one of them and ends in another. */
class Replacement {
  #text;
  #instead;
  #held = new Uint8Array();

  constructor(text, instead) {
    [this.#text, this.#instead] = [text, instead].map(bytesOf);
  }

  /** What can be passed on, now that this part is there. What may be the beginning of the text waits for the next. */
  of(part, isLast) {
    const bytes = joined([this.#held, part]);
    const parts = [];
    let [from, at] = [0, bytes.indexOf(this.#text[0])];
    while (at >= 0) {
      const same = this.#sameAt(bytes, at);
      const isWhole = same === this.#text.byteLength;
      if (isWhole) parts.push(bytes.subarray(from, at), this.#instead);
      else if (!isLast && at + same === bytes.byteLength) break;
      if (isWhole) from = at + same;
      at = bytes.indexOf(this.#text[0], isWhole ? from : at + 1);
    }
    const end = at < 0 ? bytes.byteLength : at;
    this.#held = bytes.slice(end);
    return joined([...parts, bytes.subarray(from, end)]);
  }

  /** How many bytes are those of the text. */
  #sameAt(bytes, at) {
    let same = 0;
    while (same < this.#text.byteLength && bytes[at + same] === this.#text[same]) same += 1;
    return same;
  }
}

const bytesOf = (text) => new TextEncoder().encode(text);

function joined(parts) {
  const size = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const whole = parts.find(({ byteLength }) => byteLength === size);
  if (whole) return whole;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}
