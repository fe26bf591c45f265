/**
 * Six changes to the JavaScript that wasm-bindgen generates. Each fails the build when it no longer finds its place,
 * so that a new wasm-bindgen cannot drop one unnoticed.
 */
export function adaptGlue(glue, names) {
  const steps = [importFromBeside, closeOnDispose, watchNoCall, letUnusedClassesGo, explainUseBeforeInit];
  return shortNames(
    steps.reduce((text, adapt) => adapt(text), glue),
    names,
  );
}

/** wasm-bindgen's names hold hashes, which no compression shortens; wasm-opt gave the WebAssembly shorter ones. */
function shortNames(glue, { module, build, imports, exports }) {
  const shortImports = new Map(imports.map(([, long, short]) => [long, short]));
  const shortExports = new Map(exports.map(([long, short]) => [long, short]));
  const rename = (text, pattern, short, expected) => {
    const used = new Set();
    const renamed = text.replace(pattern, (whole, before, long, after) => {
      if (!short.has(long)) return whole;
      used.add(long);
      return before + short.get(long) + after;
    });
    const missing = expected.filter((long) => !used.has(long));
    if (missing.length > 0) throw new Error(`wasm-bindgen writes its glue differently now: where are ${missing}?`);
    return renamed;
  };
  const imported = rename(glue, /^( +)(\w+)(: function\()/gm, shortImports, [...shortImports.keys()]);
  const exported = rename(imported, /(\bwasm\.)(\w+)(\b)/g, shortExports, []);
  const linked = replace(exported, /"\.\/thousandeyes_admin_bg\.js": import0/g, `${module}: import0`, 1);
  return replace(linked, /^function __wbg_finalize_init\(instance, module\) \{$/gm, `$&${sameBuild(build)}`, 1);
}

const sameBuild = (build) => `
    const [build] = WebAssembly.Module.customSections(module, "build");
    if (String.fromCharCode(...new Uint8Array(build)) !== "${build}") {
        throw new WebAssembly.LinkError("another build");
    }`;

/**
 * wasm-bindgen copies our JavaScript under snippets/; the package has it beside the glue, once, for users too. More than
 * four files must not be imported by Rust: the server of wasm-bindgen's test runner (tiny_http 0.12) begins with four
 * threads and may leave a fifth connection of the browser waiting for ever.
 */
function importFromBeside(glue) {
  const pattern = /^import (\{ .+ \}) from '\.\/snippets\/[^']+\/pkg-template\/(\w+\.js)';$/gm;
  const ours = 'import { NotInitializedError } from "./errors.js";\nimport { TextDecoder, TextEncoder } from "./text.js";\n';
  return ours + replace(glue, pattern, 'import $1 from "./$2";', 4);
}

/**
 * `using` and Symbol.dispose call free(). wasm-bindgen's frees the memory at once, and a later call fails with "null
 * pointer passed to rust" (wasm-bindgen#3960). close() ends the calls in flight and makes later ones reject with a
 * ClientClosedException; the memory goes with the object, through wasm-bindgen's FinalizationRegistry. The class Call is
 * not the users': its memory is freed as soon as it is over.
 */
function closeOnDispose(glue) {
  const classes = glue.match(/^export class (?!Call )[^]*?^\}$/gm);
  if (!classes.every((Class) => /^ +close\(\) \{$/m.test(Class))) throw new Error("A class needs a close() method.");
  const pattern = /^( +)free\(\) \{\n +const ptr = this\.__destroy_into_raw\(\);\n +wasm\.\w+\(ptr, 0\);\n +\}$/gm;
  return classes.reduce(
    (text, Class) => text.replace(Class, () => replace(Class, pattern, "$1free() {\n$1    this.close();\n$1}", 1)),
    glue,
  );
}

/**
 * Every call is freed when it is over, and is held until then: that wasm-bindgen also has it watched by a
 * FinalizationRegistry would only cost each call its time.
 */
function watchNoCall(glue) {
  const unwatched = replace(glue, /^ +CallFinalization\.(?:register\(obj, obj\.__wbg_ptr, obj|unregister\(this)\);\n/gm, "", 2);
  return replace(unwatched, /^const CallFinalization = [^]*?;\n(?=const |\n)/gm, "", 1);
}

/**
 * Bundlers keep a class that is written to after its declaration (wasm-bindgen's `Symbol.dispose`), used or not. A call
 * marked as pure they drop together with its class.
 */
function letUnusedClassesGo(glue) {
  const classes = count(glue, /^export class /gm);
  const disposal = /if \(Symbol\.dispose\) \1\.prototype\[Symbol\.dispose\] = \1\.prototype\.free;$/;
  const pattern = new RegExp(`^export class (\\w+) (\\{\\n[^]*?^\\})\\n${disposal.source}`, "gm");
  const pure = replace(glue, pattern, "export const $1 = /* @__PURE__ */ disposable(class $1 $2);", classes);
  return `${pure.replaceAll("new FinalizationRegistry(", "/* @__PURE__ */ new FinalizationRegistry(")}
function disposable(Class) {
    if (Symbol.dispose) Class.prototype[Symbol.dispose] = Class.prototype.free;
    return Class;
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
  return replace(started, /\bwasm !== undefined\b/g, "wasm !== notInitialized", 2);
}

function replace(text, pattern, replacement, times) {
  if (count(text, pattern) !== times) {
    throw new Error(`wasm-bindgen writes its glue differently now: adapt ${pattern} in pkg-template/build/glue.mjs.`);
  }
  return text.replace(pattern, replacement);
}

function count(text, pattern) {
  return text.match(pattern)?.length ?? 0;
}
