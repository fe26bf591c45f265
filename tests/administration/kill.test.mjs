// Processes that are killed with SIGKILL while they carry out a plan: just when a request came, just when it was executed, or at any
// time. `ADMINISTRATION_KILLS=300 node --test tests/administration/kill.test.mjs` kills that many.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";

import { startSandbox } from "../../www/sandbox/server.mjs";
import { ApiClient, createRandom, isWrite, seedOf, stateOfStep, usersOf } from "./support.mjs";

const seed = seedOf("ADMINISTRATION_SEED");
const KILLS = Number(process.env.ADMINISTRATION_KILLS ?? 24);
const TOKEN_OWNERS = 4;
const STEPS = 60;

const folder = await mkdtemp(join(tmpdir(), "administration-"));
after(() => rm(folder, { recursive: true, force: true }));

/** A run in a process of its own; `child.killedAt` says where it was killed. */
function start(...args) {
  const child = spawn(process.execPath, [join(import.meta.dirname, "apply-child.mjs"), ...args]);
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (printed += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (printed += text));
  const end = new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal, printed })));
  return { child, end };
}

describe(`${KILLS} processes that are killed, ADMINISTRATION_SEED=${seed}`, () => {
  test("none of their steps is lost or doubled, and the journal is true", async (t) => {
    const random = createRandom(seed);
    let running;
    const kill = (where) => {
      if (running && !running.killedAt && running.child.kill("SIGKILL")) running.killedAt = where;
    };
    const counts = {};
    let kills = 0;
    for (let number = 1; kills < KILLS; number += 1) {
      const executed = [];
      const server = await startSandbox({
        rateLimit: 0,
        users: TOKEN_OWNERS + 36,
        duplicateEmail: "add-roles",
        onRequest(entry) {
          if (isWrite(entry) && entry.executed) executed.push(entry);
          if (running?.left === 0 && isWrite(entry)) kill("behind a write");
          if (running?.left > 0) running.left -= 1;
        },
      });
      const { sandbox } = server;
      const initial = usersOf(sandbox);
      const { admin } = new ApiClient({ host: server.url, accessToken: sandbox.options.token });
      const uids = [...initial.keys()].slice(TOKEN_OWNERS);
      const plan = await admin.plan([
        ...uids.map((uid, index) =>
          index % 3 === 0 ? { kind: "remove", user: { uid } } : { kind: "update", user: { uid }, name: `Killed ${number}-${index}` },
        ),
        ...Array.from({ length: STEPS - uids.length }, (_, index) => ({
          kind: "invite",
          email: `killed.${index}@example.com`,
          name: `Killed ${index}`,
          roles: [{ role: { id: "33" }, accountGroup: { id: "2001" } }],
        })),
      ]);
      const files = ["plan.json", "journal.jsonl"].map((name) => join(folder, `${number}-${name}`));
      await writeFile(files[0], JSON.stringify(plan));

      let summary;
      for (let run = 0; !summary && run < 40; run += 1) {
        running = start(server.url, sandbox.options.token, ...files);
        running.left = kills < KILLS ? 4 + Math.floor(random() * 24) : Infinity;
        // Now and then at any time, wherever it is then.
        const timer = kills < KILLS && random() < 0.3 ? setTimeout(() => kill("at any time"), 150 + random() * 300) : undefined;
        const { signal, code, printed } = await running.end;
        clearTimeout(timer);
        if (running.killedAt) {
          assert.equal(signal, "SIGKILL");
          kills += 1;
          counts[running.killedAt] = (counts[running.killedAt] ?? 0) + 1;
        } else {
          assert.equal(code, 0, printed);
          summary = JSON.parse(printed);
        }
        running = undefined;
      }

      const journal = await readFile(files[1], "utf8");
      check(plan, initial, usersOf(sandbox), executed, journal, summary);
      await server.close();
    }
    t.diagnostic(`killed: ${JSON.stringify(counts)}`);
    assert.ok(counts["behind a write"] > 0);
  });
});

function check(plan, initial, users, executed, journal, summary) {
  assert.deepEqual([summary.complete, summary.steps], [true, STEPS]);
  const lines = journal.split("\n").filter(Boolean).flatMap((line) => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
  for (const step of plan.steps) {
    const result = lines.findLast(({ type, stepId }) => type === "result" && stepId === step.id);
    assert.equal(result?.status, "done");
    const own = executed.filter(({ method, path, body }) =>
      step.kind === "invite" ? method === "POST" && body.email === step.user.email : path.endsWith(`/${step.user.uid}`),
    );
    assert.equal(own.length, 1, `${step.kind} ${step.id} was written ${own.length} times`);
    const now = users.get(result.uid);
    if (step.kind === "remove") assert.equal(now, undefined);
    else assert.deepEqual({ ...now, login: undefined }, { ...stateOfStep(step.after), login: undefined });
    // The user is known to the journal by then, and undone alone if it was created by the plan.
    assert.ok(lines.some(({ type, step: begun }) => type === "intent" && begun.id === step.id));
  }
  assert.equal(executed.length, STEPS);
  for (const uid of [...initial.keys()].slice(0, TOKEN_OWNERS)) assert.deepEqual(users.get(uid), initial.get(uid));
}
