import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";

/** A port that is free now. The server is started again on the same one. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Debian's redis-server, which forgets everything when it ends. */
export async function startRedis() {
  const port = await freePort();
  let child;
  const redis = {
    port,
    async start() {
      const quiet = ["--save", "", "--appendonly", "no", "--bind", "127.0.0.1", "--port", String(port)];
      child = spawn("redis-server", quiet, { cwd: "/", stdio: ["ignore", "pipe", "inherit"] });
      for await (const line of createInterface(child.stdout)) if (line.includes("Ready to accept connections")) break;
      child.stdout.resume();
    },
    async kill() {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
    /** It keeps its connections, and says nothing. */
    hang: () => child.kill("SIGSTOP"),
    goOn: () => child.kill("SIGCONT"),
    async close() {
      if (child.exitCode === null && child.signalCode === null) await redis.kill();
    },
  };
  await redis.start();
  return redis;
}
