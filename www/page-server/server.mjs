import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";

import { sendJson, sendProblem } from "./answers.mjs";
import { isAddressedToUs, isOurOwn } from "./guard.mjs";
import { createProxy } from "./proxy.mjs";
import { createStaticFiles } from "./static-files.mjs";

const HOSTNAME = "127.0.0.1";
const page = join(import.meta.dirname, "..");

/**
 * The page at an address of this machine, and below `/te-api/v7` the API on the page's own origin.
 * @param {object} options
 * @param {number} options.port 0: any free one
 * @param {string} options.pkg the folder of the built package
 * @param {string} options.endpoint the API, such as `https://api.thousandeyes.com/v7`
 * @param {string} options.token its access token, which stays here
 * @param {string} [options.aid] the account group that the page works in
 * @param {string} [options.control] the control path of a sandbox: the page says so, and offers faults
 */
export async function startPageServer({ port, pkg, endpoint, token, aid, control }) {
  const facts = { mode: control ? "sandbox" : "live", endpoint, ...(aid && { aid }) };
  const files = createStaticFiles({ "/app/": join(page, "app"), "/style/": join(page, "style"), "/pkg/": pkg });
  const index = createStaticFiles({ "/": page });
  const proxies = { "/te-api/v7/": createProxy({ target: endpoint, token }) };
  if (control) proxies["/sandbox/"] = createProxy({ target: control });

  async function answer(incoming, outgoing) {
    if (!isAddressedToUs(incoming)) {
      return sendProblem(outgoing, 403, `Use http://${HOSTNAME}:${incoming.socket.localPort}/.`);
    }
    // Appended rather than resolved: a path that begins with two slashes would be another host.
    const { pathname, search } = new URL(`http://${HOSTNAME}${incoming.url.startsWith("/") ? incoming.url : "/"}`);
    const mount = Object.keys(proxies).find((prefix) => pathname.startsWith(prefix));
    if (mount) {
      if (!isOurOwn(incoming)) return sendProblem(outgoing, 403, "Only the page of this server may use its proxy.");
      return proxies[mount](pathname.slice(mount.length - 1) + search, incoming, outgoing);
    }
    if (incoming.method !== "GET" && incoming.method !== "HEAD") return sendProblem(outgoing, 405, "Use GET.");
    if (pathname === "/") return index("/index.html", outgoing);
    if (pathname === "/demo.json") return sendJson(outgoing, 200, facts);
    return files(pathname, outgoing);
  }

  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(port, HOSTNAME);
  await once(server, "listening");

  return {
    url: `http://${HOSTNAME}:${server.address().port}/`,

    /** Ends at once: requests in flight lose their connection. */
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
