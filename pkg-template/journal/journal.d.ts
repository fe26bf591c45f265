declare global {
  // TypeScript knows it only with a library newer than es2022. Where it does, this adds nothing.
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

/** A journal in a file: what `apply` wants as its `journal`. */
export interface FileJournal {
  /** What the file holds, or `""` where there is none. */
  read(): Promise<string>;
  /**
   * Adds a line, which ends in a line break. It returns when the line is on the disk. Lines come in the order of the calls,
   * also of those that nobody awaits.
   */
  append(line: string): Promise<void>;
  /** Waits for the lines that were added, closes the file and gives its lock back. */
  close(): Promise<void>;
  /** What `await using` calls: the same as `close`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * What is wrong with a journal:
 * - `"journal-in-use"`: another program, or another part of this one, has it open.
 * - `"journal-not-private"`: others can read or write the file, or it belongs to another user.
 * - `"journal-not-a-file"`: the path leads to a link, a folder or a device, or the file has a second name.
 * - `"journal-not-text"`: the file is not UTF-8.
 * - `"journal-not-locked"`: the lock cannot be had here, on a network drive for example.
 * - `"journal-failed"`: the system could not open, read or write the file; `cause` says why.
 * - `"journal-replaced"`: the file was removed or replaced while it was open.
 * - `"journal-closed"`: it was closed before.
 */
export type JournalErrorCode =
  | "journal-in-use"
  | "journal-not-private"
  | "journal-not-a-file"
  | "journal-not-text"
  | "journal-not-locked"
  | "journal-failed"
  | "journal-replaced"
  | "journal-closed";

/** Why a journal cannot be read or written, and what to do. Nothing in it tells what the lines say. */
export class JournalError extends Error {
  private constructor();
  /** What is wrong. It stays the same in later releases; `message` may change. */
  readonly code: JournalErrorCode;
  /** The path of the file. */
  readonly path: string;
  /** What the system says of it, if it is the system that refused. */
  readonly cause?: unknown;
}

/**
 * A journal in the file at this path, a text or a `file:` URL. For Node, Deno and Bun.
 *
 * The file is locked and opened when the journal is first read or added to, and made when the first line is added, with mode
 * 0600. A file that others can read or write is refused, as is a symbolic link. On Windows the rights of the folder hold.
 *
 * The lock holds against every other program of this machine, and against a second journal of this one. It ends with `close`
 * or with the process, however that ends. It does not hold between machines: keep no journal on a drive that several of them
 * write to.
 *
 * Whatever ends the process, a line whose `append` returned is in the file. Of one whose `append` had not, the file may have
 * a part: then the next line begins on a new line.
 */
export function fileJournal(path: string | { readonly href: string }): FileJournal;
