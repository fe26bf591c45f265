import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";

import { openDataFile } from "../../www/sandbox/data-file.mjs";
import { startSandbox } from "../../www/sandbox/server.mjs";
import { ADMIN, newUser } from "./support.mjs";

const PROGRAM = join(import.meta.dirname, "../../www/sandbox/cli.mjs");

async function folder(t) {
  const path = await mkdtemp(join(tmpdir(), "sandbox-data-"));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Starts a sandbox with this file, lets it do something, ends it, and gives its state. */
async function session(data, work = () => {}, options = {}) {
  const { sandbox, url, close } = await startSandbox({ data, ...options });
  const call = (method, path, body) =>
    fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN}`, "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
  try {
    await work(call, sandbox);
    return sandbox.state;
  } finally {
    await close();
  }
}

test("everything is as it was when the sandbox starts again, and no id is given again", async (t) => {
  const file = join(await folder(t), "users.db");
  let uid;
  const before = await session(file, async (call, sandbox) => {
    uid = (await (await call("POST", "/users", newUser({ name: "名 👩🏽‍🚀" }))).json()).uid;
    await call("PUT", "/users/5003", { email: "changed@example.com" });
    sandbox.confirmEmail("5003");
    await call("DELETE", "/users/5030");
    const gone = await (await call("POST", "/users", newUser({ email: "gone@example.com" }))).json();
    await call("DELETE", `/users/${gone.uid}`);
    await call("POST", "/account-groups", { accountGroupName: "Kept", agents: ["9002"] });
    await call("DELETE", "/account-groups/2006");
    await call("POST", "/roles", { name: "Kept", permissions: ["1", "2"] });
    await call("PUT", "/roles/404", { permissions: ["1"] });
  });
  assert.equal(before.users.length, 40);
  assert.equal(before.events.length, 121 + 9, "the change of a user by a mail is none of the API's");
  const after = await session(file, async (call) => {
    assert.equal((await call("POST", "/users", newUser())).status, 400, "the address is in use");
    assert.equal((await call("GET", `/users/${uid}`)).status, 200);
  });
  assert.deepEqual(after, JSON.parse(JSON.stringify(before)));
  await session(file, async (call) => {
    const next = await (await call("POST", "/users", newUser({ email: "next@example.com" }))).json();
    assert.equal(Number(next.uid), Number(uid) + 2);
    assert.equal((await (await call("POST", "/account-groups", { accountGroupName: "Next" })).json()).aid, "2008");
    assert.equal((await (await call("POST", "/roles", { name: "Next" })).json()).roleId, "407");
  });
});

test("a reset brings the seeded users back, in the file as well; what the file holds wins over the seed", async (t) => {
  const file = join(await folder(t), "users.db");
  await session(file, (call) => call("DELETE", "/users/5030"), { users: 60 });
  assert.equal((await session(file)).users.length, 59);
  await session(file, (_, sandbox) => sandbox.reset(), { users: 50 });
  assert.equal((await session(file)).users.length, 50);
});

test("the file has one sandbox at a time", async (t) => {
  const file = join(await folder(t), "users.db");
  await session(file, async () => {
    await assert.rejects(startSandbox({ data: file }), /users\.db is in use by the process \d+: end that one first/);
    const child = spawn(process.execPath, [PROGRAM, "--port", "0", "--data", file]);
    let complaint = "";
    child.stderr.on("data", (chunk) => (complaint += chunk));
    const [code] = await once(child, "close");
    assert.equal(code, 1);
    assert.match(complaint, /^The sandbox cannot start: .* is in use by the process \d+[^\n]*\n$/);
  });
  assert.equal(existsSync(`${file}-pid`), false);
});

test("what a killed process left in the way is cleared away", async (t) => {
  const file = join(await folder(t), "users.db");
  await session(file);
  const dead = spawn(process.execPath, ["--version"]);
  await once(dead, "exit");
  for (const [left, uid] of [[String(dead.pid), 5030], ["", 5031]]) {
    await writeFile(`${file}-pid`, left);
    await mkdir(`${file}.lock`);
    const { users } = await session(file, (call) => call("DELETE", `/users/${uid}`));
    assert.ok(!users.some((user) => user.uid === String(uid)));
  }
});

/** Kills its own process once so many of the new users are written. */
const HALFWAY = `
  const [module, file, count] = process.argv.slice(1);
  const { openDataFile } = await import(module);
  function* users() {
    for (let uid = 1; uid <= count; uid += 1) yield [String(uid), { name: "x".repeat(1000) }];
    process.kill(process.pid, "SIGKILL");
  }
  (await openDataFile(file)).replace({ put: [["users", users()]], lastIds: {} });`;

test("a kill in the middle of a large write leaves nothing of it", async (t) => {
  const file = join(await folder(t), "users.db");
  const before = await session(file);
  const module = new URL("../../www/sandbox/data-file.mjs", import.meta.url).href;
  // More than SQLite holds back in memory, so that a part of it reached the disk.
  const child = spawn(process.execPath, ["--input-type=module", "-e", HALFWAY, module, file, "8000"]);
  assert.deepEqual(await once(child, "exit"), [null, "SIGKILL"]);
  assert.deepEqual(await session(file), JSON.parse(JSON.stringify(before)));
});

test("another file, or none that could be one, is refused and left alone", async (t) => {
  const place = await folder(t);
  const text = join(place, "notes.txt");
  await writeFile(text, "Not a database, but long enough to be looked at. ".repeat(100));
  await assert.rejects(startSandbox({ data: text }), /notes\.txt is not a data file of this sandbox/);
  const foreign = join(place, "foreign.db");
  const header = Buffer.alloc(4096);
  header.write("SQLite format 3");
  await writeFile(foreign, header);
  await assert.rejects(startSandbox({ data: foreign }), /foreign\.db is not a data file of this sandbox/);
  assert.deepEqual(await readFile(foreign), header);
  await assert.rejects(startSandbox({ data: place }), /is not a data file of this sandbox/);
  await assert.rejects(startSandbox({ data: join(place, "missing/users.db") }), /users\.db/);
  assert.equal(existsSync(`${text}-pid`), false);
});

test("a failed write is a 500, and neither the file nor the memory has the change", async (t) => {
  const file = join(await folder(t), "users.db");
  const dataFile = await openDataFile(file);
  t.after(() => dataFile.close());
  const { createSandbox } = await import("../../www/sandbox/sandbox.mjs");
  const broken = { ...dataFile, commit: () => assert.fail("disk full") };
  const sandbox = createSandbox({ dataFile: broken });
  const headers = { authorization: `Bearer ${ADMIN}`, "content-type": "application/json" };
  const answer = await sandbox.fetch("http://x/v7/users", { method: "POST", headers, body: JSON.stringify(newUser()) });
  assert.equal(answer.status, 500);
  assert.equal(sandbox.userCount, 40);
  assert.equal(sandbox.state.events.length, 121);
  assert.equal(dataFile.load().records.users.length, 40);
});

test("a file of release 0.2, which had users only, keeps them", async (t) => {
  const file = join(await folder(t), "users.db");
  const before = await session(file, (call) => call("PUT", "/users/5030", { name: "Kept" }));
  const { Database } = (await import("node-sqlite3-wasm")).default;
  const old = new Database(file);
  old.all("PRAGMA locking_mode = EXCLUSIVE");
  old.exec(`
    CREATE TABLE user (uid INTEGER PRIMARY KEY, record TEXT NOT NULL) STRICT;
    CREATE TABLE last_uid (value INTEGER NOT NULL) STRICT;
    INSERT INTO user SELECT id, value FROM record WHERE kind = 'users';
    INSERT INTO last_uid VALUES (5090);
    DROP TABLE record;
    DROP TABLE last_id;
    PRAGMA user_version = 1;`);
  old.close();
  const after = await session(file, async (call) => {
    assert.equal((await (await call("POST", "/users", newUser())).json()).uid, "5091");
  });
  assert.deepEqual(after.users.slice(0, 40), JSON.parse(JSON.stringify(before.users)));
  assert.deepEqual([after.roles.length, after.accountGroups.length, after.agents.length], [8, 6, 6]);
  assert.deepEqual(await session(file), JSON.parse(JSON.stringify(after)));
});

test("the command line names the file", async (t) => {
  const file = join(await folder(t), "users.db");
  const child = spawn(process.execPath, [PROGRAM, "--port", "0", "--users", "50", "--data", file]);
  t.after(() => child.kill("SIGKILL"));
  for await (const line of createInterface(child.stdout)) {
    assert.match(line, /with 50 users, kept in .*users\.db$/);
    break;
  }
});
