// `npm run demo` as a program: it says where the page is, and a port in use is one sentence.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "../..");
const command = ["--silent", "run", "demo", "--", "--port"];

test("the demo says its address, serves the page there, and complains of a port in use", async (t) => {
  const demo = spawn("npm", [...command, "0"], { cwd: root, env: { ...process.env, TE_TOKEN: "" }, detached: true });
  t.after(() => process.kill(-demo.pid, "SIGTERM"));
  let address;
  for await (const line of createInterface(demo.stdout)) {
    address = /http:\/\/127\.0\.0\.1:\d+\//.exec(line)?.[0];
    if (address) break;
  }
  const page = await fetch(address);
  assert.equal(page.status, 200);
  assert.match(page.headers.get("content-security-policy"), /script-src 'self' 'wasm-unsafe-eval'/);

  const { port } = new URL(address);
  const failure = await promisify(execFile)("npm", [...command, port], { cwd: root }).catch((error) => error);
  assert.equal(failure.code, 1);
  assert.match(failure.stderr, new RegExp(`Port ${port} is in use: [^\n]+\n$`));
});
