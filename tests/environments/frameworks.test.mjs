// Frameworks for portals: the README's modules in an application, built, served, and opened in a browser.
import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { after } from "node:test";

import { example } from "../readme.mjs";
import { application } from "./apps.mjs";
import { chromium } from "./browsers.mjs";
import { assertExercised, credentials, environment, installed, newerNode, project, versionOf } from "./environment.mjs";
import { loadedForCalls, wasmFiles } from "./pages.mjs";
import { run, startServer } from "./processes.mjs";
import { startSite } from "./site.mjs";

Object.assign(process.env, credentials);
const tools = ["environments", ...chromium.tools];

/** Where the applications forward the API and the tests' own script to. */
const site = await startSite(project.path());
after(() => site.close());
const settings = { SITE: site.url, NEXT_TELEMETRY_DISABLED: "1", NG_CLI_ANALYTICS: "false" };

async function answer(address) {
  const response = await fetch(address);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return text;
}

/** Components write the result into the page as they can: with nothing in it that HTML would escape. */
const rendered = (page) => JSON.parse(decodeURIComponent(/<p>(.+?)<\/p>/.exec(page)[1]));

environment("Next.js", { tools, version: () => versionOf("next") }, (test) => {
  const app = application("next");
  const next = [newerNode, installed("next/dist/bin/next")];
  let server;
  after(() => server?.stop());

  async function build(...options) {
    await run([...next, "build", ...options], app.folder, settings);
    await server?.stop();
    const command = [...next, "start", "-H", "127.0.0.1", "-p", "0"];
    server = await startServer(command, app.folder, settings, /Local: +(http:\S+)/);
  }

  test("build", () => build());
  test("server component", async () => assertExercised(rendered(await answer(`${server.url}/rendered`))));
  test("route handler", async () => assertExercised(JSON.parse(await answer(`${server.url}/api/users`))));
  test("edge route", async () => {
    assertExercised(JSON.parse(await answer(`${server.url}/edge`)));
    // Vercel compiles no bytes, which Next on this machine would do: both modules are to be compiled with the application.
    assert.equal(wasmFiles(app.path(".next/server")).length, 2);
  });
  test('"use client" page', async () => assertExercised(await site.visit(chromium, `${server.url}/portal`)));
  test("the same with webpack", async () => {
    // With an edge route in it, Next 16.4 builds no application with webpack, whatever the route does.
    rmSync(app.path("app/edge"), { recursive: true });
    await build("--webpack");
    assertExercised(await site.visit(chromium, `${server.url}/portal`));
  });
});

environment("SvelteKit", { tools, version: () => versionOf("@sveltejs/kit") }, (test) => {
  const app = application("sveltekit", { library: "src/lib" });
  const vite = [newerNode, installed("vite/bin/vite.js")];
  const address = ["--host", "127.0.0.1", "--port", "0"];
  let server;
  after(() => server?.stop());

  async function serve(command) {
    await server?.stop();
    server = await startServer([...vite, command, ...address], app.folder, settings, /Local: +(http:\S+?)\/?\s/);
  }
  const visit = async () => assertExercised(await site.visit(chromium, `${server.url}/portal`));

  test("build", async () => {
    await run([...vite, "build"], app.folder, settings);
    await serve("preview");
  });
  test("load function of a server", async () => assertExercised(rendered(await answer(`${server.url}/rendered`))));
  test("endpoint", async () => assertExercised(JSON.parse(await answer(`${server.url}/api/users`))));
  test("page", visit);
  test("dev", async () => {
    await serve("dev");
    await visit();
  });
});

environment("Angular CLI", { tools, version: () => versionOf("@angular/cli") }, (test) => {
  const app = application("angular", { library: "src/lib" });
  const ng = [newerNode, installed("@angular/cli/bin/ng.js")];

  async function built(t) {
    await run([...ng, "build"], app.folder, settings);
    const portal = await startSite(app.path("built"));
    t.after(() => portal.close());
    assertExercised(await portal.visit(chromium, `${portal.url}/`));
    return loadedForCalls(portal);
  }

  test("serve", async (t) => {
    const command = [...ng, "serve", "--host", "127.0.0.1", "--port", "0"];
    const server = await startServer(command, app.folder, settings, /Local: +(http:\S+)/);
    t.after(() => server.stop());
    assertExercised(await site.visit(chromium, server.url));
  });
  test("build", async (t) => {
    const asked = await built(t);
    assert.ok(asked.includes("GET /thousandeyes_admin_bg.wasm 404"), asked.join("\n"));
  });
  test("build with the .wasm file", async (t) => {
    const workspace = JSON.parse(readFileSync(app.path("angular.json"), "utf8"));
    workspace.projects.portal.architect.build.options.assets = [JSON.parse(example("angular"))];
    writeFileSync(app.path("angular.json"), JSON.stringify(workspace));
    const asked = await built(t);
    assert.ok(asked.includes("GET /thousandeyes_admin_bg.wasm 200"), asked.join("\n"));
  });
});
