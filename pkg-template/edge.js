// For Vercel's edge runtime, which compiles no WebAssembly at run time either: its tools compile what is named like this.
import module from "./thousandeyes_admin_bg.wasm?module";
import jobs from "./thousandeyes_jobs_bg.wasm?module";
import { starter } from "./loading.js";
import startJobs, { Job } from "./thousandeyes_jobs.js";

export * from "./exports.js";
export { init as default };

// Not at once: the module may be of another realm, and only the asynchronous way of the glue takes such a one.
export const init = starter(
  async () => module,
  async () => {
    await startJobs({ module_or_path: jobs });
    return Job;
  },
);
