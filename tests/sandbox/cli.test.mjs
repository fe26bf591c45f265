import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { faultKinds } from "../../www/sandbox/faults/kinds.mjs";
import { flagOf } from "../../www/sandbox/help.mjs";
import { options } from "../../www/sandbox/options.mjs";
import { VERSION } from "../../www/sandbox/version.mjs";

const PROGRAM = fileURLToPath(new URL("../../www/sandbox/cli.mjs", import.meta.url));

const launch = (...args) => spawn(process.execPath, [PROGRAM, ...args], { stdio: ["ignore", "pipe", "pipe"] });

async function run(...args) {
  const child = launch(...args);
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) child[name].on("data", (chunk) => (output[name] += chunk));
  const [code] = await once(child, "close");
  return { code, ...output };
}

/** A running sandbox: its lines as they come. */
async function start(t, ...args) {
  const child = launch("--port", "0", ...args);
  t.after(() => child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => (await lines.next()).value;
  const ready = await next();
  return { child, next, ready, url: /http:\S+/.exec(ready)[0] };
}

test("says where it is, what each token may do, and then one line for each request", async (t) => {
  const { next, ready, url } = await start(t, "--token", "my-own-secret");
  assert.match(ready, /ready at http:\/\/127\.0\.0\.1:\d+\/v7 with 40 users$/);
  const tokens = [await next(), await next(), await next(), await next()];
  assert.match(tokens[0], /my-own-secret .*organization admin/);
  assert.match(tokens[1], /sandbox-account-admin .*account admin/);
  assert.match(tokens[2], /sandbox-reader .*reads all users/);
  assert.match(tokens[3], /sandbox-regular .*regular user/);
  const headers = { authorization: "Bearer my-own-secret" };
  const answer = await fetch(`${url}/users?token=my-own-secret`, { headers });
  assert.equal(answer.status, 200);
  const line = await next();
  assert.match(line, /GET \/v7\/users\?token=.* 200$/);
  assert.doesNotMatch(line, /my-own-secret/);
});

test("takes options and faults from the command line", async (t) => {
  const args = ["--rate-limit", "7", "--never", "dash", "--fault", "error status=502 body=html method=GET path=/users"];
  const { url } = await start(t, ...args);
  const headers = { authorization: "Bearer sandbox-admin" };
  const faulty = await fetch(`${url}/users`, { headers });
  assert.equal(faulty.status, 502);
  const right = await fetch(`${url}/users`, { headers });
  assert.equal(right.headers.get("x-organization-rate-limit-limit"), "7");
  assert.ok((await right.json()).users.some(({ lastLogin }) => lastLogin === "-"));
});

test("ends on SIGINT and SIGTERM, even with a request in flight", async (t) => {
  for (const signal of ["SIGINT", "SIGTERM"]) {
    const { child, url, next } = await start(t, "--fault", "hang");
    const lost = assert.rejects(fetch(`${url}/users`), TypeError);
    for (let index = 0; index < 4; index += 1) await next();
    // The second request is answered while the first one hangs.
    assert.equal((await fetch(`${url}/users`)).status, 401);
    const exit = once(child, "exit");
    child.kill(signal);
    assert.deepEqual(await exit, [0, null]);
    await lost;
  }
});

test("--now starts the clock, and the seeded dates are counted back from it", async (t) => {
  const { url, next } = await start(t, "--now", "2031-05-06T07:08:09Z");
  const answer = await fetch(`${url}/users`, { headers: { authorization: "Bearer sandbox-admin" } });
  assert.match(answer.headers.get("date"), /^Tue, 06 May 2031 07:0/);
  const newest = (await answer.json()).users.map(({ lastLogin }) => lastLogin ?? "").toSorted().at(-1);
  assert.match(newest, /^2031-05-06T0[67]:/);
  for (let index = 0; index < 4; index += 1) await next();
  assert.match(await next(), /^2031-05-06T07:08:/);
});

test("-V and --version print the version and nothing else", async () => {
  for (const flag of ["-V", "--version"]) {
    assert.deepEqual(await run(flag), { code: 0, stdout: `${VERSION}\n`, stderr: "" });
  }
});

test("-h and --help list every option, value and fault", async () => {
  const { code, stdout, stderr } = await run("--help");
  assert.deepEqual([code, stderr], [0, ""]);
  assert.deepEqual(await run("-h"), { code, stdout, stderr });
  for (const [name, spec] of Object.entries(options)) {
    assert.ok(stdout.includes(`--${flagOf(name)}`), name);
    for (const value of Object.keys(spec.values ?? {})) assert.ok(stdout.includes(` ${value}: `), `${name} ${value}`);
  }
  for (const name of ["--port", "--data", "--now", "-h, --help", "-V, --version", "--fault", ...Object.keys(faultKinds)]) assert.ok(stdout.includes(name), name);
});

test("a mistake on the command line: one sentence, exit code 2", async () => {
  const cases = [
    [["--prot", "1"], /--prot/],
    [["--port"], /--port/],
    [["--port", "70000"], /number from 0 to 65535/],
    [["--rate-limit", "many"], /--rate-limit must be a whole number from 0/],
    [["--never", "always"], /--never must be one of omit, null, dash, empty/],
    [["--now", "tomorrow"], /--now must be a time from 1970 to 9999 with its zone, such as 2027-01-15T08:00:00Z\./],
    [["--token", "two words"], /--token must be text/],
    [["--token", "sandbox-reader"], /must differ/],
    [["--fault", "earthquake"], /must be one of latency/],
    [["--fault", "error status"], /status=VALUE/],
    [["extra"], /extra/],
  ];
  const results = await Promise.all(cases.map(([args]) => run(...args)));
  for (const [index, { code, stdout, stderr }] of results.entries()) {
    assert.deepEqual([code, stdout, stderr.split("\n").length], [2, "", 2], stderr);
    assert.match(stderr, cases[index][1]);
  }
});

test("a port in use: one sentence that says what to do, exit code 1", async (t) => {
  const other = createServer().listen(0, "127.0.0.1");
  t.after(() => other.close());
  await once(other, "listening");
  const { port } = other.address();
  const { code, stdout, stderr } = await run("--port", String(port));
  assert.deepEqual([code, stdout], [1, ""]);
  assert.equal(stderr, `Port ${port} is in use: choose another one with --port, or --port 0 for any free one.\n`);
});

test("goes on when nobody reads its output any more", async (t) => {
  const { child, url } = await start(t);
  child.stdout.destroy();
  for (let index = 0; index < 3; index += 1) assert.equal((await fetch(`${url}/users`)).status, 401);
});
