// The entry for browsers: nothing works before init(), and init() can fail and be tried again.
import assert from "node:assert/strict";
import { once } from "node:events";
import { cpSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { install } from "./support.mjs";

const project = await install();
const wasm = readFileSync(project.packagePath("thousandeyes_admin_bg.wasm"));
let copies = 0;

/** The entry as a page that was just loaded has it: each copy of the package is a module of its own. */
async function freshEntry({ without } = {}) {
  const copy = project.path(`copy-${(copies += 1)}`);
  cpSync(project.packagePath(), copy, { recursive: true });
  if (without) rmSync(join(copy, without));
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

const html = { status: 200, headers: { "content-type": "text/html; charset=utf-8" } };
/** A module that needs a function `f` of a module `env`, as the WebAssembly of other tools does. */
const strange = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 9, 1, 3, 101, 110, 118, 1, 102, 0, 0);

/** The names of our own functions in the WebAssembly end with a hash, in which the version is. */
function ofAnotherRelease(bytes) {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
  const { name } = imports.find(({ name }) => name.startsWith("__wbg_createError_"));
  const other = Uint8Array.from(bytes);
  other[bytes.indexOf(name) + name.length - 1] ^= 1;
  return other;
}

const failures = {
  "a server without the file": {
    source: () => new Response("Not found", { status: 404, headers: { "content-type": "text/plain" } }),
    says: /could not be loaded: the Response answered 404 text\/plain\. Check that it is served, or give init\(\) its address/,
  },
  "a server that sends a page instead": {
    source: () => new Response("<!doctype html>", html),
    says: /answered 200 text\/html.+ "thousandeyes-admin\/inline" needs no file\.$/,
  },
  "an address where nothing answers": {
    source: () => "http://127.0.0.1:9/thousandeyes_admin_bg.wasm",
    says: /could not be loaded: /,
  },
  "a request that fails": { source: () => Promise.reject(new TypeError("offline")), says: /could not be loaded: offline/ },
  "bytes of something else": {
    source: () => new TextEncoder().encode("<!doctype html>"),
    says: /not that of this release of thousandeyes-admin/,
    cause: WebAssembly.CompileError,
  },
  "some other WebAssembly": {
    source: () => fetch(`data:application/wasm;base64,${Buffer.from(strange).toString("base64")}`),
    says: /not that of this release of thousandeyes-admin/,
    cause: TypeError,
  },
  "the WebAssembly of another release": {
    source: () => ofAnotherRelease(wasm),
    says: /not that of this release of thousandeyes-admin/,
    cause: WebAssembly.LinkError,
  },
  "a policy that forbids WebAssembly": {
    source: () => Promise.reject(new WebAssembly.CompileError("blocked by CSP")),
    says: /add 'wasm-unsafe-eval' to its script-src/,
  },
};

for (const [what, { source, says, cause = Error }] of Object.entries(failures)) {
  test(`init() says what to do about ${what}, and the next one starts`, async () => {
    const { init, UsersApi, NotInitializedError } = await freshEntry();
    await assert.rejects(init(source()), (error) => {
      assert.ok(error instanceof NotInitializedError);
      assert.match(error.message, says);
      assert.ok(error.cause instanceof cause);
      return true;
    });
    assert.throws(() => new UsersApi(), NotInitializedError);
    await init(wasm);
    new UsersApi({ accessToken: "token" });
  });
}

// Node's fetch reads no files: this is what a tool that loses the .wasm file makes of the entry.
test("init() without the file starts from a module that holds the same bytes", async () => {
  const { init, UsersApi } = await freshEntry();
  await init();
  new UsersApi({ accessToken: "token" });
});

test("init() without the file and without that module says what became of the file", async () => {
  const { init } = await freshEntry({ without: "base64.js" });
  const message = /could not be loaded: fetch failed\. Check that it is served/;
  await assert.rejects(init(), { name: "NotInitializedError", message });
  await init(wasm);
});

test("init() loads no module in place of a file that is there and wrong", async (t) => {
  const { init } = await freshEntry();
  const headers = { "content-type": "application/wasm" };
  t.mock.method(globalThis, "fetch", async () => new Response(strange, { headers }));
  await assert.rejects(init(), /not that of this release of thousandeyes-admin/);
});

test("init() shows no query of an address: it may hold a secret", async () => {
  const { init } = await freshEntry();
  const server = createServer((_request, response) => response.writeHead(404).end()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const failed = await init(`http://127.0.0.1:${server.address().port}/x.wasm?signature=secret`).catch((error) => error);
  server.close();
  assert.match(failed.message, /\/x\.wasm answered 404/);
  assert.doesNotMatch(JSON.stringify([failed, failed.message, String(failed.cause)]), /secret/);
});

for (const source of [8, {}, null, true, ["x.wasm"]]) {
  test(`init() refuses ${JSON.stringify(source)}, and says what it takes`, async () => {
    const { init, ApiTypeError } = await freshEntry();
    await assert.rejects(init(source), (error) => {
      assert.ok(error instanceof ApiTypeError);
      assert.match(error.message, /^init\(\) takes nothing, or where thousandeyes_admin_bg\.wasm is: .+ It got: \w+\.$/);
      assert.equal(error.path, "source");
      return true;
    });
    await init(wasm);
  });
}

test("init() starts the WebAssembly once, however often it is called", async () => {
  const { init, UsersApi } = await freshEntry();
  const first = init(wasm);
  assert.equal(init(), first);
  await first;
  const users = new UsersApi({ accessToken: "token" });
  await init(wasm);
  users.close();
});

for (const type of ["application/wasm", "application/octet-stream"]) {
  test(`init() takes a response of type ${type}, and warns of nothing`, async (t) => {
    const warn = t.mock.method(console, "warn", () => {});
    const { init, UsersApi } = await freshEntry();
    await init(new Response(wasm, { headers: { "content-type": type } }));
    new UsersApi({ accessToken: "token" });
    assert.equal(warn.mock.callCount(), 0);
  });
}

const kinds = {
  bytes: () => wasm,
  "an ArrayBuffer": () => Uint8Array.from(wasm).buffer,
  "a compiled module": () => new WebAssembly.Module(wasm),
  "an address": () => `data:application/wasm;base64,${wasm.toString("base64")}`,
  "a promise of a response": () => fetch(`data:application/wasm;base64,${wasm.toString("base64")}`),
};

for (const [kind, source] of Object.entries(kinds)) {
  test(`init() takes ${kind}`, async () => {
    const { init, UsersApi } = await freshEntry();
    await init(source());
    new UsersApi({ accessToken: "token" });
  });
}
