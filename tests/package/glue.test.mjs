// The changes to wasm-bindgen's JavaScript: each finds its place or fails the build. What they are good for, the tests of
// the package show; here is what no call of the package shows.
import assert from "node:assert/strict";
import { test } from "node:test";

import { adaptGlue } from "../../pkg-template/build/glue.mjs";
import { install } from "./support.mjs";

const project = await install();

/** The places of the changes, as wasm-bindgen writes them, and a task. */
const glue = `import { createError } from './snippets/thousandeyes-admin-0123456789abcdef/pkg-template/errors.js';
import * as import1 from "./snippets/thousandeyes-admin-0123456789abcdef/pkg-template/context.js"
export class Thing {
    free() {
    }
    /**
     * @returns {Promise<number>}
     */
    count() {
        const ret = wasm.thing_count(this.__wbg_ptr);
        return ret;
    }
}
if (Symbol.dispose) Thing.prototype[Symbol.dispose] = Thing.prototype.free;
export const imports = {
        __wbg_queueMicrotask_0123456789abcdef: function(arg0) {
            queueMicrotask(arg0);
        },
};
const cachedTextDecoder = new TextDecoder("utf-8");
const cachedTextEncoder = new TextEncoder();
let wasmModule, wasmInstance, wasm;
function initSync(module) {
    if (wasm !== undefined) return wasm;
}
async function __wbg_init(module_or_path) {
    if (wasm !== undefined) return wasm;
}
`;

const places = {
  "the call of a method": ["this.__wbg_ptr", "this.ptr"],
  "the entry of a call": ["count() {", "count()\n    {"],
  "what it makes of text": ["new TextEncoder()", "TextEncoder.make()"],
  "the path of an import": ["/pkg-template/errors", "/errors"],
  "the import of a whole module": ["/pkg-template/context", "/context"],
  "the end of a class": ["Thing.prototype.free;", "Thing.prototype.close;"],
  "a class": ["export class", "export default class"],
  "the instance": ["let wasmModule", "var wasmModule"],
  "a question for the instance": ["wasm !== undefined", "wasm != null"],
  "what makes a decoder": ["new TextDecoder(", "makeTextDecoder("],
  "what runs a task": ["queueMicrotask(arg0)", "globalThis.queueMicrotask(arg0)"],
};

for (const [place, [now, then]] of Object.entries(places)) {
  test(`the build fails where wasm-bindgen writes ${place} differently`, () => {
    adaptGlue(glue);
    const other = glue.replace(now, then);
    assert.notEqual(other, glue);
    assert.throws(() => adaptGlue(other), /writes its glue differently now: adapt .+glue\.mjs/);
  });
}

test("tasks run by context.js", async () => {
  await project.write("errors.js", "export class ApiTypeError extends Error {}\nexport class NotInitializedError extends Error {}\nexport function createError() {}\nexport function noteCaller() {}\n");
  await project.write("text.js", "export const { TextDecoder, TextEncoder } = globalThis;\n");
  await project.write("context.js", "export const tasks = [];\nexport const queueMicrotask = (task) => tasks.push(task);\n");
  await project.write("glue.js", adaptGlue(glue));
  const { imports } = await project.import("./glue.js");
  const { tasks } = await project.import("./context.js");
  const task = () => assert.fail("It ran.");
  imports.__wbg_queueMicrotask_0123456789abcdef(task);
  assert.deepEqual(tasks, [task]);
});
