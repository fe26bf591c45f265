// The lock of a journal, between processes and within one: held while its process lives, and not longer.
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Worker } from "node:worker_threads";

import { fileJournal, folderOf, journalOf, project, refusal, start } from "./support.mjs";

const holds = `
  const journal = fileJournal(path);
  await journal.append("theirs\\n");
  say("holds");
  setInterval(() => {}, 1000);`;

const flagsIn = (folder) => readdirSync(folder).filter((name) => name.startsWith(".lock-"));

test("a second journal of the same process is refused until the first is closed", async (t) => {
  const { journal, path } = journalOf(t);
  assert.equal(await journal.read(), "", "reading locks, also where there is no file yet");
  const { journal: second } = journalOf(t, path);
  await assert.rejects(second.append("line\n"), refusal("journal-in-use", /in use by this same process: close it there first/));
  await assert.rejects(second.read(), refusal("journal-in-use"));
  await journal.close();
  await second.append("line\n");
  assert.equal(await second.read(), "line\n");
});

test("the same file by another writing of its name is the same journal", async (t) => {
  const folder = folderOf(t);
  mkdirSync(join(folder, "sub"));
  await journalOf(t, join(folder, "Gr\u00fcn.journal")).journal.append("line\n");
  // On a disk where case makes no difference the last two are the same file, too.
  for (const name of ["sub/../Gr\u00fcn.journal", "gr\u00fcn.JOURNAL", "Gru\u0308n.journal"]) {
    await assert.rejects(journalOf(t, `${folder}/${name}`).journal.read(), refusal("journal-in-use"), name);
  }
  await journalOf(t, join(folder, "Gr\u00fcn.journal2")).journal.append("line\n");
});

test("what was refused holds no lock", async (t) => {
  const { journal, path } = journalOf(t);
  writeFileSync(path, "", { mode: 0o644 });
  await assert.rejects(journal.append("line\n"), refusal("journal-not-private"));
  assert.deepEqual(flagsIn(join(path, "..")), []);
});

test("another process is refused while the first lives, and told which that is", async (t) => {
  const { journal, path } = journalOf(t);
  const first = await start(t, path, holds);
  assert.equal(await first.next(), "holds");
  const inUse = refusal("journal-in-use", new RegExp(`in use by process ${first.child.pid} .*Wait until that has ended`));
  await assert.rejects(journal.append("ours\n"), inUse);

  // One that cannot answer lives all the same, also when so many have asked that nobody can any more.
  first.child.kill("SIGSTOP");
  await assert.rejects(journal.append("ours\n"), inUse);
  const folder = join(path, "..");
  const asking = Array.from({ length: 600 }, () => connect(join(folder, flagsIn(folder)[0])).on("error", () => {}));
  await assert.rejects(journal.append("ours\n"), inUse);
  for (const socket of asking) socket.destroy();
  first.child.kill("SIGCONT");
  await assert.rejects(journal.append("ours\n"), inUse);
  assert.equal(readFileSync(path, "utf8"), "theirs\n");
});

test("the lock of a process that was killed is taken over, and its flag goes", async (t) => {
  const { journal, path } = journalOf(t);
  const first = await start(t, path, holds);
  assert.equal(await first.next(), "holds");
  await first.kill();
  assert.equal(flagsIn(join(path, "..")).length, 1);
  await journal.append("ours\n");
  assert.equal(readFileSync(path, "utf8"), "theirs\nours\n");
  assert.equal(flagsIn(join(path, "..")).length, 1, "only our own is left");
});

test("a flag that names a living process, but is nobody's, is no lock", async (t) => {
  const { journal, path } = journalOf(t);
  const folder = join(path, "..");
  const first = await start(t, path, holds);
  assert.equal(await first.next(), "holds");
  const [flag] = flagsIn(folder);
  await first.kill();
  // As if the system had given its number to another process, or to one in another container.
  const reused = flag.replace(/\d+$/, String(process.ppid));
  renameSync(join(folder, flag), join(folder, reused));
  await journal.append("ours\n");
  assert.ok(!existsSync(join(folder, reused)));
});

test("a process that ends without closing leaves no flag, and an open journal does not keep it from ending", { timeout: 30_000 }, async (t) => {
  const { journal, path } = journalOf(t);
  for (const end of ["", "process.exit(0);"]) {
    const first = await start(t, path, `await fileJournal(path).append("line\\n"); say("added"); ${end}`);
    assert.equal(await first.next(), "added");
    assert.equal(await first.ended(), 0);
    assert.deepEqual(readdirSync(join(path, "..")), ["plan.journal"]);
  }
  assert.equal(await journal.read(), "line\nline\n");
});

test("of many that begin at once exactly one has it", async (t) => {
  const folder = folderOf(t);
  for (let round = 0; round < 30; round += 1) {
    const path = join(folder, `${round}.journal`);
    const all = Array.from({ length: 8 }, () => fileJournal(path));
    const results = await Promise.allSettled(all.map((journal, index) => journal.append(`${index}\n`)));
    const refused = results.filter(({ status }) => status === "rejected");
    assert.equal(refused.length, 7, `round ${round}`);
    for (const { reason } of refused) refusal("journal-in-use")(reason);
    await Promise.all(all.map((journal) => journal.close()));
    assert.match(readFileSync(path, "utf8"), /^\d\n$/);
  }
});

test("of many processes that begin at once never two have it", async (t) => {
  const { path } = journalOf(t);
  // Each tries again and again, and tells how often it had the lock.
  const code = `
    import { setTimeout as pause } from "node:timers/promises";
    const until = Date.now() + 3000;
    let held = 0;
    while (Date.now() < until) {
      const journal = fileJournal(path);
      try {
        await journal.append("begin " + process.pid + "\\n");
        await journal.append("end " + process.pid + "\\n");
        held += 1;
      } catch (error) {
        if (error.code !== "journal-in-use") throw error;
      }
      await journal.close();
      await pause(Math.random() * 10);
    }
    say(String(held));`;
  const processes = await Promise.all(Array.from({ length: 6 }, () => start(t, path, code)));
  const held = await Promise.all(processes.map(async ({ next }) => Number(await next())));
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  for (let index = 0; index < lines.length; index += 2) {
    assert.equal(lines[index + 1], lines[index].replace("begin", "end"), `line ${index}`);
  }
  const total = held.reduce((sum, count) => sum + count, 0);
  assert.equal(lines.length, 2 * total);
  t.diagnostic(`${total} locks: ${held.join(", ")}`);
  assert.ok(held.filter((count) => count > 0).length > 1, "more than one had its turn");
});

test("a path that is too long for a socket is locked like any other", async (t) => {
  const folder = join(folderOf(t), "a-folder-with-a-long-name".repeat(5), "and-another-one".repeat(5));
  mkdirSync(folder, { recursive: true });
  const { journal, path } = journalOf(t, join(folder, `${"name".repeat(50)}.journal`));
  const first = await start(t, path, holds);
  assert.equal(await first.next(), "holds");
  await assert.rejects(journal.append("ours\n"), refusal("journal-in-use", new RegExp(`process ${first.child.pid} `)));
  await first.kill();
  await journal.append("ours\n");
  assert.equal(flagsIn(folder).length, 1);
  await journal.close();
  assert.deepEqual(flagsIn(folder), []);
});

test("no shelter for a long path stays in the folder for temporary files", async (t) => {
  const temporary = folderOf(t);
  const folder = join(folderOf(t), "long-name".repeat(12));
  mkdirSync(folder);
  const code = `await fileJournal(path).append("line\\n"); say("added");`;
  const long = await start(t, join(folder, "plan.journal"), code, { before: ["env", `TMPDIR=${temporary}`] });
  assert.equal(await long.next(), "added");
  assert.equal(await long.ended(), 0);
  assert.deepEqual(readdirSync(temporary), []);

  const longer = join(temporary, "long-name".repeat(12));
  mkdirSync(longer);
  const asked = `await fileJournal(path).read().catch(({ code, message }) => say(code + " " + message));`;
  const refused = await start(t, join(folder, "plan.journal"), asked, { before: ["env", `TMPDIR=${longer}`] });
  assert.match(await refused.next(), /^journal-not-locked .*the folder for temporary files, .* is too long/);
});

test("where no flag can be raised there is no lock, and the error says where to keep the journal", async (t) => {
  const { journal } = journalOf(t, "/proc/self/plan.journal");
  await assert.rejects(journal.append("line\n"), refusal("journal-not-locked", /on a drive of this machine, in a folder in which you may make files/));
});

test("a thread is another holder, and its end gives the lock back", async (t) => {
  const { journal, path } = journalOf(t);
  await project.write("thread.mjs", `
    import { parentPort, workerData } from "node:worker_threads";
    import { fileJournal } from "thousandeyes-admin/journal";
    await fileJournal(workerData).append("theirs\\n");
    parentPort.postMessage("holds");
    setInterval(() => {}, 1000);`);
  const worker = new Worker(project.path("thread.mjs"), { workerData: path });
  t.after(() => worker.terminate());
  await new Promise((resolve) => worker.once("message", resolve));
  await assert.rejects(journal.append("ours\n"), refusal("journal-in-use"));
  await worker.terminate();
  await journal.append("ours\n");
  assert.equal(readFileSync(path, "utf8"), "theirs\nours\n");
});

test("a worker of a cluster has its own lock, which its primary does not hold when the worker is gone", async (t) => {
  const path = join(folderOf(t), "plan.journal");
  await project.write("taker.mjs", `
    import { fileJournal } from "thousandeyes-admin/journal";
    await fileJournal(process.argv[2]).append("ours\\n");`);
  await project.write("cluster.mjs", `
    import cluster from "node:cluster";
    import { execFileSync } from "node:child_process";
    import { fileJournal } from "thousandeyes-admin/journal";
    const path = process.argv[2];
    if (cluster.isPrimary) {
      const worker = cluster.fork();
      worker.once("message", () => {
        worker.process.kill("SIGKILL");
        // The primary has not even seen yet that the worker is gone.
        execFileSync(process.execPath, ["taker.mjs", path]);
      });
    } else {
      await fileJournal(path).append("theirs\\n");
      process.send("held");
      setInterval(() => {}, 1000);
    }`);
  await project.node(["cluster.mjs", path]);
  assert.equal(readFileSync(path, "utf8"), "theirs\nours\n");
});

test("whoever has the lock by a wrong clock is not passed by and not waited for without end; whoever only begins has none", { timeout: 30_000 }, async (t) => {
  const { journal, path } = journalOf(t);
  const folder = join(path, "..");
  await journal.read();
  const [own] = flagsIn(folder);
  // A flag of the future, as of a machine whose clock is wrong: it is not passed by, and waiting for it ends.
  const later = own.replace(/^(\.lock-\w+-)\w+/, "$1zzzzzzzz00000000");
  const listen = (name) => createServer((socket) => socket.destroy()).listen(join(folder, name));
  const server = listen(later);
  t.after(() => server.close());
  await journal.close();
  const before = performance.now();
  await assert.rejects(journalOf(t, path).journal.read(), refusal("journal-in-use"));
  assert.ok(performance.now() - before >= 500);

  const waiting = journalOf(t, path).journal;
  const reading = waiting.read();
  await pause(100);
  server.close();
  assert.equal(await reading, "", "it has the lock as soon as the other is gone");
  await waiting.close();

  const unraised = listen(`${later}.new`);
  t.after(() => unraised.close());
  assert.equal(await journalOf(t, path).journal.read(), "", "who has not raised a flag yet has no lock");
});

test("the flag of another user is judged like one's own, and in nobody's way where it may not be removed", async (t) => {
  for (const permissions of [0o777, 0o1777]) {
    const path = join(folderOf(t), "plan.journal");
    const folder = join(path, "..");
    chmodSync(folder, permissions);
    const holder = await start(t, path, `await fileJournal(path).read(); say("holds"); setInterval(() => {}, 1000);`);
    assert.equal(await holder.next(), "holds");
    const asks = `
      process.setgid(65534);
      process.setuid(65534);
      await fileJournal(path).read().then(() => say("free"), ({ code }) => say(code));`;
    assert.equal(await (await start(t, path, asks)).next(), "journal-in-use");
    await holder.kill();
    assert.equal(await (await start(t, path, asks)).next(), "free");
  }
});
