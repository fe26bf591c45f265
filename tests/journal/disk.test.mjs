// What the disk may do to a journal: it is full, it fails, it writes a part, it keeps what it was given to itself.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, readFileSync, readdirSync, readlinkSync, statSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";

import { diskOf, fileJournal, folderOf, journalOf, refusal, start } from "./support.mjs";

const own = await open(import.meta.filename);
/** What all open files share, the journal's included. */
const FileHandle = Object.getPrototypeOf(own);
await own.close();

const failing = (code) => Object.assign(new Error(`${code}: as the system says it`), { code });

/** Tells in their order which files were written and put on the disk. */
function watch(t, events) {
  for (const method of ["write", "sync"]) {
    const original = FileHandle[method];
    t.mock.method(FileHandle, method, async function (...args) {
      const kind = (await this.stat()).isDirectory() ? "folder" : "file";
      events.push(`${method} ${kind}`);
      const result = await original.apply(this, args);
      events.push(`${method} ${kind} done`);
      return result;
    });
  }
}

test("append returns when the line is on the disk, and the first time the name of the file, too", async (t) => {
  const events = [];
  watch(t, events);
  const { journal, path } = journalOf(t);
  await journal.append("one\n");
  events.push("returned");
  const file = ["write file", "write file done", "sync file", "sync file done"];
  const folder = ["sync folder", "sync folder done"];
  assert.deepEqual(events.splice(0), [...file, ...folder, "returned"]);
  await journal.append("two\n");
  assert.deepEqual(events.splice(0), file);
  await journal.close();
  // Whoever made the file may have been killed before its name was on the disk.
  await journalOf(t, path).journal.append("three\n");
  assert.deepEqual(events.splice(0), [...file, ...folder]);
});

test("the next line is not begun before the last is on the disk", async (t) => {
  const events = [];
  watch(t, events);
  const { journal } = journalOf(t);
  await Promise.all([journal.append("one\n"), journal.append("two\n"), journal.append("three\n")]);
  const files = events.filter((event) => event.includes("file"));
  assert.deepEqual(files, Array(3).fill(["write file", "write file done", "sync file", "sync file done"]).flat());
});

test("what the disk takes in parts is written to its end", async (t) => {
  const { write } = FileHandle;
  t.mock.method(FileHandle, "write", function (bytes, offset, length) {
    return write.call(this, bytes, offset, Math.min(length, 3));
  });
  const { journal, path } = journalOf(t);
  await journal.append("Ümit 山田\n");
  assert.equal(readFileSync(path, "utf8"), "Ümit 山田\n");
});

for (const code of ["ENOSPC", "EIO", "EDQUOT"]) {
  test(`${code} amidst a line: an error with its cause, and the next line begins on a new one`, async (t) => {
    const { journal, path } = journalOf(t);
    await journal.append("whole\n");
    const { write } = FileHandle;
    let isFull = true;
    t.mock.method(FileHandle, "write", function (bytes, offset, length) {
      if (!isFull) return write.call(this, bytes, offset, length);
      if (offset > 0) throw failing(code);
      return write.call(this, bytes, offset, 4);
    });
    const error = await journal.append("ada@example.com\n").catch((caught) => caught);
    refusal("journal-failed", new RegExp(`lacks a line that could not be written: ${code}.*Make room, or mend the disk`))(error);
    assert.equal(error.cause.code, code);
    assert.doesNotMatch(inspect(error, { depth: 9 }), /ada@/);
    assert.equal(readFileSync(path, "utf8"), "whole\nada@");
    isFull = false;
    await journal.append("next\n");
    assert.equal(await journal.read(), "whole\nada@\nnext\n");
  });
}

test("where nothing of a line was written nothing is torn", async (t) => {
  const { journal, path } = journalOf(t);
  await journal.append("whole\n");
  const failure = t.mock.method(FileHandle, "write", async () => Promise.reject(failing("ENOSPC")));
  const results = await Promise.allSettled([journal.append("lost\n"), journal.append("lost, too\n")]);
  assert.deepEqual(results.map(({ reason }) => reason.code), ["journal-failed", "journal-failed"]);
  failure.mock.restore();
  await journal.append("next\n");
  assert.equal(readFileSync(path, "utf8"), "whole\nnext\n");
});

test("when it is not known whether a line is on the disk, no more is written until the journal is read again", async (t) => {
  for (const kind of ["isFile", "isDirectory"]) {
    const { journal, path } = journalOf(t);
    const { sync } = FileHandle;
    const failure = t.mock.method(FileHandle, "sync", async function () {
      if ((await this.stat())[kind]()) throw failing("EIO");
      return sync.call(this);
    });
    await assert.rejects(journal.append("perhaps\n"), refusal("journal-failed", /may lack its last line: EIO/));
    failure.mock.restore();
    const again = await journal.append("more\n").catch((caught) => caught);
    refusal("journal-failed", /no longer written.*Read it again with a new one/)(again);
    assert.equal(again.cause.code, "EIO");
    assert.equal(readFileSync(path, "utf8"), "perhaps\n");
    await journal.close();
    const { journal: fresh } = journalOf(t, path);
    assert.equal(await fresh.read(), "perhaps\n");
    await fresh.append("more\n");
  }
});

test("a file system that keeps no folder back is none the worse", async (t) => {
  const { sync } = FileHandle;
  t.mock.method(FileHandle, "sync", async function () {
    if ((await this.stat()).isDirectory()) throw failing("EINVAL");
    return sync.call(this);
  });
  const { journal } = journalOf(t);
  await journal.append("line\n");
  assert.equal(await journal.read(), "line\n");
});

test("a failure to read is an error with its cause, and later reading goes on", async (t) => {
  const { journal } = journalOf(t);
  await journal.append("line\n");
  const failure = t.mock.method(FileHandle, "read", async () => Promise.reject(failing("EIO")));
  const error = await journal.read().catch((caught) => caught);
  refusal("journal-failed", /could not be read: EIO/)(error);
  assert.equal(error.cause.code, "EIO");
  failure.mock.restore();
  assert.equal(await journal.read(), "line\n");
});

test("a failure to close is an error, and gives the lock back all the same", async (t) => {
  const path = join(folderOf(t), "plan.journal");
  const journal = fileJournal(path);
  await journal.append("line\n");
  const fd = readdirSync("/proc/self/fd").find((name) => readlink(`/proc/self/fd/${name}`) === path);
  closeSync(Number(fd));
  const error = await journal.close().catch((caught) => caught);
  refusal("journal-failed", /could not be closed: EBADF.*All its lines are there/)(error);
  await journalOf(t, path).journal.append("next\n");
});

/** Where a link leads; what is gone leads nowhere. */
function readlink(path) {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

test("a real disk that is full: what was done is there, and writing goes on when there is room", async (t) => {
  const folder = diskOf(t, "size=64k");
  const path = join(folder, "plan.journal");
  const { journal } = journalOf(t, path);
  const line = `${"x".repeat(5000)}\n`;
  let done = 0;
  let error;
  while (!error) await journal.append(line).then(() => (done += 1), (caught) => (error = caught));
  refusal("journal-failed", /could not be written: ENOSPC/)(error);
  assert.equal(done, Math.floor(65_536 / line.length));
  const full = readFileSync(path, "utf8");
  const part = full.slice(done * line.length);
  assert.ok(full.startsWith(line.repeat(done)) && part.length > 0 && line.startsWith(part), "the system wrote a part");
  await assert.rejects(journal.append(line), refusal("journal-failed", /ENOSPC/));
  execFileSync("mount", ["-o", "remount,size=128k", folder]);
  await journal.append("next\n");
  assert.equal(await journal.read(), `${full}\nnext\n`);
});

test("a file that may not grow any more is the same", async (t) => {
  const path = join(folderOf(t), "plan.journal");
  const code = `
    const journal = fileJournal(path);
    await journal.append("whole\\n");
    for (let round = 0; round < 2; round += 1) {
      await journal.append("x".repeat(5000) + "\\n").catch(({ code, cause }) => say(code + " " + cause.code));
    }
    await journal.close();`;
  const limited = await start(t, path, code, { before: ["prlimit", "--fsize=4096", "--"] });
  assert.equal(await limited.next(), "journal-failed EFBIG");
  assert.equal(await limited.next(), "journal-failed EFBIG");
  assert.equal(await limited.ended(), 0);
  assert.equal(statSync(path).size, 4096);
  const { journal } = journalOf(t, path);
  await journal.append("next\n");
  assert.match(readFileSync(path, "utf8"), /^whole\nx+\nnext\n$/);
});

test("a folder that may not be written, and a file that may not: errors with the system's reason", async (t) => {
  const folder = folderOf(t);
  mkdirSync(join(folder, "locked"), { mode: 0o500 });
  writeFileSync(join(folder, "plan.journal"), "", { mode: 0o400 });
  const code = `
    const { chownSync, lstatSync } = await import("node:fs");
    for (const file of ["", "locked", "plan.journal"]) chownSync(path + "/" + file, 65534, 65534);
    process.setgid(65534);
    process.setuid(65534);
    for (const file of ["locked/plan.journal", "plan.journal"]) {
      await fileJournal(path + "/" + file).append("line\\n").catch(({ code, cause }) => say(code + " " + cause.code));
    }`;
  const other = await start(t, folder, code);
  assert.equal(await other.next(), "journal-not-locked EACCES");
  assert.equal(await other.next(), "journal-failed EACCES");
});

test("a journal on a file system for reading only is refused with the system's reason", async (t) => {
  const { journal } = journalOf(t, join(diskOf(t, "ro"), "plan.journal"));
  const error = await journal.append("line\n").catch((caught) => caught);
  refusal("journal-not-locked", /cannot be locked: .*EROFS/)(error);
  assert.equal(error.cause.code, "EROFS");
});
