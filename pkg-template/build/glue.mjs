/**
 * wasm-bindgen's JavaScript, changed in seven places where a user would miss it, each with its reason. A place that is no
 * longer found fails the build, so that a new wasm-bindgen cannot drop a change unnoticed.
 *
 * @param {string} glue as `wasm-bindgen --target web` writes it
 */
export function adaptGlue(glue) {
  return [importFromBeside, explainLostObjects, noteCallers, endWithClose, explainUseBeforeInit, bearLackOfText, guardTasks].reduce((text, change) => change(text), glue);
}

/**
 * What Rust imports of our JavaScript wasm-bindgen copies below snippets/. Of errors.js that would be a second copy, and
 * no error would be an `instanceof` the classes that users import; the package has each file once, beside the glue. An
 * import that stays as it is written, `raw_module = "./errors.js"`, the tests cannot load: they run from a folder of
 * wasm-bindgen's own, which has only what it copied (wasm-bindgen#2477).
 *
 * More than four files must not be imported by Rust: the server of wasm-bindgen's test runner (tiny_http 0.12) begins
 * with four threads and may leave a fifth connection of the browser waiting for ever.
 */
function importFromBeside(glue) {
  const copied = /(?<=^import .+ from ['"])\.\/snippets\/.+\/pkg-template\/(?=\w+\.js['"];?$)/gm;
  return replace(glue, copied, "./", count(glue, /^import .+\/snippets\//gm));
}

/**
 * `using` calls what is under Symbol.dispose, and wasm-bindgen puts `free` there, which gives the memory back at once: a
 * call in flight would never settle, and a later one fail with "null pointer passed to rust" (wasm-bindgen#3960).
 * close() ends the calls in flight and makes later ones reject with a ClientClosedException; the memory goes with the
 * object, through wasm-bindgen's FinalizationRegistry.
 *
 * Compilers that bring `using` to engines without Symbol.dispose look under Symbol.for("Symbol.dispose").
 *
 * Bundlers keep a class that is written to after its declaration, used or not (wasm-bindgen#4666 brought that). One that
 * is the argument of a pure call they drop with the call.
 */
function endWithClose(glue) {
  const classes = count(glue, /^export class /gm);
  const disposal = /if \(Symbol\.dispose\) \1\.prototype\[Symbol\.dispose\] = \1\.prototype\.free;$/;
  const declaration = new RegExp(`^export class (\\w+) (\\{\\n[^]*?^\\})\\n${disposal.source}`, "gm");
  const ending = replace(glue, declaration, "export const $1 = /* @__PURE__ */ endedByClose(class $1 $2);", classes);
  return `${ending.replaceAll("new FinalizationRegistry(", "/* @__PURE__ */ $&")}
function endedByClose(Class) {
    const { prototype } = Class;
    if (prototype.close) prototype.free = prototype.close;
    prototype[Symbol.dispose ?? Symbol.for("Symbol.dispose")] = prototype.free;
    return Class;
}
`;
}

/**
 * A method without its object, as in `const { getUsers } = users` or `queryFn: users.getUsers`, fails in wasm-bindgen's code
 * with "Cannot read properties of undefined (reading '__wbg_ptr')", which tells nobody what to write (wasm-bindgen#30 brought
 * the checks that there are).
 */
function explainLostObjects(glue) {
  const reads = /(?<=\bwasm\.\w+\()this\.__wbg_ptr\b/g;
  return `import { ApiTypeError } from "./errors.js";
${replace(glue, reads, "pointerOf(this)", count(glue, reads))}
function pointerOf(object) {
    if (object?.__wbg_ptr !== undefined) return object.__wbg_ptr;
    throw new ApiTypeError("A method was called without its object: write () => users.getUsers(), not users.getUsers.", { path: "this" });
}
`;
}

/**
 * An error of a call shows the line that made it. That is known at once in the method; from inside the WebAssembly it is
 * behind many frames, which take half as long again to capture.
 */
function noteCallers(glue) {
  const entries = /(?<=@returns \{Promise<.*\n.*\n.*\n.*\bwasm\.\w+\()pointerOf(?=\(this\))/g;
  return `import { noteCaller } from "./errors.js";
${replace(glue, entries, "enter", count(glue, /@returns \{Promise</g))}
function enter(object) {
    const pointer = pointerOf(object);
    noteCaller(enter);
    return pointer;
}
`;
}

/** Before init() wasm-bindgen says "Cannot read properties of undefined (reading …)" (wasm-bindgen#3066). */
function explainUseBeforeInit(glue) {
  const notInitialized = `const notInitialized = new Proxy({}, {
    get() {
        throw new NotInitializedError("Not started yet: call \`await init()\` once, before anything else.");
    },
});
let wasmModule, wasmInstance, wasm = notInitialized;`;
  const started = replace(glue, /^let wasmModule, wasmInstance, wasm;$/gm, notInitialized, 1);
  const asked = replace(started, /\bwasm !== undefined\b/g, "wasm !== notInitialized", 2);
  return `import { NotInitializedError } from "./errors.js";\n${asked}`;
}

/**
 * The glue makes a TextDecoder as soon as it is imported, and where there is none (Jest with jsdom) the import throws.
 * With a stand-in, init() says what is missing (wasm-bindgen has no option for it).
 */
function bearLackOfText(glue) {
  if (count(glue, /\bnew Text(?:De|En)coder\(/g) < 2) throw differently("new TextDecoder(");
  return `import { TextDecoder, TextEncoder } from "./text.js";\n${glue}`;
}

/**
 * A trap in a task leaves the promises of all calls under way pending (wasm-bindgen#2724), and ends Node by an uncaught
 * exception. The tasks run from `queueMicrotask`, which js-sys takes from the global scope: one of our own module in its
 * place catches the trap and settles the calls.
 */
function guardTasks(glue) {
  if (count(glue, /^ +queueMicrotask\(/gm) !== 1) throw differently("queueMicrotask(");
  return `import { queueMicrotask } from "./context.js";\n${glue}`;
}

function replace(text, pattern, replacement, times) {
  if (times === 0 || count(text, pattern) !== times) throw differently(pattern);
  return text.replace(pattern, replacement);
}

function differently(place) {
  return new Error(`wasm-bindgen writes its glue differently now: adapt ${place} in pkg-template/build/glue.mjs.`);
}

function count(text, pattern) {
  return text.match(pattern)?.length ?? 0;
}
