// Where the WebAssembly comes from, and what to do when it does not come.
import { Jobs } from "./administration.js";
import { ApiTypeError, NotInitializedError } from "./errors.js";
import start, { initSync } from "./thousandeyes_admin.js";

/**
 * The init() of an entry: it starts once, from what it is given or else from `own()`, and after a failure tries again. The
 * class of jobs comes from `jobs()` when the first one begins; that is told what init() was given for them.
 */
export function starter(own, jobs) {
  let started;
  return function init(source, sourceOfJobs) {
    if (started) return started;
    Jobs.source = () => jobs(sourceOfJobs);
    started = startFrom(source === undefined ? own : () => source).catch((error) => {
      started = undefined;
      throw error;
    });
    return started;
  };
}

/** The same, for what is at hand when the entry is imported. Importing never throws: init() tells what came of it. */
export function startAtOnce(own, jobs) {
  Jobs.source = jobs;
  try {
    refuseWhatLacks();
    initSync({ module: own() });
    return async function init() {};
  } catch {
    return starter(own, jobs);
  }
}

async function startFrom(own) {
  try {
    refuseWhatLacks();
    // Always an object: wasm-bindgen warns about anything else on the user's console (wasm-bindgen#4122).
    await start({ module_or_path: await contentOf(await own()) });
  } catch (cause) {
    throw cause instanceof ApiTypeError || cause instanceof NotInitializedError ? cause : startFailure(cause);
  }
}

function refuseWhatLacks() {
  for (const [name, advice] of Object.entries(needed)) {
    if (globalThis[name] === undefined) throw new NotInitializedError(`This runtime has no ${name}${advice}`);
  }
}

const forTests =
  '. In a test with Jest and jsdom, "jest-fixed-jsdom" as the testEnvironment brings it; elsewhere load a polyfill ' +
  "before thousandeyes-admin is imported.";

const needed = {
  WebAssembly:
    ". thousandeyes-admin needs it: React Native's Hermes never has it, and browsers in a lockdown mode " +
    "switch it off. Make the calls on your server instead.",
  TextDecoder: forTests,
  TextEncoder: forTests,
};

/** The word for the kind of a value, which is the same in every realm. */
const kindOf = (value) => Object.prototype.toString.call(value).slice(8, -1);

/** What a caller gave init(), with an address replaced by what lies there. */
export async function contentOf(source) {
  const kind = kindOf(source);
  if (["String", "URL", "Request"].includes(kind)) return usable(await fetch(source));
  if (kind === "Response") return usable(source);
  if (["ArrayBuffer", "WebAssembly.Module"].includes(kind) || ArrayBuffer.isView(source)) return source;
  throw new ApiTypeError(
    "init() takes nothing, or where thousandeyes_admin_bg.wasm is: its address, a Response, the bytes, or a " +
      `WebAssembly.Module. It got: ${kind}.`,
    { path: "source", outcome: "not-sent" },
  );
}

/**
 * The bytes that a module of JavaScript holds. Where there is Node's Buffer it is many times as fast; named like this, no
 * bundler brings one along.
 */
export function decoded(base64) {
  const { Buffer } = globalThis;
  return Buffer ? Buffer.from(base64, "base64") : Uint8Array.from(atob(base64), (unit) => unit.charCodeAt(0));
}

/** The class of jobs, once their WebAssembly has started: that of the module, or what init() was given. */
export async function jobsOf({ base64, start, Job }, source) {
  await start({ module_or_path: source === undefined ? decoded(base64) : await contentOf(await source) });
  return Job;
}

/** A server without the file may answer with a page and status 200. */
function usable(response) {
  const type = response.headers.get("Content-Type") ?? "";
  if (!response.ok || type.startsWith("text/html")) {
    const address = response.url.split(/[?#]/)[0];
    throw new Error(`${address || "the Response"} answered ${response.status} ${type}`.trim());
  }
  // wasm-bindgen warns on the user's console of a type that browsers do not compile while loading.
  return type === "application/wasm" ? response : response.arrayBuffer();
}

function startFailure(cause) {
  return new NotInitializedError(advice(cause), { cause, retryable: true });
}

function advice(cause) {
  const message = String(cause?.message ?? cause);
  if (/unsafe-eval|\bCSP\b|content security policy/i.test(message)) {
    return "The page's Content-Security-Policy forbids WebAssembly: add 'wasm-unsafe-eval' to its script-src.";
  }
  if (/disallowed by embedder/i.test(message)) {
    return (
      "This runtime compiles no WebAssembly from bytes. A page needs 'wasm-unsafe-eval' in the script-src of its " +
      "Content-Security-Policy, and so does a content script. A server at the edge needs the module compiled when it is " +
      'built: bundle with the condition "workerd" or "edge-light", or give init() the compiled ' +
      "thousandeyes-admin/thousandeyes_admin_bg.wasm and, for what client.admin does, thousandeyes_jobs_bg.wasm."
    );
  }
  // Where a whole module of imports is missing, that is a TypeError. The names of errors are the same in every realm.
  const unlinked = cause instanceof TypeError && /\bimport\b/i.test(message);
  if (unlinked || ["CompileError", "LinkError"].includes(cause?.name)) {
    return (
      "The WebAssembly is not that of this release of thousandeyes-admin: serve the thousandeyes_admin_bg.wasm " +
      "that was installed with it."
    );
  }
  return (
    `The file thousandeyes_admin_bg.wasm could not be loaded: ${message}. Check that it is served, or give init() its address; ` +
    '"thousandeyes-admin/inline" needs no file.'
  );
}
