// The entry for browsers: nothing works before init(), and init() can fail and be tried again.
import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { install } from "./support.mjs";

const project = await install();
const wasm = readFileSync(project.packagePath("thousandeyes_admin_bg.wasm"));
let copies = 0;

/** The entry as a page that was just loaded has it: each copy of the package is a module of its own. */
async function freshEntry() {
  const copy = project.path(`copy-${(copies += 1)}`);
  cpSync(project.packagePath(), copy, { recursive: true });
  return import(pathToFileURL(join(copy, "index.js")));
}

test("before init() every class says what to do", async () => {
  const { ApiClient, UsersApi, toUserRequest, NotInitializedError } = await freshEntry();
  for (const use of [() => new ApiClient({}), () => new UsersApi({ accessToken: "token" }), () => toUserRequest({})]) {
    assert.throws(use, (error) => {
      assert.ok(error instanceof NotInitializedError);
      assert.match(error.message, /call `await init\(\)` once, before anything else/);
      assert.equal(error.code, "not-initialized");
      assert.equal(error.outcome, "not-sent");
      return true;
    });
  }
});

test("a failed init() says so, and the next one starts", async () => {
  const { init, UsersApi, NotInitializedError } = await freshEntry();
  const html = new Response("<!doctype html>", { headers: { "content-type": "text/html" } });
  await assert.rejects(init(html.arrayBuffer()), (error) => {
    assert.ok(error instanceof NotInitializedError);
    assert.ok(error.cause instanceof WebAssembly.CompileError);
    return true;
  });
  assert.throws(() => new UsersApi(), NotInitializedError);
  await init(wasm);
  new UsersApi({ accessToken: "token" });
});

test("init() starts the WebAssembly once, however often it is called", async () => {
  const { init, UsersApi } = await freshEntry();
  const first = init(wasm);
  assert.equal(init(), first);
  await first;
  const users = new UsersApi({ accessToken: "token" });
  await init(wasm);
  users.close();
});

test("init() takes a response, and warns of nothing", async (t) => {
  const warn = t.mock.method(console, "warn", () => {});
  const { init, UsersApi } = await freshEntry();
  await init(new Response(wasm, { headers: { "content-type": "application/wasm" } }));
  new UsersApi({ accessToken: "token" });
  assert.equal(warn.mock.callCount(), 0);
});
