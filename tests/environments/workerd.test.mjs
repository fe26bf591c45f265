// wrangler bundles a Worker as for Cloudflare, and runs it in workerd on this machine.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

import { example } from "../readme.mjs";
import { application } from "./apps.mjs";
import { assertExercised, credentials, environment, installed, newerNode, project, server, versionOf } from "./environment.mjs";
import { run } from "./processes.mjs";
import { startWorker } from "./wrangler.mjs";

await project.write("workers.js", example("workers"));
await project.write("session.js", "export const isLoggedIn = async () => true;");
await project.write("main.js", `
  import readme from "./workers.js";
  import init, { ApiClient, NotFoundException, UsersApi } from "thousandeyes-admin";
  import { createProxy, readOperations } from "thousandeyes-admin/proxy";
  import { exercise } from "./exercise.js";

  export default {
    async fetch(request, env) {
      const { pathname, origin } = new URL(request.url);
      if (pathname === "/readme") return readme.fetch(request, env);
      if (pathname.startsWith("/te-api/")) {
        const { TE_API_ENDPOINT: host, TE_TOKEN: accessToken } = env;
        const allow = [...readOperations, "createUser"];
        return createProxy({ origin, host, accessToken, allow, authorize: () => true })(request);
      }
      await init();
      const settings = { host: env.TE_API_ENDPOINT, accessToken: env.TE_TOKEN };
      return Response.json(await exercise(new UsersApi(settings), { ApiClient, NotFoundException }, settings));
    },
  };`);
await project.write("wrangler.json", JSON.stringify({
  name: "worker",
  main: "main.js",
  compatibility_date: "2026-01-01",
  vars: credentials,
}));

environment("workerd (wrangler)", { version: () => versionOf("workerd") }, (test) => {
  test("a Worker", async (t) => {
    const worker = await startWorker(project.path());
    t.after(() => worker.stop());
    assertExercised(await (await fetch(worker.url)).json());
    const { users } = await (await fetch(`${worker.url}/readme`)).json();
    assert.equal(users.length, server.sandbox.state.users.length);
  });
  test("the proxy in a Worker", async (t) => {
    const worker = await startWorker(project.path());
    t.after(() => worker.stop());
    const { ApiClient, NotFoundException, UsersApi } = await project.import("thousandeyes-admin");
    const { exercise } = await import(pathToFileURL(project.path("exercise.js")));
    const { origin } = new URL(worker.url);
    const settings = { host: `${origin}/te-api/v7`, headers: { Origin: origin } };
    assertExercised(await exercise(new UsersApi(settings), { ApiClient, NotFoundException }, settings));
  });
});

environment("Nitro (Nuxt) in workerd", { version: () => versionOf("nitropack") }, (test) => {
  test("a route", async (t) => {
    const app = application("nitro");
    writeFileSync(app.path("nuxt.config.js"), example("nuxt"));
    await run([newerNode, installed("nitropack/dist/cli/index.mjs"), "build"], app.folder);
    const variables = Object.entries(credentials).flatMap(([name, value]) => ["--var", `${name}:${value}`]);
    const worker = await startWorker(app.folder, ".output/server/index.mjs", ...variables);
    t.after(() => worker.stop());
    assertExercised(await (await fetch(`${worker.url}/users`)).json());
  });
});
