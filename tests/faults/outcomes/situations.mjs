/**
 * Servers on this machine that give no answer, each in its way, and what has to come of a call. What runtimes tell
 * differs, so an expectation can name those that tell less.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import net from "node:net";
import { setTimeout as pause } from "node:timers/promises";

export const certificateFile = (name) => new URL(`./certificates/${name}.pem`, import.meta.url);
const certificate = (...names) => Buffer.concat(names.map((name) => readFileSync(certificateFile(name))));
const key = certificate("key");

const answer = (request, response) => response.setHeader("content-type", "application/json").end('{"users":[]}');
const withCertificate = (...names) => createTlsServer({ key, cert: certificate(...names) }, answer);
const afterTheRequest = (end) => createServer((request) => request.resume().on("end", () => end(request.socket)));
/** Ends each connection once the first bytes are there. */
const atFirstBytes = (end) => net.createServer((socket) => socket.on("error", () => {}).once("data", () => end(socket)));
/** What a server that expects TLS answers to anything else: "unexpected message". */
const TLS_ALERT = Buffer.from([0x15, 3, 1, 0, 2, 2, 10]);

// What the package makes of it: whether the request left, and how often a read and a create are sent.
const inVain = { outcome: "not-sent", attempts: { read: 1, create: 1 } };
const neverMade = { outcome: "not-sent", attempts: { read: 3, create: 3 } };
const perhapsThere = { outcome: "unknown", attempts: { read: 3, create: 1 } };
const inVainPerhapsThere = { outcome: "unknown", attempts: { read: 1, create: 1 } };

const untrusted = ["certificate is not trusted", "NODE_EXTRA_CA_CERTS"];

/**
 * `open` gives the server, none where nobody listens. `trusts`: the root of the certificates is trusted. `says` is in the
 * message everywhere, `code` where there are Node's codes.
 */
const table = {
  "a certificate that signs itself": {
    open: () => withCertificate("self-signed"),
    scheme: "https",
    trusts: true,
    expected: { ...inVain, says: untrusted, code: "DEPTH_ZERO_SELF_SIGNED_CERT" },
  },
  "a certificate of an unknown authority": {
    open: () => withCertificate("good"),
    scheme: "https",
    expected: { ...inVain, says: untrusted, code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" },
  },
  "a certificate of an unknown authority, which is sent along": {
    open: () => withCertificate("good", "root"),
    scheme: "https",
    expected: { ...inVain, says: untrusted, code: "SELF_SIGNED_CERT_IN_CHAIN" },
  },
  "an expired certificate": {
    open: () => withCertificate("expired"),
    scheme: "https",
    trusts: true,
    expected: { ...inVain, says: ["certificate has expired", "renewed"], code: "CERT_HAS_EXPIRED" },
  },
  "a certificate that is not valid yet": {
    open: () => withCertificate("not-yet-valid"),
    scheme: "https",
    trusts: true,
    expected: { ...inVain, says: ["certificate is not valid yet", "clock"], code: "CERT_NOT_YET_VALID" },
  },
  "a certificate for another name": {
    open: () => withCertificate("other-name"),
    scheme: "https",
    trusts: true,
    expected: { ...inVain, says: ["certificate is for another name", "`host`"], code: "ERR_TLS_CERT_ALTNAME_INVALID" },
  },
  "https to a plain server": {
    open: () => createServer(answer),
    scheme: "https",
    expected: { ...inVain, says: ["does not speak TLS", "http:// instead of https://"], code: "ERR_SSL_WRONG_VERSION_NUMBER" },
    Bun: { ...inVainPerhapsThere, says: ["TLS handshake failed", "http:// instead of https://"] },
  },
  "http to a TLS server": {
    open: () => atFirstBytes((socket) => socket.end(TLS_ALERT)),
    expected: { ...inVainPerhapsThere, says: ["not HTTP", "https:// instead of http://"] },
    Bun: { ...perhapsThere, says: [] },
  },
  "nobody who listens": { expected: { ...neverMade, says: ["connection was refused", "`host`"], code: "ECONNREFUSED" } },
  "nobody who listens at either of two addresses": {
    addresses: ["127.0.0.1", "127.0.0.2"],
    expected: { ...neverMade, says: ["connection was refused"], code: "ECONNREFUSED" },
  },
  "no answer from one address, nobody who listens at the other": {
    open: sleepingServer,
    addresses: ["127.0.0.1", "127.0.0.2"],
    expected: { ...neverMade, says: ["no connection was made in time"], code: "ETIMEDOUT" },
  },
  "a name that does not exist": {
    host: "http://no-such-host.invalid/v7",
    expected: { ...neverMade, says: ["name could not be looked up", "`host`"] },
  },
  "an end in the midst of the handshake": {
    open: () => atFirstBytes((socket) => socket.destroy()),
    scheme: "https",
    expected: { ...neverMade, says: ["cut before TLS was set up"], code: "ECONNRESET" },
    Bun: { ...perhapsThere, says: [] },
  },
  "an end after the request": {
    open: () => afterTheRequest((socket) => socket.destroy()),
    expected: { ...perhapsThere, says: ["check the network"] },
  },
  "a reset after the request": {
    open: () => afterTheRequest((socket) => socket.resetAndDestroy()),
    expected: { ...perhapsThere, says: ["check the network"] },
  },
};

/**
 * A process that listens, but takes no connection, since it sleeps: its queue is soon full, and whoever comes later waits.
 * It ends by itself, should nobody end it.
 */
function sleepingServer() {
  const code = `
    const server = require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
      console.log(server.address().port);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
      process.exit();
    });`;
  const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  const waiting = [];
  return {
    async listen() {
      const [port] = (await once(child.stdout, "data")).map(Number);
      const isTaken = () => {
        const socket = net.connect(port, "127.0.0.1").on("error", () => {});
        waiting.push(socket);
        return Promise.race([once(socket, "connect").then(() => true), pause(500, false)]);
      };
      while (await isTaken()) assert.ok(waiting.length < 20, "the queue of a sleeping server never ends");
      return port;
    },
    close() {
      for (const socket of waiting) socket.destroy();
      child.kill("SIGKILL");
    },
  };
}

/** A server that counts its connections. */
function counted(server) {
  let connections = 0;
  if (!(server instanceof net.Server)) return { ...server, count: () => undefined };
  server.on("connection", () => (connections += 1));
  return {
    async listen() {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      return server.address().port;
    },
    count: () => connections,
    close() {
      server.closeAllConnections?.();
      server.close();
    },
  };
}

async function freePort() {
  const server = counted(net.createServer());
  const port = await server.listen();
  server.close();
  return port;
}

/** Starts them all. */
export async function startSituations() {
  const servers = Object.entries(table).map(([name, { open, ...rest }]) => ({ name, server: open && counted(open()), ...rest }));
  const close = () => servers.forEach(({ server }) => server?.close());
  try {
    const ports = await Promise.all(servers.map(({ server }) => server?.listen()));
    // Only now, so that no server takes it.
    const free = await freePort();
    const situations = servers.map(({ scheme = "http", ...situation }, index) => {
      const name = situation.addresses ? "two.localhost" : "localhost";
      return { host: `${scheme}://${name}:${ports[index] ?? free}/v7`, ...situation };
    });
    return { situations, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Compares what calls.mjs reports of a situation with what is expected in a runtime. */
export function check({ name, server, expected, ...others }, report, runtime) {
  const { outcome, attempts, says, code } = others[runtime] ?? expected;
  for (const [call, error] of Object.entries(report)) {
    const { class: given, outcome: became, attempts: made, message } = error;
    const told = `${name}, ${call}: ${JSON.stringify(error)}`;
    assert.deepEqual([given, became, made], ["ConnectionException", outcome, attempts[call]], told);
    for (const part of runtime === "Node" && code ? [...says, code] : says) assert.ok(message.includes(part), `${part}: ${told}`);
  }
  const connections = server?.count();
  if (connections !== undefined) assert.equal(connections, attempts.read + attempts.create, `connections for ${name}`);
}
