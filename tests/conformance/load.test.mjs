// Fifty clients at a time for half a minute, against a sandbox with a data file that is killed half-way.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";

const PROGRAM = join(import.meta.dirname, "../../www/sandbox/cli.mjs");
const CLIENTS = 50;
const MILLISECONDS = 15_000;

async function start(t, file, ...more) {
  const child = spawn(process.execPath, [PROGRAM, "--port", "0", "--rate-limit", "0", "--data", file, ...more]);
  t.after(() => child.kill("SIGKILL"));
  const [ready] = await once(createInterface(child.stdout), "line");
  child.stdout.resume();
  return { child, url: /http:\S+/.exec(ready)[0] };
}

/**
 * One client, with users of its own, one request after the other. `users` has what was acknowledged; `unsure` the uid
 * or the e-mail address whose write was under way.
 */
function createClient(url, number) {
  const users = new Map();
  const client = { users, deleted: new Set(), unsure: undefined, writes: 0, reads: 0 };

  async function ask(method, path, status, body) {
    const headers = { authorization: "Bearer sandbox-admin", "content-type": "application/json" };
    const response = await fetch(`${url}${path}`, { method, headers, body: body && JSON.stringify(body) });
    const text = await response.text();
    assert.equal(response.status, status, `${method} ${path}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  async function write(subject, method, path, status, body) {
    client.unsure = subject;
    const answer = await ask(method, path, status, body);
    client.unsure = undefined;
    client.writes += 1;
    return answer;
  }

  async function read(uid) {
    const { name } = await ask("GET", `/users/${uid}`, 200);
    assert.equal(name, users.get(uid));
    client.reads += 1;
  }

  /** Creates and reads, changes and reads, and deletes every other one. */
  client.turn = async (turn) => {
    const email = `load-${number}-${turn}@example.com`;
    const name = `Load ${number} ${turn}`;
    const { uid } = await write(email, "POST", "/users", 201, { name, email });
    users.set(uid, name);
    await read(uid);
    await write(uid, "PUT", `/users/${uid}`, 200, { name: `${name} changed` });
    users.set(uid, `${name} changed`);
    await read(uid);
    if (turn % 2 === 0) return;
    await write(uid, "DELETE", `/users/${uid}`, 204);
    users.delete(uid);
    client.deleted.add(uid);
  };
  return client;
}

/** Lets all clients work until `isOver`; a failure after that is the kill, and no error. */
async function load(url, isOver, from) {
  const clients = Array.from({ length: CLIENTS }, (_, number) => createClient(url, number));
  const work = async (client) => {
    for (let turn = from; !isOver(); turn += 1) {
      try {
        await client.turn(turn);
      } catch (error) {
        if (!isOver() || error instanceof assert.AssertionError) throw error;
      }
    }
  };
  await Promise.all(clients.map(work));
  return clients;
}

async function stored(url) {
  const { users } = await (await fetch(new URL("/__sandbox/state", url))).json();
  return users;
}

/** Compares what was acknowledged with what is there; only a write that was under way may be there or not. */
function requireNothingLost(clients, users) {
  const byUid = new Map(users.map((user) => [user.uid, user]));
  for (const { users: acknowledged, deleted, unsure } of clients) {
    for (const [uid, name] of acknowledged) {
      if (uid !== unsure) assert.equal(byUid.get(uid)?.name, name, `acknowledged, but not there: ${uid}`);
    }
    for (const uid of deleted) assert.ok(!byUid.has(uid), `deleted, but there: ${uid}`);
  }
  const known = new Set(clients.flatMap((client) => [...client.users.keys()]));
  const unsure = new Set(clients.map((client) => client.unsure));
  const unexpected = users.filter(({ uid, email }) => email.startsWith("load-") && !known.has(uid) && !unsure.has(email));
  assert.deepEqual(unexpected, []);
}

const sum = (clients, key) => clients.reduce((total, client) => total + client[key], 0);

test("no error and no lost write under load, nor across a kill -9", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "sandbox-load-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "users.db");

  const first = await start(t, file);
  let isOver = false;
  setTimeout(() => {
    isOver = true;
    first.child.kill("SIGKILL");
  }, MILLISECONDS);
  const killed = await load(first.url, () => isOver, 0);

  const second = await start(t, file);
  const survivors = await stored(second.url);
  requireNothingLost(killed, survivors);

  const end = Date.now() + MILLISECONDS;
  const finished = await load(second.url, () => Date.now() > end, 1_000_000);
  assert.ok(finished.every(({ unsure }) => unsure === undefined));
  const users = (await stored(second.url)).filter(({ uid }) => !survivors.some((survivor) => survivor.uid === uid));
  requireNothingLost(finished, users);
  assert.equal(users.length, new Set(finished.flatMap((client) => [...client.users.keys()])).size);

  for (const clients of [killed, finished]) {
    const counts = `${sum(clients, "writes")} writes and ${sum(clients, "reads")} reads by ${CLIENTS} clients`;
    assert.ok(sum(clients, "writes") > 3 * CLIENTS, `${counts} are too few to show anything`);
    t.diagnostic(counts);
  }
});

test("a kill in the middle of a reset leaves all of the old users or all of the new ones", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "sandbox-load-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "users.db");
  const [before, after] = [5000, 20_000];
  const seen = [];
  await start(t, file, "--users", String(before)).then(({ child }) => (child.kill(), once(child, "exit")));
  for (const milliseconds of [1, 50, 200, 600, 2000, 1]) {
    const { child, url } = await start(t, file, "--users", String(after));
    const count = (await stored(url)).length;
    seen.push(count);
    assert.ok(count === before || count === after, String(count));
    const reset = fetch(new URL("/__sandbox/reset", url), { method: "POST" }).catch(() => {});
    setTimeout(() => child.kill("SIGKILL"), milliseconds);
    await once(child, "exit");
    await reset;
  }
  t.diagnostic(`users after each start: ${seen.join(", ")}`);
});
