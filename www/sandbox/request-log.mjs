const KEPT = 10_000;
const LONGEST_BODY = 10_000;
const WRITES = new Set(["POST", "PUT", "PATCH", "DELETE"]);
/** Anything shorter would also be found in ordinary paths. */
const SHORTEST_SECRET = 8;

/** What is worth keeping of a body: the data if it is JSON that can be written again, else the beginning of the text. */
function readable(text) {
  if (text.length > LONGEST_BODY) return `${text.slice(0, LONGEST_BODY)}…`;
  try {
    const value = JSON.parse(text);
    JSON.stringify(value);
    return value;
  } catch {
    return text;
  }
}

/**
 * What came in and what went out, oldest first. It never holds a token.
 * @param {() => number} now
 * @param {string[]} tokens
 */
export function createRequestLog(now, tokens) {
  const entries = [];

  /** A token may have been put into the URL or the body by mistake. */
  function withoutSecrets(text, presented) {
    const secrets = [...tokens, presented].filter((secret) => secret?.length >= SHORTEST_SECRET);
    const written = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]);
    return written.reduce((rest, secret) => rest.replaceAll(secret, "…"), text);
  }

  return {
    entries,

    /**
     * @param {Request} request
     * @param {Uint8Array | undefined} bytes its body
     */
    open(request, bytes) {
      const { method, url, headers } = request;
      const { pathname, search } = new URL(url);
      const presented = headers.get("authorization")?.replace(/^bearer\s*/i, "");
      const hasBody = WRITES.has(method) && bytes?.byteLength > 0;
      const entry = {
        time: new Date(now()).toISOString(),
        method,
        path: withoutSecrets(pathname + search, presented),
        status: undefined,
        executed: false,
        faults: [],
        ...(hasBody && { body: readable(withoutSecrets(new TextDecoder().decode(bytes), presented)) }),
      };
      entries.push(entry);
      if (entries.length > KEPT) entries.shift();
      return entry;
    },

    clear() {
      entries.length = 0;
    },
  };
}
