/** Answers of these statuses have no body, whatever a fault wants to say in one. */
const BODILESS = new Set([204, 205, 304]);

/**
 * Writes a result: text as it is, all else as JSON.
 * @param {{ status: number, headers?: Record<string, string>, mediaType?: string, body?: unknown }} result
 */
export function toResponse({ status, headers = {}, mediaType, body }) {
  if (body === undefined || BODILESS.has(status)) return new Response(null, { status, headers });
  const bytes = new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
  // Hono leaves the length to the server; but a client in this process sees no server.
  const usual = { "content-type": mediaType, "content-length": String(bytes.byteLength) };
  return new Response(bytes, { status, headers: { ...usual, ...headers } });
}
