// For Cloudflare Workers: they compile no WebAssembly at run time, so it is imported as a compiled module.
import module from "./thousandeyes_admin_bg.wasm";
import jobs from "./thousandeyes_jobs_bg.wasm";
import { shareNothing } from "./platform.js";
import { startAtOnce } from "./loading.js";
import { Job, initSync } from "./thousandeyes_jobs.js";

export * from "./exports.js";
export { init as default };

// A Worker's request that waits for another one is ended as hung.
shareNothing();

export const init = startAtOnce(
  () => module,
  async () => {
    initSync({ module: jobs });
    return Job;
  },
);
