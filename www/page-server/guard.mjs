/** The names that this machine has for itself. Any other Host header means a foreign name that leads here by DNS. */
const OWN_NAMES = new Set(["127.0.0.1", "localhost"]);

/** Whether the request was addressed to this machine by its own name. */
export function isAddressedToUs({ headers, socket }) {
  const [, name, port = "80"] = /^([^:]+)(?::(\d+))?$/.exec(headers.host ?? "") ?? [];
  return OWN_NAMES.has(name) && Number(port) === socket.localPort;
}

/** Whether a page of this server asks: browsers name the origin of every request that changes something. */
export function isOurOwn({ headers: { host, origin, "sec-fetch-site": site = "same-origin" } }) {
  return origin === `http://${host}` && site === "same-origin";
}
