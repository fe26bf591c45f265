import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";

import { createProxy, readOperations, toNodeHandler } from "../../pkg-template/proxy/proxy.mjs";
import { sendJson, sendProblem } from "./answers.mjs";
import { createFaults } from "./faults.mjs";
import { isAddressedToUs, isOurOwn } from "./guard.mjs";
import { createStaticFiles } from "./static-files.mjs";

const HOSTNAME = "127.0.0.1";
const API = "/te-api/v7";
const FAULTS = "/sandbox/faults";
const WRITES = [
  "createUser", "updateUser", "deleteUser",
  "createAccountGroup", "updateAccountGroup", "deleteAccountGroup",
  "createRole", "updateRole", "deleteRole",
];
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
  const faults = control && createFaults(control);
  let api;

  async function answer(incoming, outgoing) {
    if (!isAddressedToUs(incoming)) {
      return sendProblem(outgoing, 403, `Use http://${HOSTNAME}:${incoming.socket.localPort}/.`);
    }
    // Appended rather than resolved: a path that begins with two slashes would be another host.
    const { pathname } = new URL(`http://${HOSTNAME}${incoming.url.startsWith("/") ? incoming.url : "/"}`);
    if (pathname.startsWith(`${API}/`)) return api(incoming, outgoing);
    if (faults && pathname === FAULTS) {
      if (!isOurOwn(incoming)) return sendProblem(outgoing, 403, "Only the page of this server may ask for faults.");
      return faults(incoming, outgoing);
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
  const { port: own } = server.address();
  const proxy = createProxy({
    origin: [`http://${HOSTNAME}:${own}`, `http://localhost:${own}`],
    basePath: API,
    host: endpoint,
    accessToken: token,
    allow: [...readOperations, ...WRITES],
    // Whoever is at this machine may use it.
    authorize: () => true,
  });
  api = toNodeHandler(proxy);

  return {
    url: `http://${HOSTNAME}:${own}/`,

    /** Ends at once: requests in flight lose their connection. */
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
