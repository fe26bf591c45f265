// What a company has before the network: a proxy, and an authority whose certificates nobody else trusts.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createProxy } from "node:http";
import { createServer } from "node:https";
import { connect } from "node:net";

import { certificateFile } from "../faults/outcomes/situations.mjs";

const certificate = (name) => readFileSync(certificateFile(name));
const open = async (server) => (await once(server.listen(0, "127.0.0.1"), "listening"), server.address().port);

/** Starts both, with an API over TLS that answers as a sandbox does; `tunnels` are those that were asked for at the proxy. */
export async function startCorporate(sandbox) {
  const tunnels = [];
  const proxy = createProxy().on("connect", (request, socket, head) => {
    tunnels.push(request.url);
    const { hostname, port } = new URL(`https://${request.url}`);
    const target = connect(port, hostname, () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      target.write(head);
      target.pipe(socket).pipe(target);
    });
    target.on("error", () => socket.destroy());
    socket.on("error", () => target.destroy());
  });
  const api = createServer({ key: certificate("key"), cert: certificate("good") }, async (request, response) => {
    const answer = await sandbox.fetch(`https://localhost${request.url}`, { headers: request.headers });
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  });
  const [proxyPort, apiPort] = [await open(proxy), await open(api)];
  // What this machine has itself counts for nothing.
  const names = ["HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "NODE_EXTRA_CA_CERTS", "NODE_USE_ENV_PROXY"];
  return {
    target: `localhost:${apiPort}`,
    proxyUrl: `http://127.0.0.1:${proxyPort}`,
    env: { ...Object.fromEntries(names.map((name) => [name, undefined])), TE_API_ENDPOINT: `https://localhost:${apiPort}/v7` },
    tunnels,
    close: () => [proxy, api].forEach((server) => server.close()),
  };
}

/** The end of a program that has a client: prints what becomes of a call. */
export const printing = `
  const print = ({ users, code, message }) => console.log(JSON.stringify({ users: users?.length, code, message }));
  print(await client.users.getUsers({ maxRetries: 0 }).catch((error) => error));`;
