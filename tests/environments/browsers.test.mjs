import { after } from "node:test";

import { example } from "../readme.mjs";
import { chromium, firefox, webkit } from "./browsers.mjs";
import { assertExercised, credentials, environment, project } from "./environment.mjs";
import { startSite } from "./site.mjs";

Object.assign(process.env, credentials);

const bare = "thousandeyes-admin";
const address = "/node_modules/thousandeyes-admin/index.js";

/** The README's page and what is done with it, for one way to name the package. */
async function program(folder, specifier, tell) {
  const code = (text) => text.replaceAll(`"${bare}"`, `"${specifier}"`);
  await project.write(`${folder}-users.js`, code(example("page")));
  await project.write(`${folder}.js`, code(`
    import { NotFoundException } from "${bare}";
    import { users } from "./${folder}-users.js";
    import { exercise } from "./exercise.js";
    ${tell}(await exercise(users, { NotFoundException }));`));
}

const html = (...scripts) => `<!doctype html><meta charset="utf-8"><script src="/report.js"></script>${scripts.join("")}`;

await program("page", bare, "report");
await project.write("page.html", html(example("import-map"), '<script type="module" src="page.js"></script>'));

await program("policy", address, "report");
await project.write("policy.html", html('<script type="module" src="policy.js"></script>'));

await program("worker", address, "postMessage");
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
