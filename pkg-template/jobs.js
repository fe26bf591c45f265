// The jobs of administration, loaded when the first one begins. Their WebAssembly is a module of JavaScript everywhere. What
// is imported here no entry has: bundlers would make one more file of it, which a page loads at once.
export { default as base64 } from "./jobs64.js";
export { default as start, Job } from "./thousandeyes_jobs.js";
