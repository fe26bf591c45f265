import { STATUS_CODES } from "node:http";

/** What every answer of this server says to the browser. */
export const SECURITY_HEADERS = {
  "content-security-policy": [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join("; "),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

export function send(outgoing, status, headers, body) {
  outgoing.writeHead(status, { ...SECURITY_HEADERS, "cache-control": "no-store", ...headers });
  outgoing.end(body);
}

export function sendJson(outgoing, status, body, headers = {}) {
  send(outgoing, status, { "content-type": "application/json", ...headers }, JSON.stringify(body));
}

/** A problem document, which is what the package expects where the API would send one. */
export function sendProblem(outgoing, status, detail) {
  const problem = { type: "about:blank", title: STATUS_CODES[status], status, detail };
  sendJson(outgoing, status, problem, { "content-type": "application/problem+json" });
}
