/**
 * A journal in a file. What `append` has returned from is on the disk; whatever ends the process, all that is lost is a line
 * whose `append` had not returned. Nothing that was written is ever changed or removed.
 */
import { constants } from "node:fs";
import { lstat, open, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { JournalError } from "./error.mjs";
import { lock } from "./lock.mjs";

export { JournalError };

export function fileJournal(path) {
  if (path === "") throw new TypeError("The path of a journal must not be empty.");
  const file = new JournalFile(resolve(typeof path === "string" ? path : fileURLToPath(path)));
  let last = Promise.resolve();
  let closed;

  const inTurn = (work) => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
  const unlessClosed = async (work) => {
    if (closed) throw file.error("closed", "was closed. Make a new one with fileJournal.");
    return inTurn(work);
  };
  const close = () => (closed ??= inTurn(() => file.close()));
  return {
    read: () => unlessClosed(() => file.read()),
    append: async (line) => {
      if (typeof line !== "string" || !line.endsWith("\n") || !line.isWellFormed()) {
        throw new TypeError("A line of a journal must be well-formed text that ends in a line break.");
      }
      return unlessClosed(() => file.append(line));
    },
    close,
    [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]: close,
  };
}

/** The files that are open. Node closes an open file that nothing refers to any more, with a warning. */
const openFiles = new Set();

/** The file of a journal, for one thing at a time. It is locked and opened when it is first used. */
class JournalFile {
  #path;
  #lock;
  #handle;
  /** Why the file is no longer written. */
  #failure;
  #isFolderOnDisk = false;

  constructor(path) {
    this.#path = path;
  }

  error(code, what, cause) {
    return new JournalError(`journal-${code}`, this.#path, `The journal ${this.#path} ${what}`, cause);
  }

  async read() {
    const handle = await this.#open(0);
    if (!handle) return "";
    try {
      return this.#decode(await readWhole(handle));
    } catch (error) {
      throw error instanceof JournalError ? error : this.error("failed", `could not be read: ${error.message}.`, error);
    }
  }

  async append(line) {
    const handle = await this.#open(constants.O_CREAT);
    if (this.#failure) throw this.error("failed", "is no longer written, as an earlier line may be lost. Read it again with a new one.", this.#failure);
    try {
      await write(handle, !line.startsWith("\n") && (await isTorn(handle)) ? `\n${line}` : line);
    } catch (error) {
      const rest = "A part of the line may be there; the next one begins on a new line.";
      throw this.error("failed", `lacks a line that could not be written: ${error.message}. ${rest} Make room, or mend the disk.`, error);
    }
    let isInPlace;
    try {
      await handle.sync();
      await this.#putFolderOnDisk();
      isInPlace = await this.#isInPlace(handle);
    } catch (error) {
      // After a failure the system may take for written what never was, and the next `sync` would succeed.
      this.#failure = error;
      throw this.error("failed", `may lack its last line: ${error.message}. Mend the disk, then read it again with a new one.`, error);
    }
    if (isInPlace) return;
    const advice = "Its lines are lost, unless you bring the old file back.";
    this.#failure = this.error("replaced", `was removed or replaced while it was in use. ${advice}`);
    throw this.#failure;
  }

  async close() {
    const [held, handle] = [this.#lock, this.#handle];
    this.#lock = this.#handle = undefined;
    openFiles.delete(handle);
    try {
      await handle?.close();
    } catch (error) {
      throw this.error("failed", `could not be closed: ${error.message}. All its lines are there.`, error);
    } finally {
      await held?.release();
    }
  }

  /** Opens the file, unless it is open. Without O_CREAT there may be none. */
  async #open(flag) {
    if (this.#handle) return this.#handle;
    try {
      if (!this.#lock) {
        const folder = await realpath(dirname(this.#path));
        this.#path = join(folder, basename(this.#path));
        this.#lock = await lock(folder, basename(this.#path));
      }
      // Windows knows no O_NOFOLLOW: there a symbolic link is found out below.
      const flags = constants.O_RDWR | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0) | flag;
      this.#handle = await open(this.#path, flags, 0o600);
      openFiles.add(this.#handle);
      await this.#check(this.#handle);
      return this.#handle;
    } catch (error) {
      // What is not there is locked all the same, until it is there.
      if (error.code === "ENOENT" && this.#lock && !flag) return undefined;
      await this.close();
      throw this.#openingFailed(error);
    }
  }

  #openingFailed(error) {
    if (error instanceof JournalError) return error;
    if (error.code === "ELOOP") return this.#notAFile(error);
    if (error.code === "EISDIR") return this.error("not-a-file", "is a folder. Give the path of a file.", error);
    const advice = error.code === "ENOENT" ? " Make its folder first." : "";
    return this.error("failed", `could not be opened: ${error.message}.${advice}`, error);
  }

  #notAFile(cause) {
    return this.error("not-a-file", "must be a plain file with one name: a link may lead to what somebody else chose. Give the path of the file.", cause);
  }

  /** Refuses what somebody else put there, or may read or write. */
  async #check(handle) {
    const { uid, mode, nlink } = await handle.stat({ bigint: true });
    if (!(await this.#isInPlace(handle)) || nlink > 1n) throw this.#notAFile();
    // On Windows the rights of the folder hold for its files, and only tools of the system can tell them.
    if (this.#lock.owner === undefined) return;
    if (uid !== this.#lock.owner) {
      throw this.error("not-private", "belongs to another user, who can read it. It is about people: keep your own, in a folder in which only you can make files.");
    }
    if ((mode & 0o077n) !== 0n) {
      throw this.error("not-private", `can be read or written by others. It is about people: run \`chmod 600 ${this.#path}\`.`);
    }
  }

  /** Whether the open file is still the one that this path names, and not what a link leads to. */
  async #isInPlace(handle) {
    const there = await lstat(this.#path, { bigint: true }).catch((error) => {
      if (error.code !== "ENOENT") throw error;
    });
    const { dev, ino } = await handle.stat({ bigint: true });
    return there !== undefined && there.isFile() && there.dev === dev && there.ino === ino;
  }

  /** The name of a new file is on the disk only when its folder is. Who made the file may have been killed before. */
  async #putFolderOnDisk() {
    // Windows opens no folder, and needs none of this.
    if (this.#isFolderOnDisk || process.platform === "win32") return;
    const folder = await open(dirname(this.#path), constants.O_RDONLY);
    try {
      await folder.sync();
    } catch (error) {
      // Some file systems keep no folder back.
      if (!["EINVAL", "ENOTSUP"].includes(error.code)) throw error;
    } finally {
      await folder.close();
    }
    this.#isFolderOnDisk = true;
  }

  #decode(bytes) {
    try {
      return strict().decode(bytes);
    } catch {
      return this.#decodeLines(bytes);
    }
  }

  /** A line that was torn may end within a character, which becomes U+FFFD. Anything else that is not UTF-8 is an error. */
  #decodeLines(bytes) {
    const lines = [];
    for (let start = 0; start <= bytes.length; ) {
      const found = bytes.indexOf("\n", start);
      const end = found < 0 ? bytes.length : found;
      lines.push(this.#decodeLine(bytes.subarray(start, end), lines.length + 1));
      start = end + 1;
    }
    return lines.join("\n");
  }

  #decodeLine(bytes, number) {
    const decoder = strict();
    let text;
    try {
      text = decoder.decode(bytes, { stream: true });
    } catch (error) {
      throw this.error("not-text", `is not UTF-8 in line ${number}, so that something else wrote it. Give the path of a journal.`, error);
    }
    try {
      return text + decoder.decode();
    } catch {
      return `${text}\uFFFD`;
    }
  }
}

const strict = () => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

async function readWhole(handle) {
  const { size } = await handle.stat();
  const bytes = Buffer.alloc(size);
  let length = 0;
  while (length < size) {
    const { bytesRead } = await handle.read(bytes, length, size - length, length);
    if (bytesRead === 0) throw new Error("it became shorter while it was read");
    length += bytesRead;
  }
  return bytes;
}

/** Whether the file ends within a line. */
async function isTorn(handle) {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}

async function write(handle, text) {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) {
    written += (await handle.write(bytes, written, bytes.length - written)).bytesWritten;
  }
}
