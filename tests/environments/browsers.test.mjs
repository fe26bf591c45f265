import assert from "node:assert/strict";
import { copyFileSync, mkdirSync } from "node:fs";
import { after } from "node:test";

import { example } from "../readme.mjs";
import { chromium, firefox, webkit } from "./browsers.mjs";
import { assertExercised, credentials, environment, project, server } from "./environment.mjs";
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

await pageProgram("inline", { specifier: "/node_modules/thousandeyes-admin/inline.mjs" });
await project.write("inline.html", html('<script type="module" src="inline.js"></script>'));

await project.write("portal.js", `${example("portal")}report([...shown.children].map((item) => item.textContent));`);
await project.write("portal.html", html(example("import-map"), '<script type="module" src="portal.js"></script>'));

await project.write("self-hosted.js", `
  import init, { UsersApi } from "${address}";
  ${example("self-hosted")}
  const { users } = await new UsersApi({ host: "/te-api/v7" }).getUsers();
  report(users.length);`);
await project.write("self-hosted.html", html('<script type="module" src="self-hosted.js"></script>'));
mkdirSync(project.path("assets"));
copyFileSync(project.require.resolve("thousandeyes-admin/thousandeyes_admin_bg.wasm"), project.path("assets/thousandeyes_admin_bg.wasm"));

// The reasons of the two entries, where the policy forgets WebAssembly. No report.js: it would tell of the refusal first.
await project.write("refused.js", `
  const reasons = ["index.js", "inline.mjs"].map(async (entry) => {
    const { default: init, NotInitializedError } = await import("/node_modules/thousandeyes-admin/" + entry);
    return init().then(() => "started", (error) => error instanceof NotInitializedError && error.message);
  });
  fetch("/report", { method: "POST", body: JSON.stringify({ result: await Promise.all(reasons) }) });`);
await project.write("refused.html", '<!doctype html><script type="module" src="refused.js"></script>');

const open = await startSite(project.path());
const policy = example("policy").trim();
const guarded = await startSite(project.path(), { policy });
const forgetful = await startSite(project.path(), { policy: policy.replace(" 'wasm-unsafe-eval'", "") });
after(() => Promise.all([open, guarded, forgetful].map((site) => site.close())));

for (const browser of [chromium, firefox, webkit]) {
  environment(browser.name, browser, (test) => {
    const visit = async (site, page) => assertExercised(await site.visit(browser, `${site.url}/${page}`));

    test("page", () => visit(open, "page.html"));
    test("module worker", () => visit(open, "worker.html"));
    test("inline entry", () => visit(open, "inline.html"));
    test("page under a strict policy", () => visit(guarded, "policy.html"));
    test("module worker under a strict policy", () => visit(guarded, "worker.html"));
    test("the .wasm file in a place of its own", async () => {
      const count = await open.visit(browser, `${open.url}/self-hosted.html`);
      assert.equal(count, server.sandbox.state.users.length);
      assert.ok(open.asked.includes("GET /assets/thousandeyes_admin_bg.wasm 200"));
    });
    test("the README's portal", async () => {
      const { users } = server.sandbox.state;
      const shown = users.map(({ name, email }) => `${name ?? "(no name)"}, ${email}`);
      assert.deepEqual(await open.visit(browser, `${open.url}/portal.html`), shown);
      assert.deepEqual(server.sandbox.requests.map(({ method }) => method), ["GET"], "it changes nothing");
    });
    test("a policy without 'wasm-unsafe-eval' is named", async () => {
      const advice = "The page's Content-Security-Policy forbids WebAssembly: add 'wasm-unsafe-eval' to its script-src.";
      assert.deepEqual(await forgetful.visit(browser, `${forgetful.url}/refused.html`), [advice, advice]);
    });
  });
}
