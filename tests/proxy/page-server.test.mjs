// The server of the demo page: it has the proxy, and lets no other page near the token or the sandbox.
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { startPageServer } from "../../www/page-server/server.mjs";
import { startSandbox } from "../../www/sandbox/server.mjs";
import { basePath, raw, token } from "./support.mjs";

const { url: endpoint, sandbox, ...sandboxServer } = await startSandbox({ port: 0, token });
const control = new URL("/__sandbox", endpoint).href;
const server = await startPageServer({ port: 0, pkg: ".", endpoint, token, control });
after(() => Promise.all([server.close(), sandboxServer.close()]));
const { origin, host, port } = new URL(server.url);

const send = async (line, headers, body = "") => {
  const all = { Host: host, Connection: "close", "Content-Length": body.length, ...headers };
  const lines = [`${line} HTTP/1.1`, ...Object.entries(all).map((pair) => pair.join(": ")), "", body];
  return Number((await raw(server.url, lines.join("\r\n"))).split(" ")[1]);
};
const own = { Origin: origin, "Content-Type": "application/json" };
const fault = JSON.stringify({ fault: "error", status: 503 });
const user = JSON.stringify({ name: "Ada", email: "ada@example.com" });

test("its own page may read, write and ask for faults, by both names of this machine", async () => {
  assert.equal(await send(`GET ${basePath}/users`, {}), 200);
  assert.equal(await send(`POST ${basePath}/users`, own, user), 201);
  assert.equal(await send(`GET ${basePath}/users`, { Host: `localhost:${port}` }), 200);
  assert.equal(await send("POST /sandbox/faults", own, fault), 201);
  assert.equal(await send(`GET ${basePath}/users`, {}), 503);
  assert.equal(await send("DELETE /sandbox/faults", own), 204);
});

test("no other page may", async () => {
  const before = sandbox.requests.length;
  const foreign = { ...own, Origin: "https://evil.example" };
  const { Origin: _origin, ...unnamed } = own;
  const others = [foreign, { ...own, "Sec-Fetch-Site": "cross-site" }, { ...own, Host: "rebound.example" }, unnamed];
  for (const headers of others) {
    assert.equal(await send(`POST ${basePath}/users`, headers, user), 403);
    assert.equal(await send("POST /sandbox/faults", headers, fault), 403);
  }
  assert.deepEqual([sandbox.requests.length, sandbox.faults.list()], [before, []]);
});

test("nothing else of the sandbox is to be had", async () => {
  for (const path of ["/sandbox/state", "/sandbox/faults/", "/sandbox/", `${basePath}/../__sandbox/state`]) {
    assert.equal(await send(`GET ${path}`, {}), 404, path);
  }
});
