import { spawn } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";

/** Runs a command to its end and gives what it printed; a failure rejects with all of that. */
export async function run(command, cwd, env = {}) {
  const child = start(command, cwd, env);
  const { code, stdout } = await child.exited;
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}:\n${child.printed()}`);
  return stdout;
}

/** Starts a command in a process group of its own, so that stop() ends its children, too. */
export function start([program, ...args], cwd, env = {}) {
  const child = spawn(program, args, { cwd, env: { ...process.env, NO_COLOR: "1", ...env }, detached: true });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  const exited = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: code ?? signal, stdout }));
  });
  exited.catch(() => {});
  return {
    exited,
    printed: () => stdout + stderr,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, "SIGKILL");
      await exited;
    },
  };
}

/** Starts a server, and gives its address as soon as it prints that: the first group of the pattern. */
export async function startServer(command, cwd, env, pattern) {
  const server = start(command, cwd, env);
  let running = true;
  void server.exited.finally(() => (running = false));
  while (running) {
    const url = pattern.exec(server.printed())?.[1];
    if (url) return { ...server, url };
    await pause(50);
  }
  throw new Error(`${command.join(" ")} ended:\n${server.printed()}`);
}
