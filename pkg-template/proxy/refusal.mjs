const titles = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  499: "Client Closed Request",
  500: "Internal Server Error",
  502: "Bad Gateway",
  504: "Gateway Timeout",
};

/**
 * What every answer has. A browser that is led here must neither run what is in it, nor keep it, nor give it to another
 * site: the API's gateways may answer with pages.
 */
export const SAFE_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
};

/** An answer of the proxy's own: thrown wherever its reason is found, and turned into a Response in one place. */
export class Refusal extends Error {
  constructor(status, detail, headers = {}) {
    super(detail);
    Object.assign(this, { status, headers });
  }

  /** A problem document (RFC 9457), which is what the client reads. */
  toResponse() {
    const { status, message: detail } = this;
    const problem = { type: "about:blank", title: titles[status], status, detail };
    const headers = { ...SAFE_HEADERS, ...this.headers, "content-type": "application/problem+json" };
    return new Response(JSON.stringify(problem), { status, headers });
  }
}
