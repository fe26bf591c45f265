/** The names that this machine has for itself. Any other Host header means a foreign name that leads here by DNS. */
const OWN_NAMES = new Set(["127.0.0.1", "localhost"]);
const HARMLESS = new Set(["GET", "HEAD"]);

/** Whether the request was addressed to this machine by its own name. */
export function isAddressedToUs({ headers, socket }) {
  const [, name, port = "80"] = /^([^:]+)(?::(\d+))?$/.exec(headers.host ?? "") ?? [];
  return OWN_NAMES.has(name) && Number(port) === socket.localPort;
}

/**
 * Whether the request comes from our own page, or from a person: the address bar, a terminal. Another site's page could
 * otherwise act with the token that the proxy adds.
 */
export function isOurOwn({ method, headers }) {
  const { host, origin } = headers;
  const site = headers["sec-fetch-site"];
  if (origin !== undefined && origin !== `http://${host}`) return false;
  if (site !== undefined) return site === "same-origin" || (site === "none" && HARMLESS.has(method));
  return origin !== undefined || HARMLESS.has(method);
}
