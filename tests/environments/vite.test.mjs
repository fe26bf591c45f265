import assert from "node:assert/strict";
import { copyFileSync, cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after } from "node:test";

import { example } from "../readme.mjs";
import { chromium } from "./browsers.mjs";
import { assertExercised, credentials, environment, load, project, versionOf } from "./environment.mjs";
import { html, pageProgram, wasmFiles } from "./pages.mjs";
import { startSite } from "./site.mjs";

Object.assign(process.env, credentials);
await pageProgram("page");
await project.write("index.html", html('<script type="module" src="/page.js"></script>'));
await project.write("needed.config.js", example("vite"));

await project.write("server-users.js", example("server"));
await project.write("server.js", `
  import { ApiClient, NotFoundException } from "thousandeyes-admin";
  import { users } from "./server-users.js";
  import { exercise } from "./exercise.js";
  export const result = exercise(users, { ApiClient, NotFoundException });`);

/** A project whose package is a link to a folder outside of any node_modules, as `npm link` makes it. */
const linked = project.path("linked");
cpSync(project.packagePath(), project.path("checkout"), { recursive: true });
mkdirSync(join(linked, "node_modules"), { recursive: true });
symlinkSync(project.path("checkout"), join(linked, "node_modules/thousandeyes-admin"));
for (const file of ["server.js", "server-users.js", "exercise.js"]) copyFileSync(project.path(file), join(linked, file));

const site = await startSite(project.path());
after(() => site.close());

/** Where the API and the tests' own script are: no matter of the package's. */
const proxy = { "/te-api": { target: site.url, changeOrigin: false }, "/report": site.url };
const releases = [
  { name: "vite", configFile: false },
  { name: "vite-7", configFile: false },
  { name: "vite-6", configFile: project.path("needed.config.js") },
];

for (const { name, configFile } of releases) {
  const tools = ["environments", ...chromium.tools];
  environment("Vite", { tools, version: () => versionOf(name) }, (test) => {
    const common = { root: project.path(), cacheDir: `cache/${name}`, configFile, logLevel: "error" };
    const outDir = project.path("built", name);

    async function visit(server) {
      try {
        const [address] = server.resolvedUrls.local;
        assertExercised(await site.visit(chromium, address));
      } finally {
        await server.close();
      }
    }

    test("dev", async () => {
      const { createServer } = await load(name, "dist/node/index.js");
      const server = await createServer({ ...common, server: { host: "127.0.0.1", port: 0, proxy } });
      await visit(await server.listen());
    });

    // As where the package is linked, or a framework handles it itself: Vite reads its modules and runs them in Node.
    for (const [what, root, noExternal] of [["noExternal", project.path(), true], ["linked", linked, []]]) {
      test(`dev for a server, ${what}`, async () => {
        const { createServer } = await load(name, "dist/node/index.js");
        const plain = { ...common, root, configFile: false, server: { middlewareMode: true } };
        const server = await createServer({ ...plain, ssr: { noExternal } });
        try {
          assertExercised(await (await server.ssrLoadModule("/server.js")).result);
        } finally {
          await server.close();
        }
      });
    }

    test("build", async () => {
      const { build } = await load(name, "dist/node/index.js");
      await build({ ...common, build: { outDir } });
      assert.equal(wasmFiles(outDir).length, 1);
    });

    test("preview", async () => {
      const { preview } = await load(name, "dist/node/index.js");
      await visit(await preview({ ...common, build: { outDir }, preview: { host: "127.0.0.1", port: 0, proxy } }));
    });
  });
}
