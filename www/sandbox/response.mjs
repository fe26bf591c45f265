const RATE_LIMIT_HEADERS = /^x-organization-rate-limit-/;
const EXPOSED = [
  "date",
  "location",
  "retry-after",
  "x-organization-rate-limit-limit",
  "x-organization-rate-limit-remaining",
  "x-organization-rate-limit-reset",
].join(", ");

function corsHeaders({ cors }, request) {
  if (cors === "none") return {};
  return {
    "access-control-allow-origin": "*",
    ...(cors === "any" && { "access-control-expose-headers": EXPOSED }),
    ...(request.method === "OPTIONS" && {
      "access-control-allow-methods": "GET, POST, PUT, DELETE",
      "access-control-allow-headers": request.headers.get("access-control-request-headers") ?? "authorization",
      "access-control-max-age": "600",
    }),
  };
}

/** Half of the bytes, and then the stream fails as it does when a connection breaks. */
function cutStream(bytes) {
  let isSent = false;
  return new ReadableStream({
    pull(controller) {
      if (isSent) return controller.error(new TypeError("The sandbox cut the body."));
      isSent = true;
      controller.enqueue(bytes.slice(0, Math.ceil(bytes.byteLength / 2)));
    },
  });
}

/** Answers of these statuses have no body, whatever a fault wants to say in one. */
const BODILESS = new Set([204, 205, 304]);

/**
 * Writes a result. A header that the result gives wins over the usual one; null leaves it out.
 * @param {object} result
 * @param {Request} request
 */
export function toResponse(result, request, { options, rateLimit, now }) {
  const { status, mediaType, body, isCut = false, hideRateLimit = false } = result;
  const hasBody = body !== undefined && !BODILESS.has(status);
  const bytes = hasBody ? new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body)) : undefined;
  const headers = new Headers();
  const chosen = {
    date: new Date(now()).toUTCString(),
    "cache-control": "no-store",
    ...(bytes && { "content-type": mediaType, "content-length": String(bytes.byteLength) }),
    ...rateLimit.headers(),
    ...corsHeaders(options, request),
    ...result.headers,
  };
  for (const [name, value] of Object.entries(chosen)) {
    if (value !== null && !(hideRateLimit && RATE_LIMIT_HEADERS.test(name))) headers.set(name, value);
  }
  const isEmpty = bytes === undefined || request.method === "HEAD";
  return new Response(isEmpty ? null : isCut ? cutStream(bytes) : bytes, { status, headers });
}
