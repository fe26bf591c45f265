// The jobs of administration: loaded when the first one begins. The WebAssembly is a module of JavaScript everywhere.
import base64 from "./jobs64.js";
import { bytesOf } from "./base64-bytes.js";
import start, { Job } from "./thousandeyes_jobs.js";

export async function load() {
  await start({ module_or_path: bytesOf(base64) });
  return Job;
}
