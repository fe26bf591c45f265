import { after } from "node:test";

import { example } from "../readme.mjs";
import { chromium, firefox, webkit } from "./browsers.mjs";
import { assertExercised, credentials, environment, project } from "./environment.mjs";
import { html, pageProgram } from "./pages.mjs";
import { startSite } from "./site.mjs";

Object.assign(process.env, credentials);

const address = "/node_modules/thousandeyes-admin/index.js";

await pageProgram("page");
await project.write("page.html", html(example("import-map"), '<script type="module" src="page.js"></script>'));

await pageProgram("policy", { specifier: address });
await project.write("policy.html", html('<script type="module" src="policy.js"></script>'));

await pageProgram("worker", { specifier: address, tell: "postMessage" });
await project.write("starter.js", `
  const worker = new Worker("worker.js", { type: "module" });
  worker.onmessage = ({ data }) => report(data);
  worker.onerror = ({ message }) => reportError(new Error("in the worker: " + message));`);
await project.write("worker.html", html('<script src="starter.js"></script>'));

const open = await startSite(project.path());
const guarded = await startSite(project.path(), { policy: example("policy").trim() });
after(() => Promise.all([open.close(), guarded.close()]));

for (const browser of [chromium, firefox, webkit]) {
  environment(browser.name, browser, (test) => {
    const visit = async (site, page) => assertExercised(await site.visit(browser, `${site.url}/${page}`));

    test("page", () => visit(open, "page.html"));
    test("module worker", () => visit(open, "worker.html"));
    test("page under a strict policy", () => visit(guarded, "policy.html"));
    test("module worker under a strict policy", () => visit(guarded, "worker.html"));
  });
}
