import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";

import { send, sendProblem } from "./answers.mjs";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};
/** No dot at the start of a name, so neither hidden files nor a way up. */
const SAFE = /^\/(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/;

/**
 * Serves files below folders, and nothing else.
 * @param {Record<string, string>} folders from the beginning of a path, such as `/pkg/`, to the folder behind it
 */
export function createStaticFiles(folders) {
  return async function answer(pathname, outgoing) {
    const prefix = Object.keys(folders).find((candidate) => pathname.startsWith(candidate));
    const type = TYPES[extname(pathname)];
    const content =
      prefix && type && SAFE.test(pathname)
        ? await readFile(join(folders[prefix], pathname.slice(prefix.length))).catch(() => undefined)
        : undefined;
    if (!content) return sendProblem(outgoing, 404, "There is no such file.");
    send(outgoing, 200, { "content-type": type, "cache-control": "no-cache" }, content);
  };
}
