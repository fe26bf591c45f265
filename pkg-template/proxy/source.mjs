import { Refusal } from "./refusal.mjs";

const READING = new Set(["GET", "HEAD"]);

/**
 * Refuses what does not come from the portal's own pages. A host that is not known is a foreign name that leads here by DNS:
 * to a browser that name's pages are of the same origin as this proxy. Another site's page could otherwise act with the
 * token, if only by a form.
 */
export function checkSource({ method, headers, url }, origins) {
  const asked = headers.get("host") ?? new URL(url).host;
  const own = origins.filter(({ protocol, host }) => hostOf(asked, protocol) === host);
  if (own.length === 0) {
    throw new Refusal(403, "The Host of the request is not that of `origin`: a server before the proxy must leave it as it is.");
  }
  const isWrite = !READING.has(method);
  const [origin, site] = [headers.get("origin"), headers.get("sec-fetch-site")];
  const isOwn = own.some((known) => known.origin === origin);
  // Reading by hand, in the address bar, is nobody else's page.
  const isSameSite = site === null || site === "same-origin" || (site === "none" && !isWrite);
  if (!isSameSite || !(isOwn || (origin === null && !isWrite))) {
    throw new Refusal(403, "Only pages of this origin may do that: a write needs the header Origin, as browsers send it.");
  }
}

/** As browsers write it: in lower case, without the usual port. */
function hostOf(header, protocol) {
  const address = `${protocol}//${header}`;
  return /^[\w.:[\]-]+$/.test(header) && URL.canParse(address) ? new URL(address).host : undefined;
}
