// The jobs of administration in a browser, in a page and in a worker, under the page's Content Security Policy: what does
// them is loaded when the first one begins, and only then.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { chromium } from "playwright-core";

import { startPageServer } from "../../www/page-server/server.mjs";
import { startSandbox } from "../../www/sandbox/server.mjs";

const token = "te-token-that-no-browser-may-see";
const email = "nadia.brightwater@example.com";
/** In the order in which they are asked for. */
const MODULES = ["jobs.js", "jobs64.js", "thousandeyes_jobs.js"];
let browser, folder, pageServer, sandboxServer;

/** A call, then jobs, of which the first three begin at once; `mark` is told how far it has come. */
async function work(email, mark) {
  const { default: init, ApiClient } = await import("/pkg/index.js");
  await init();
  const { admin, users } = new ApiClient({ host: "/te-api/v7" });
  await users.getUsers();
  await mark("called");
  const emails = [email.toUpperCase(), email, "nobody@example.com"];
  const found = await Promise.all(emails.map((each) => admin.findUser(each)));
  await mark("found");
  const change = (user) => ({ name: `${user.name} Änderung 山`, email: user.email });
  const { user, changed } = await admin.modifyUser(found[0].uid, change);
  const { steps } = await admin.plan([]);
  return { found: found.map((user) => user?.email ?? "nobody"), name: user.name, changed, steps };
}

/** Where a page may make no worker of a plain text, as its policy says. */
function inWorker(email, mark) {
  const policy = trustedTypes.createPolicy("worker", { createScriptURL: (address) => address });
  const worker = new Worker(policy.createScriptURL("/pkg/worker.js"), { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.onmessage = async ({ data }) => (data.mark ? worker.postMessage(await mark(data.mark)) : resolve(data.result));
    worker.postMessage(email);
  });
}

/** What the worker does with the address that it is told: {@link work}. */
const workerCode = `
  ${work}
  const next = () => new Promise((resolve) => (onmessage = ({ data }) => resolve(data)));
  const mark = (mark) => (postMessage({ mark }), next());
  next().then((email) => work(email, mark)).then((result) => postMessage({ result }), (error) => reportError(error));`;

before(async () => {
  sandboxServer = await startSandbox({ port: 0, token });
  folder = mkdtempSync(join(tmpdir(), "jobs-"));
  cpSync(join(import.meta.dirname, "../../pkg"), folder, { recursive: true });
  writeFileSync(join(folder, "worker.js"), workerCode);
  pageServer = await startPageServer({ port: 0, pkg: folder, endpoint: sandboxServer.url, token });
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
});

after(async () => {
  await browser?.close();
  await pageServer?.close();
  await sandboxServer?.close();
  if (folder) rmSync(folder, { recursive: true });
});

/** A page, the paths that it asks for and the marks that it makes, in their order, and what its console complains of. */
async function open(t) {
  const page = await browser.newPage();
  t.after(() => page.close());
  const seen = [];
  const complaints = [];
  page.on("request", (request) => seen.push(new URL(request.url()).pathname.replace("/pkg/", "")));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  await page.exposeFunction("mark", (name) => void seen.push(name));
  await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
  await page.goto(new URL("/demo.json", pageServer.url).href);
  return { page, seen, complaints };
}

for (const [where, run] of Object.entries({ "a page": work, "a web worker": inWorker })) {
  test(`${where}: what does jobs is loaded once, when the first one begins`, async (t) => {
    sandboxServer.sandbox.reset();
    const { page, seen, complaints } = await open(t);
    const result = await page.evaluate(`(${run})(${JSON.stringify(email)}, mark)`);
    const name = "Nadia Brightwater Änderung 山";
    assert.deepEqual(result, { found: [email, email, "nobody"], name, changed: true, steps: [] });
    assert.equal(sandboxServer.sandbox.state.users.find((user) => user.email === email).name, name);

    const files = (from, to) => seen.slice(seen.indexOf(from) + 1, seen.indexOf(to)).filter((name) => !name.startsWith("/"));
    const isOfJobs = (name) => name.includes("jobs");
    assert.ok(files("/demo.json", "called").includes("thousandeyes_admin_bg.wasm"));
    assert.deepEqual(files("/demo.json", "called").filter(isOfJobs), []);
    assert.deepEqual(files("called", "found"), MODULES);
    assert.deepEqual(seen.slice(seen.indexOf("found")).filter(isOfJobs), []);
    assert.deepEqual(complaints, []);
  });
}

for (const file of MODULES) {
  test(`${file} is lost on the way: the job says so, and the next one loads it`, async (t) => {
    const { page } = await open(t);
    let lost = 0;
    await page.route(`**/pkg/${file}`, (route) => (lost++ === 0 ? route.abort() : route.continue()));
    const [failed, found] = await page.evaluate(async (email) => {
      const { default: init, ApiClient } = await import("/pkg/index.js");
      await init();
      const { admin } = new ApiClient({ host: "/te-api/v7" });
      const { message, outcome, cause } = await admin.findUser(email).catch((error) => error);
      return [{ message, outcome, cause: String(cause) }, (await admin.findUser(email)).email];
    }, email);
    assert.match(failed.message, /could not be loaded: see the cause, and try again\.$/);
    assert.match(failed.cause, /Failed to fetch dynamically imported module/);
    assert.equal(failed.outcome, "not-sent");
    assert.equal(found, email);
  });
}
