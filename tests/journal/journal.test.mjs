// The file of a journal: what it holds, who may see it, what is refused, and what the package gives for it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, linkSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { transform } from "esbuild";

import { root } from "../../toolchain.mjs";
import { createSandbox } from "../../www/sandbox/sandbox.mjs";
import { example } from "../readme.mjs";
import { JournalError, fileJournal, folderOf, journalOf, project, refusal } from "./support.mjs";

const mode = (path) => (statSync(path).mode & 0o777).toString(8);

/** A file that is there already, for its owner only. */
function written(t, content, permissions = 0o600) {
  const path = join(folderOf(t), "plan.journal");
  writeFileSync(path, content);
  chmodSync(path, permissions);
  return path;
}

test("it reads what was added, and nothing where there is no file yet", async (t) => {
  const { journal, path } = journalOf(t);
  assert.equal(await journal.read(), "");
  await assert.rejects(async () => statSync(path), { code: "ENOENT" }, "reading makes no file");
  await journal.append('{"name":"Ümit 山田"}\n');
  await journal.append("second\n");
  assert.equal(await journal.read(), '{"name":"Ümit 山田"}\nsecond\n');
  assert.equal(readFileSync(path, "utf8"), '{"name":"Ümit 山田"}\nsecond\n');
});

test("a new file is its owner's only, whatever the umask allows", async (t) => {
  const before = process.umask(0);
  t.after(() => process.umask(before));
  const { journal, path } = journalOf(t);
  await journal.append("line\n");
  assert.equal(mode(path), "600");
});

test("what is there is kept, and a later journal goes on behind it", async (t) => {
  const path = written(t, "first\n");
  for (const line of ["second\n", "third\n"]) {
    const journal = fileJournal(path);
    await journal.append(line);
    await journal.close();
  }
  assert.equal(readFileSync(path, "utf8"), "first\nsecond\nthird\n");
});

test("lines come in the order of the calls, also if nobody awaits them", async (t) => {
  const { journal, path } = journalOf(t);
  const lines = Array.from({ length: 50 }, (_, index) => `${index} ${"x".repeat((index % 7) * 5000)}\n`);
  const appended = lines.map((line) => journal.append(line));
  assert.equal(await journal.read(), lines.join(""), "reading waits for them, too");
  await Promise.all(appended);
  assert.equal(readFileSync(path, "utf8"), lines.join(""));
});

test("behind a torn line the next one begins on a new line, once", async (t) => {
  for (const line of ["next\n", "\nnext\n"]) {
    const path = written(t, "whole\ntor");
    const { journal } = journalOf(t, path);
    assert.equal(await journal.read(), "whole\ntor");
    await journal.append(line);
    await journal.append("last\n");
    assert.equal(readFileSync(path, "utf8"), "whole\ntor\nnext\nlast\n");
  }
});

test("a line that was torn within a character can be read, at the end and behind it", async (t) => {
  const torn = Buffer.from("whole é\ntorn 山").subarray(0, -1);
  const path = written(t, torn);
  const { journal } = journalOf(t, path);
  assert.equal(await journal.read(), "whole é\ntorn \uFFFD");
  await journal.append("next\n");
  assert.equal(await journal.read(), "whole é\ntorn \uFFFD\nnext\n");
  assert.deepEqual(readFileSync(path), Buffer.concat([torn, Buffer.from("\nnext\n")]), "the file is only added to");
});

test("whatever else is not UTF-8 is an error that names the line", async (t) => {
  const wrong = [Buffer.from("one\ntwo caf\xe9 three\nfour\n", "latin1"), Buffer.from("\ufeffone\ntwo\n", "utf16le"), Buffer.from([0x0a, 0xc0, 0x80, 0x0a])];
  for (const [index, content] of wrong.entries()) {
    const { journal } = journalOf(t, written(t, content));
    await assert.rejects(journal.read(), refusal("journal-not-text", new RegExp(`not UTF-8 in line ${[2, 1, 2][index]}`)));
  }
});

test("a mark of byte order is no less a part of the text", async (t) => {
  const { journal } = journalOf(t, written(t, "\ufeffone\n"));
  assert.equal(await journal.read(), "\ufeffone\n");
});

test("only a line that ends in a line break is taken", async (t) => {
  const { journal, path } = journalOf(t);
  for (const line of [undefined, 7, "", "no break", "half \ud800\n", Buffer.from("line\n")]) {
    await assert.rejects(journal.append(line), (error) => error instanceof TypeError && /well-formed text/.test(error.message));
  }
  assert.throws(() => statSync(path), { code: "ENOENT" });
});

test("a file that others can read or write is refused, and the error says how to mend that", async (t) => {
  for (const permissions of [0o640, 0o604, 0o620, 0o602, 0o644, 0o666]) {
    const path = written(t, "line\n", permissions);
    const { journal } = journalOf(t, path);
    for (const use of [() => journal.read(), () => journal.append("more\n")]) {
      await assert.rejects(use(), refusal("journal-not-private", /run `chmod 600 .*plan\.journal`/));
    }
    assert.equal(readFileSync(path, "utf8"), "line\n");
    execFileSync("chmod", ["600", path]);
    assert.equal(await journal.read(), "line\n", "the same journal goes on when that is done");
  }
});

test("a file of another user is refused: that user can read it", async (t) => {
  const path = written(t, "");
  chownSync(path, 65_534, 65_534);
  const { journal } = journalOf(t, path);
  await assert.rejects(journal.append("line\n"), refusal("journal-not-private", /belongs to another user/));
  assert.equal(statSync(path).size, 0);
});

test("nothing is written or read through a link", async (t) => {
  const target = written(t, "target\n");
  const path = join(folderOf(t), "plan.journal");
  const missing = join(folderOf(t), "missing");
  for (const make of [() => symlinkSync(target, path), () => symlinkSync(missing, path), () => linkSync(target, path)]) {
    make();
    const { journal } = journalOf(t, path);
    await assert.rejects(journal.append("line\n"), refusal("journal-not-a-file", /a link may lead to what somebody else chose/));
    await assert.rejects(journal.read(), refusal("journal-not-a-file"));
    rmSync(path);
  }
  assert.equal(readFileSync(target, "utf8"), "target\n");
  assert.throws(() => statSync(missing), { code: "ENOENT" });
});

test("a folder may be reached by a link", async (t) => {
  const folder = folderOf(t);
  mkdirSync(join(folder, "real"));
  symlinkSync(join(folder, "real"), join(folder, "link"));
  const { journal } = journalOf(t, join(folder, "link/plan.journal"));
  await journal.append("line\n");
  assert.equal(readFileSync(join(folder, "real/plan.journal"), "utf8"), "line\n");
});

test("a folder, a pipe and a missing folder are errors that say so", async (t) => {
  const folder = folderOf(t);
  mkdirSync(join(folder, "folder"));
  execFileSync("mkfifo", ["-m", "600", join(folder, "pipe")]);
  const of = (name) => journalOf(t, join(folder, name)).journal;
  await assert.rejects(of("folder").read(), refusal("journal-not-a-file", /is a folder/));
  await assert.rejects(of("pipe").append("line\n"), refusal("journal-not-a-file"));
  await assert.rejects(of("missing/plan.journal").append("line\n"), refusal("journal-failed", /Make its folder first/));
  await assert.rejects(of("missing/plan.journal").read(), refusal("journal-failed", /Make its folder first/));
});

test("a file that was removed or replaced meanwhile is an error: lines would be lost", async (t) => {
  for (const disturb of [rmSync, (path) => (writeFileSync(`${path}.new`, "edited\n"), renameSync(`${path}.new`, path))]) {
    const { journal, path } = journalOf(t);
    await journal.append("line\n");
    disturb(path);
    await assert.rejects(journal.append("secret\n"), refusal("journal-replaced", /removed or replaced/));
    await assert.rejects(journal.append("secret\n"), refusal("journal-failed", /no longer written/));
  }
});

test("no error tells what the lines say", async (t) => {
  const secret = "ada@example.com";
  const line = `${secret}\n`;
  const { journal, path } = journalOf(t);
  await journal.append(line);
  const other = fileJournal(path);
  const errors = [await other.append(line).catch((error) => error), await journal.append(secret).catch((error) => error)];
  rmSync(path);
  errors.push(await journal.append(line).catch((error) => error), await journal.append(line).catch((error) => error));
  await journal.close();
  errors.push(await journal.append(line).catch((error) => error));
  writeFileSync(path, Buffer.from(`${secret} \xe9 ${secret}\n`, "latin1"), { mode: 0o600 });
  const broken = journalOf(t, path).journal;
  errors.push(await broken.read().catch((error) => error));
  assert.equal(errors.length, 6);
  for (const error of errors) {
    assert.ok(error instanceof Error);
    assert.doesNotMatch(inspect(error, { depth: 9 }) + JSON.stringify(error), /ada@example/);
  }
});

test("an error has its code, its path and what lies behind it", async (t) => {
  const { journal, path } = journalOf(t, join(folderOf(t), "missing/plan.journal"));
  const error = await journal.append("line\n").catch((caught) => caught);
  assert.deepEqual([error.name, error.code, error.path, error.cause.code], ["JournalError", "journal-failed", path, "ENOENT"]);
  assert.deepEqual({ ...error }, { code: "journal-failed", path });
});

test("after close nothing is read or added; close waits for what was added before, and may be called twice", async (t) => {
  const { journal, path } = journalOf(t);
  const adding = journal.append("line\n");
  await Promise.all([journal.close(), journal.close()]);
  await adding;
  assert.equal(readFileSync(path, "utf8"), "line\n");
  await assert.rejects(journal.append("more\n"), refusal("journal-closed"));
  await assert.rejects(journal.read(), refusal("journal-closed"));
  await fileJournal(path).close();
});

test("`await using` closes it, also where it has no file yet", async (t) => {
  const { journal, path } = journalOf(t);
  assert.equal(await journal.read(), "");
  await journal[Symbol.asyncDispose]();
  await assert.rejects(journal.read(), refusal("journal-closed"));
  assert.deepEqual(readdirSync(join(path, "..")), []);
});

test("methods can be handed on alone", async (t) => {
  const { journal: { read, append } } = journalOf(t);
  await append("line\n");
  assert.equal(await read(), "line\n");
});

test("a path is text or a file: URL, and stays the same when the process goes elsewhere", async (t) => {
  const folder = folderOf(t);
  const { journal } = journalOf(t, pathToFileURL(join(folder, "by url.journal")));
  await journal.append("line\n");
  assert.equal(readFileSync(join(folder, "by url.journal"), "utf8"), "line\n");

  const before = process.cwd();
  t.after(() => process.chdir(before));
  process.chdir(folder);
  const relative = journalOf(t, "relative.journal").journal;
  process.chdir(before);
  await relative.append("line\n");
  assert.equal(readFileSync(join(folder, "relative.journal"), "utf8"), "line\n");

  for (const path of [undefined, 7, "", new URL("https://example.com/")]) assert.throws(() => fileJournal(path), TypeError);
});

test("many journals one after the other leave nothing behind, open or listening", async (t) => {
  const folder = folderOf(t);
  const held = () => [readdirSync("/proc/self/fd").length, process.listenerCount("exit")];
  const [open, listening] = held();
  for (let index = 0; index < 200; index += 1) {
    const journal = fileJournal(join(folder, "plan.journal"));
    assert.equal(await journal.read(), "");
    await journal.close();
  }
  await new Promise((resolve) => setImmediate(resolve));
  const [openNow, listeningNow] = held();
  assert.ok(openNow <= open + 2, `${open} open before, ${openNow} afterwards`);
  assert.equal(listeningNow, listening);
  assert.deepEqual(readdirSync(folder), []);
});

test("an open journal that nothing refers to any more is not closed by the garbage collection", async (t) => {
  const code = `
    import { fileJournal } from "thousandeyes-admin/journal";
    await fileJournal(${JSON.stringify(join(folderOf(t), "plan.journal"))}).append("line\\n");
    for (let round = 0; round < 5; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      gc();
    }`;
  assert.deepEqual(await project.node(["--expose-gc", "--input-type=module", "--eval", code]), { stdout: "", stderr: "" });
});

// What the package gives.

test("import and require give the same, without loading the client", async () => {
  const required = project.require("thousandeyes-admin/journal");
  assert.deepEqual(Object.keys(required).sort(), ["JournalError", "fileJournal"]);
  assert.equal(required.fileJournal, fileJournal);
  assert.equal(required.JournalError, JournalError);
  const code = 'require("thousandeyes-admin/journal"); console.log(Object.keys(require.cache).length)';
  assert.equal((await project.node(["--input-type=commonjs", "--eval", code])).stdout, "1\n");
});

test("the files of the subpath, for resolvers of all kinds", () => {
  const files = ["journal.cjs", "journal.d.cts", "journal.d.mts", "journal.mjs", "package.json"];
  assert.deepEqual(readdirSync(project.packagePath("journal")).sort(), files);
  const manifest = JSON.parse(readFileSync(project.packagePath("journal/package.json"), "utf8"));
  assert.deepEqual(manifest, { main: "journal.cjs", types: "journal.d.cts" });
});

test("the example of the README applies a plan, and gives the lock back whatever becomes of it", async (t) => {
  await project.write("readme-journal.mjs", (await transform(example("journal"), { loader: "ts" })).code);
  const { applyWithJournal } = await import(pathToFileURL(project.path("readme-journal.mjs")));
  const { ApiClient } = await project.import("thousandeyes-admin");
  const sandbox = createSandbox({ users: 5, rateLimit: 0 });
  const client = new ApiClient({ fetch: sandbox.fetch, accessToken: sandbox.options.token });
  const path = join(folderOf(t), "plan.jsonl");
  const invite = { kind: "invite", name: "Ada", email: "ada@example.net", roles: [] };
  const plan = await client.admin.plan([invite], { actor: "me@example.com", reason: "TICKET-1" });
  assert.equal((await applyWithJournal(client, plan, path)).done, 1);
  const lines = readFileSync(path, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ type }) => type), ["plan", "intent", "result"]);
  assert.ok(lines.every(({ planId }) => planId === plan.planId) && !readFileSync(path, "utf8").includes(sandbox.options.token));
  const other = await client.admin.plan([{ ...invite, email: "bob@example.net" }]);
  await assert.rejects(applyWithJournal(client, other, path), { name: "ApiValueError", path: "journal" });
  assert.equal((await applyWithJournal(client, plan, path)).done, 1, "nothing is done twice, and the lock is free");
  assert.equal(sandbox.requests.filter(({ method }) => method === "POST").length, 1);
});

const usage = `
import { fileJournal, JournalError } from "thousandeyes-admin/journal";
import type { FileJournal, JournalErrorCode } from "thousandeyes-admin/journal";

export const journal: FileJournal = fileJournal("plan.journal");
export const asked: { read(): Promise<string>; append(line: string): Promise<void> } = journal;
export const done: Promise<void> = journal.append("line\\n").then(() => journal.close());
export const dispose: () => Promise<void> = journal[Symbol.asyncDispose];
export function codeOf(error: unknown): JournalErrorCode | undefined {
  return error instanceof JournalError ? error.code : undefined;
}
export const isInUse = (error: JournalError): boolean => error.code === "journal-in-use" && error.path !== "";
// @ts-expect-error
fileJournal(7);
// @ts-expect-error
export const unknown = (error: JournalError): boolean => error.code === "in-use";
`;
const withUrl = `${usage}export const there = fileJournal(new URL("./plan.journal", "file:///tmp/"));`;
const withUsing = `${usage}export async function use() { await using open = fileJournal("plan.journal"); await open.read(); }`;

const libraries = {
  "no library": [usage, ["--lib", "es2022"]],
  "the DOM": [withUrl, ["--lib", "es2022,dom"]],
  "the newest library": [withUsing, ["--lib", "esnext,dom"]],
};

for (const [compiler, path] of Object.entries({ "5.2": "typescript-5.2/bin/tsc", 7: "typescript-7/bin/tsc" })) {
  for (const [library, [code, options]] of Object.entries(libraries)) {
    test(`TypeScript ${compiler} takes its types with ${library}, in modules of both kinds`, async () => {
      const files = ["mts", "cts"].map((extension) => `usage-${compiler}-${library.replaceAll(" ", "-")}.${extension}`);
      for (const file of files) await project.write(file, code);
      const strict = ["--strict", "--exactOptionalPropertyTypes", "--noEmit", "--target", "es2022", "--module", "nodenext"];
      const compiling = project.node([join(root, "node_modules", path), ...strict, ...options, "--typeRoots", "none", ...files]);
      assert.equal(await compiling.then(() => "", ({ stdout, message }) => stdout || message), "");
    });
  }
}
