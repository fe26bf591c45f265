import { JSON_TYPE, essence } from "./media-types.mjs";
import { Problem } from "./problem.mjs";

const MAX_DEPTH = 32;

/**
 * The bytes of a request body, or undefined once it turns out longer than `limit`. Hono's own limit would answer at
 * once; here the token is looked at first, and the log has what came.
 * @param {Request} request
 */
export async function readBytes(request, limit) {
  if (!request.body) return new Uint8Array();
  const reader = request.body.getReader();
  const chunks = [];
  let size = 0;
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    size += value.byteLength;
    if (size > limit) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(value);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

/**
 * Refuses what the validator cannot take. Level by level and not by recursion: a body nested a million deep must not
 * exhaust the stack.
 */
function requireUsable(value) {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw new Problem(400, "Send a body that is not nested this deeply.");
    if (!level.every((item) => Object.keys(item).every((name) => name.isWellFormed()))) {
      throw new Problem(400, "Send names of properties that are whole characters.");
    }
    level = level.flatMap((item) => Object.values(item)).filter((item) => typeof item === "object" && item !== null);
  }
}

/** Hono's own reading puts a character in the place of what is no UTF-8. */
function parse(bytes) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Problem(400, "Send a body that is JSON in UTF-8.");
  }
}

/**
 * The JSON object that a request carries.
 * @param {Headers} headers
 * @param {Uint8Array | undefined} bytes
 */
export function parseObject(headers, bytes) {
  if (essence(headers.get("content-type") ?? "") !== JSON_TYPE) {
    throw new Problem(415, `Send the body as ${JSON_TYPE}.`);
  }
  const coding = headers.get("content-encoding") ?? "identity";
  if (coding.trim().toLowerCase() !== "identity") throw new Problem(415, "Send the body without a content encoding.");
  if (!bytes) throw new Problem(413, "Send a shorter body.");
  const value = parse(bytes);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Problem(400, "Send a JSON object.");
  }
  requireUsable(value);
  return value;
}
