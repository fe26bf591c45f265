/**
 * An exclusive lock that lasts as long as its process: not longer, however that ends, and not shorter.
 *
 * Node has none of its own. A lock file with a time is stolen from a process that computes, or that is stopped for a while; one
 * with a process id blocks for ever when that id is given to another, or is the same in two containers. What tells the living
 * from the dead is a socket: the kernel takes connections for a process that lives, even for one that is stopped, and refuses
 * them for one that is gone.
 *
 * So whoever wants the lock raises a flag, a socket in the folder of the file, and only then looks at the flags of others. Of
 * two who do so at once at least one sees the other: never do both go on. Flags of the dead are removed. That cannot hit
 * the living, as no flag appears before it takes connections, and no name is used twice.
 *
 * Windows needs no flags. There a named pipe of one name can be made once only, and goes with its process.
 */
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { lstat, mkdtemp, readdir, rename, rm, symlink } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { JournalError } from "./error.mjs";

/** The most bytes that the address of a socket has on macOS; Linux has four more. What is longer may be cut off silently. */
const LONGEST_ADDRESS = 103;

/** How many milliseconds one waits for others that want the lock at the same time. */
const PATIENCE = 500;

/** The flags that this process has raised. */
const flags = new Set();

/**
 * Locks a file for this process.
 * @returns {Promise<{ owner?: bigint, release: () => Promise<void> }>} `owner` is the user that files of this process belong
 * to, where files belong to users
 */
export async function lock(folder, name) {
  const path = join(folder, name);
  try {
    // Where case makes no difference two names may be one file. Elsewhere a lock too many does no harm.
    const key = createHash("sha256").update(name.normalize("NFC").toLowerCase());
    if (process.platform !== "win32") return await raiseFlag(folder, `.lock-${key.digest("hex").slice(0, 10)}-`, path);
    return await makePipe(`\\\\.\\pipe\\thousandeyes-admin-journal-${key.update(folder.toLowerCase()).digest("hex")}`);
  } catch (error) {
    if (error instanceof JournalError) throw error;
    // A pipe of the same name is that of another process.
    if (process.platform === "win32" && ["EADDRINUSE", "EACCES"].includes(error.code)) throw inUse(path, "another program", error);
    const advice = "Keep it on a drive of this machine, in a folder in which you may make files.";
    throw new JournalError("journal-not-locked", path, `The journal ${path} cannot be locked: ${error.message}. ${advice}`, error);
  }
}

const inUse = (path, who, cause) => {
  const reason = "Two that write one journal would do the same work twice.";
  return new JournalError("journal-in-use", path, `The journal ${path} is in use by ${who}. ${reason} Wait until that has ended.`, cause);
};

async function listen(address) {
  const server = createServer((socket) => socket.destroy());
  // The lock keeps no process from ending. In a cluster it is the worker's own. Every user may ask whether it is there.
  server.unref().listen({ path: address, exclusive: true, readableAll: true, writableAll: true });
  await once(server, "listening");
  // A connection that could not be accepted was there all the same, and nothing more is asked.
  return server.on("error", () => {});
}

async function makePipe(address) {
  const server = await listen(address);
  return { release: async () => void server.close() };
}

async function raiseFlag(folder, prefix, path) {
  // By their names, flags are in the order in which they were raised, as far as clocks agree.
  const own = `${prefix}${Date.now().toString(36)}${randomBytes(4).toString("hex")}-${process.pid}`;
  const [raised, unraised] = [join(folder, own), join(folder, `${own}.new`)];
  return withShortPath(folder, `${own}.new`, async (short) => {
    const server = await listen(join(short, `${own}.new`));
    const release = async () => {
      flags.delete(raised);
      if (flags.size === 0) process.off("exit", lowerAll);
      await rm(raised, { force: true });
      server.close();
    };
    try {
      const { uid } = await lstat(unraised, { bigint: true });
      if (flags.size === 0) process.once("exit", lowerAll);
      flags.add(raised);
      await rename(unraised, raised);
      await outlast(folder, short, prefix, own, path);
      return { owner: uid, release };
    } catch (error) {
      await release();
      throw error;
    }
  });
}

/** Whoever does not close a journal leaves nothing behind either; one that is killed leaves a flag that counts for nothing. */
function lowerAll() {
  for (const flag of flags) rmSync(flag, { force: true });
}

/** Waits until no other flag is there; but whoever raised theirs first goes first, and none waits for one that stays. */
async function outlast(folder, short, prefix, own, path) {
  const start = performance.now();
  for (;;) {
    const others = await living(folder, short, prefix, own);
    if (others.length === 0) return;
    if (others.some((flag) => flag < own) || performance.now() - start > PATIENCE) {
      const [holder] = others;
      const isOurs = flags.has(join(folder, holder));
      throw inUse(path, isOurs ? "this same process: close it there first" : `process ${holder.split("-").at(-1)} (its lock is ${holder})`);
    }
    await pause(10);
  }
}

async function living(folder, short, prefix, own) {
  const found = [];
  for (const flag of await readdir(folder)) {
    if (!flag.startsWith(prefix) || flag.endsWith(".new") || flag === own) continue;
    if (await isAlive(join(short, flag))) found.push(flag);
    // Where it may not be removed, it is in nobody's way.
    else await rm(join(folder, flag), { force: true }).catch(() => {});
  }
  return found.sort();
}

/**
 * Whether the process that raised a flag lives. Whatever is not plainly gone counts as alive. (A full queue of connections is
 * told apart from a dead process by Linux, but not by macOS: there 128 attempts while the process is stopped come to be refused.)
 */
async function isAlive(address) {
  const socket = connect({ path: address });
  try {
    await once(socket, "connect");
    return true;
  } catch (error) {
    return !["ECONNREFUSED", "ENOENT"].includes(error.code);
  } finally {
    socket.destroy();
  }
}

/** Calls `work` with a path of the folder that is short enough for the address of a socket in it. */
async function withShortPath(folder, name, work) {
  const fits = (path) => Buffer.byteLength(join(path, name)) <= LONGEST_ADDRESS;
  if (fits(folder)) return work(folder);
  const shelter = await mkdtemp(join(tmpdir(), "lock-"));
  try {
    const short = join(shelter, "f");
    if (!fits(short)) throw new Error(`the path of the folder for temporary files, ${tmpdir()}, is too long`);
    await symlink(folder, short);
    return await work(short);
  } finally {
    await rm(shelter, { recursive: true, force: true });
  }
}
