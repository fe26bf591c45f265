import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";

import { build } from "esbuild";

const START = join(import.meta.dirname, "../../www/sandbox/sandbox.mjs");

/** As it is bundled for a page: what needed Node would not be found. */
async function bundle() {
  const { outputFiles } = await build({
    entryPoints: [START],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "sandbox",
    platform: "browser",
    logLevel: "silent",
  });
  return outputFiles[0].text;
}

/** What a page has of what the sandbox needs, and nothing of Node's. */
const page = () => ({
  AbortController, AbortSignal, Headers, ReadableStream, Request, Response, TextDecoder, TextEncoder, URL,
  URLSearchParams, atob, btoa, clearTimeout, setTimeout, structuredClone,
});

test("with all that is bundled, it runs where only web standards are and no code may be made of text", async () => {
  const code = await bundle();
  const context = createContext(page(), { codeGeneration: { strings: false, wasm: false } });
  assert.throws(() => runInContext("new Function('return 1')()", context), { name: "EvalError" });
  runInContext(`${code}; globalThis.made = sandbox.createSandbox();`, context);
  const headers = { authorization: "Bearer sandbox-admin", "content-type": "application/json" };
  const ask = (method, path, body) =>
    context.made.fetch(`http://x/v7${path}`, { method, headers, body: JSON.stringify(body) });
  assert.equal((await ask("GET", "/users")).status, 200);
  assert.equal((await ask("POST", "/roles", { name: "New", permissions: ["1"] })).status, 201);
  const refused = await ask("POST", "/roles", { name: 7, permissions: ["0"] });
  assert.deepEqual((await refused.json()).errors.map(({ field }) => field), ["name", "permissions[0]"]);
});
