// What the tests of the journal share: the packed package, a folder for each test, and other processes that use a journal.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { install } from "../package/support.mjs";

export const project = await install();
export const { JournalError, fileJournal } = await project.import("thousandeyes-admin/journal");

/** A folder that goes with the test. */
export function folderOf(t) {
  const folder = mkdtempSync(join(tmpdir(), "journal-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A disk in memory, which goes with the test. */
export function diskOf(t, options) {
  const folder = mkdtempSync(join(tmpdir(), "journal-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]);
  t.after(() => {
    execFileSync("umount", ["--lazy", folder]);
    rmdirSync(folder);
  });
  return folder;
}

/** A journal that is closed with the test, at a path in a folder of its own or at one that is given. */
export function journalOf(t, path = join(folderOf(t), "plan.journal")) {
  const journal = fileJournal(path);
  t.after(() => journal.close());
  return { journal, path };
}

/** Whether an error is one of a journal with this code, and says nothing of `secret`. */
export const refusal = (code, message = /./) => (error) => {
  if (!(error instanceof JournalError) || error.code !== code || !message.test(error.message)) throw error;
  return true;
};

/**
 * Another process that runs this code, which has `fileJournal`, the path and `say`. What it says is read line by line; a
 * test that ends early ends it.
 */
export async function start(t, path, code, { before = [] } = {}) {
  const told = `
    import { writeSync } from "node:fs";
    import { fileJournal } from "thousandeyes-admin/journal";
    const path = ${JSON.stringify(path)};
    const say = (text) => writeSync(1, text + "\\n");
    ${code}`;
  const [program, ...args] = [...before, process.execPath, "--input-type=module", "--eval", told];
  const child = spawn(program, args, { cwd: project.path(), stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    child,
    /** The next line, or undefined when it has ended. */
    next: async () => (await lines.next()).value,
    /** Ends it as no program can prevent. */
    async kill() {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
    async ended() {
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      return child.exitCode ?? child.signalCode;
    },
  };
}
