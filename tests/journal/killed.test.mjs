// Processes that are killed within `append`, as no program can prevent: no line is lost whose `append` returned.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { diskOf, journalOf, start } from "./support.mjs";

const KILLS = 100;

/** Lines of a megabyte or four, so that writing one takes its time. They begin and end with their number. */
const lineOf = (run, index) => `${run}.${index} ${"é".repeat(run % 2 === 0 ? 2_000_000 : 500_000)} ${run}.${index}`;

const codeOf = (run) => `
  const lineOf = ${lineOf};
  const journal = fileJournal(path);
  for (let index = 0; ; index += 1) {
    const line = lineOf(${run}, index) + "\\n";
    say("begin");
    await journal.append(line);
    say("done");
  }`;

const sizeOf = (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Waits until the file grows, without giving up its turn: then the process is amidst writing. */
function awaitGrowth(path, size) {
  const until = performance.now() + 200;
  while (sizeOf(path) === size && performance.now() < until);
}

test(`of ${KILLS} processes that are killed within append, no line that was done is lost, and at most the last is torn`, { timeout: 240_000 }, async (t) => {
  // What a process has written stays when it is killed, whatever it is written to: in memory all this is quickest.
  const path = join(diskOf(t, "size=1g"), "plan.journal");
  const runs = [];
  for (let run = 0; run < KILLS; run += 1) {
    const process = await start(t, path, codeOf(run));
    // Which of its lines it is killed in, and when: as it is written, or at some time until it is on the disk.
    const fatal = run % 3;
    for (let said = 0; said < 2 * fatal; said += 1) await process.next();
    const size = sizeOf(path);
    assert.equal(await process.next(), "begin");
    if (run % 2 === 0) awaitGrowth(path, size);
    else await pause(Math.random() * 8);
    await process.kill();
    let done = fatal;
    for (let said = await process.next(); said !== undefined; said = await process.next()) if (said === "done") done += 1;
    runs.push({ done, written: 0 });
  }

  let [run, torn] = [0, 0];
  const lines = readFileSync(path, "utf8").replaceAll("\uFFFD", "").split("\n");
  for (const line of lines.filter((line) => line !== "")) {
    let expected = lineOf(run, runs[run].written);
    while (!expected.startsWith(line)) {
      run += 1;
      assert.ok(run < KILLS, `a line that nobody wrote, or not then: ${line.slice(0, 20)}`);
      expected = lineOf(run, runs[run].written);
    }
    if (line === expected) {
      runs[run].written += 1;
    } else {
      // Nothing follows it in its run.
      assert.equal(runs[run].written, runs[run].done);
      torn += 1;
      run += 1;
    }
  }
  // The line that was under way may be there, too.
  for (const { done, written } of runs) assert.ok(written === done || written === done + 1, `${done} done, ${written} there`);
  t.diagnostic(`${torn} torn, ${runs.reduce((sum, { done }) => sum + done, 0)} done`);

  const { journal } = journalOf(t, path);
  const before = await journal.read();
  await journal.append("last\n");
  const text = await journal.read();
  assert.ok(text.endsWith("\nlast\n"));
  assert.ok(text.startsWith(before.replace(/\uFFFD$/, "")));
});
