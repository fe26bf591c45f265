// Runtimes that lack something: importing the package throws nowhere, and init() says what is missing and what to do.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";

import { install } from "./support.mjs";

const project = await install();

const entries = {
  import: 'import("thousandeyes-admin")',
  require: 'import("node:module").then(({ createRequire }) => createRequire(import.meta.url)("thousandeyes-admin"))',
  "the entry for browsers": 'import("./node_modules/thousandeyes-admin/index.js")',
  "the entry without a file": 'import("./node_modules/thousandeyes-admin/inline.mjs")',
};

const missing = {
  WebAssembly: {
    // Without a compiler of its own V8 has no WebAssembly.
    options: ["--jitless"],
    says: /^This runtime has no WebAssembly\. .+React Native's Hermes.+ Make the calls on your server instead\.$/,
  },
  TextDecoder: {
    options: ["--import", "data:text/javascript,delete globalThis.TextDecoder"],
    says: /^This runtime has no TextDecoder\. .+"jest-fixed-jsdom" as the testEnvironment.+ a polyfill before/,
  },
  TextEncoder: {
    options: ["--import", "data:text/javascript,delete globalThis.TextEncoder"],
    says: /^This runtime has no TextEncoder\. .+"jest-fixed-jsdom" as the testEnvironment.+ a polyfill before/,
  },
};

for (const [name, { options, says }] of Object.entries(missing)) {
  for (const [entry, load] of Object.entries(entries)) {
    test(`no ${name}: ${entry}`, async () => {
      await project.write("lacking.mjs", `
        if (globalThis.${name}) throw new Error("It has ${name}.");
        const { init, NotInitializedError, UsersApi } = await ${load};
        const error = await init().catch((error) => error);
        let used;
        try { new UsersApi(); } catch (error) { used = error instanceof NotInitializedError; }
        console.log(JSON.stringify({ refused: error instanceof NotInitializedError, used, message: error.message }));`);
      const { stdout } = await project.node([...options, "lacking.mjs"]);
      const { refused, used, message } = JSON.parse(stdout);
      assert.ok(refused && used);
      assert.match(message, says);
    });
  }
}

/** The package as `require` gives it, in a realm of its own that compiles no WebAssembly, as hosts at the edge are. */
function withoutCompiler() {
  const given = { AbortController, Buffer, Headers, Response, TextDecoder, TextEncoder, URL, clearTimeout, performance, setTimeout };
  const context = createContext(given, { codeGeneration: { wasm: false } });
  const load = (file) => {
    const module = { exports: {} };
    const code = readFileSync(project.packagePath(file), "utf8");
    runInContext(`(function (require, module, exports) {${code}\n})`, context)(load, module, module.exports);
    return module.exports;
  };
  return load("inline.cjs");
}

test("no compiling from bytes", async () => {
  const { init, NotInitializedError } = withoutCompiler();
  await assert.rejects(init(), (error) => {
    assert.ok(error instanceof NotInitializedError);
    assert.match(error.message, /^This runtime compiles no WebAssembly from bytes\. .+Content-Security-Policy/);
    assert.match(error.message, /bundle with the condition "workerd" or "edge-light", or give init\(\) the compiled/);
    for (const name of ["admin", "jobs"]) assert.match(error.message, new RegExp(`\\bthousandeyes_${name}_bg\\.wasm\\b`));
    assert.match(error.cause.message, /disallowed by embedder/);
    return true;
  });
});

const compiled = (name) => new WebAssembly.Module(readFileSync(project.packagePath(name)));
const ada = '{"uid":"245","email":"Ada@Example.com"}';
const fetch = async () => new Response(`{"users":[${ada}]}`);

test("no compiling from bytes: compiled modules of another realm will do, one for calls and one for jobs", async () => {
  const { init, ApiClient } = withoutCompiler();
  await init(compiled("thousandeyes_admin_bg.wasm"), compiled("thousandeyes_jobs_bg.wasm"));
  // Whoever calls it again, as every module may, gives nothing.
  await init();
  const { uid } = await new ApiClient({ accessToken: "token", fetch }).admin.findUser("ada@example.com");
  assert.equal(uid, "245");
});

test("no compiling from bytes: without the second module calls are made, and jobs say what is missing", async () => {
  const { init, ApiClient, NotInitializedError } = withoutCompiler();
  await init(compiled("thousandeyes_admin_bg.wasm"));
  const client = new ApiClient({ accessToken: "token", fetch });
  assert.equal((await client.users.getUsers()).users[0].uid, "245");
  await assert.rejects(client.admin.findUser("ada@example.com"), (error) => {
    assert.ok(error instanceof NotInitializedError);
    assert.equal(error.outcome, "not-sent");
    assert.match(error.message, /^The part of thousandeyes-admin that does this could not be loaded/);
    assert.match(error.cause.message, /disallowed by embedder/);
    return true;
  });
});
