import assert from "node:assert/strict";

import { example } from "../readme.mjs";
import { assertExercised, credentials, environment, installed, project, versionOf } from "./environment.mjs";
import { run } from "./processes.mjs";

await project.write("users.js", example("server"));
await project.write("users.cjs", example("commonjs"));
await project.write("imports.mjs", `
  import { ApiClient, NotFoundException } from "thousandeyes-admin";
  import { users } from "./users.js";
  import { exercise } from "./exercise.js";
  console.log(JSON.stringify(await exercise(users, { ApiClient, NotFoundException })));`);
await project.write("requires.cjs", `
  const { ApiClient, NotFoundException } = require("thousandeyes-admin");
  const { connect } = require("./users.cjs");
  connect().then(async (users) => {
    const { exercise } = await import("./exercise.js");
    console.log(JSON.stringify(await exercise(users, { ApiClient, NotFoundException })));
  });`);
await project.write("both.cjs", `
  const required = require("thousandeyes-admin");
  import("thousandeyes-admin").then((imported) => {
    const names = Object.keys(required);
    console.log(JSON.stringify(names.filter((name) => imported[name] !== required[name])));
  });`);
await project.write("journal.mjs", `
  import { rmSync } from "node:fs";
  import { JournalError, fileJournal } from "thousandeyes-admin/journal";
  const path = new URL("plan.journal", import.meta.url);
  rmSync(path, { force: true });
  const journal = fileJournal(path);
  await journal.append("first\\n");
  const refused = await fileJournal(path).append("lost\\n").catch((error) => error);
  await journal.append("second\\n");
  const text = await journal.read();
  await journal.close();
  const again = fileJournal(path);
  await again.append("third\\n");
  console.log(JSON.stringify([text, refused instanceof JournalError, refused.code, await again.read()]));`);

await project.write("proxy.mjs", `
  import { ApiClient, init, NotFoundException, UsersApi } from "thousandeyes-admin";
  import { createProxy, readOperations, toNodeHandler } from "thousandeyes-admin/proxy";
  import { exercise } from "./exercise.js";

  const { Bun, Deno } = globalThis;
  const environment = Deno ? Deno.env.toObject() : (await import("node:process")).env;
  let proxy, ended = 0;
  const handler = (request) => proxy(request);
  const serve = {
    Bun: () => Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: handler }).port,
    Deno: () => Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handler).addr.port,
    async Node() {
      const { createServer } = await import("node:http");
      const server = createServer(toNodeHandler(handler));
      await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
      return server.address().port;
    },
  };
  const origin = "http://127.0.0.1:" + (await serve[Bun ? "Bun" : Deno ? "Deno" : "Node"]());
  proxy = createProxy({
    origin,
    host: environment.TE_API_ENDPOINT,
    accessToken: environment.TE_TOKEN,
    allow: [...readOperations, "createUser"],
    authorize: () => true,
    fetch(address, init) {
      if (address.endsWith("/current")) init.signal.addEventListener("abort", () => (ended += 1));
      return fetch(address, init);
    },
  });
  await init();
  const settings = { host: origin + "/te-api/v7", headers: { Origin: origin } };
  const result = await exercise(new UsersApi(settings), { ApiClient, NotFoundException }, settings);
  const patience = Date.now() + 10_000;
  while (ended === 0 && Date.now() < patience) await new Promise((resolve) => setTimeout(resolve, 10));
  console.log(JSON.stringify({ ...result, ended }));
  (await import("node:process")).exit();`);

const deno = [installed(".bin/deno"), "run", "--allow-net", "--allow-env"];
const runs = {
  Node: { versions: ["node-20", "node-22", "node-24"], command: (release) => [installed(release, "bin/node")] },
  Deno: { versions: ["deno"], command: () => deno, requiring: ["--allow-read"], writing: ["--allow-read", "--allow-write"] },
  Bun: { versions: ["bun"], command: () => [installed(".bin/bun"), "run"] },
};

for (const [name, { versions, command, requiring = [], writing = [] }] of Object.entries(runs)) {
  for (const release of versions) {
    environment(name, { version: () => versionOf(release) }, (test) => {
      const result = async (file, ...options) =>
        JSON.parse(await run([...command(release), ...options, file], project.path(), credentials));

      test("import", async () => assertExercised(await result("imports.mjs")));
      test("require", async () => assertExercised(await result("requires.cjs", ...requiring)));
      test("the proxy in its server", async () => {
        const { ended, ...exercised } = await result("proxy.mjs");
        assertExercised(exercised);
        assert.equal(ended, 1, "the call that the client has given up goes on");
      });
      test("a journal in a file", async () => {
        const held = ["first\nsecond\n", true, "journal-in-use", "first\nsecond\nthird\n"];
        assert.deepEqual(await result("journal.mjs", ...writing), held);
      });
      if (name !== "Node") return;
      test("both give the same classes", async () => assert.deepEqual(await result("both.cjs"), []));
    });
  }
}
