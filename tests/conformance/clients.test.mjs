// Clients that nobody wrote for the sandbox: openapi-fetch, and one that @hey-api/openapi-ts generates from its
// description. Each creates, reads, changes and deletes a user and meets the errors, in the process and over HTTP.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { register } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { build } from "esbuild";
import createOpenapiFetch from "openapi-fetch";

import { createSandbox } from "../../www/sandbox/sandbox.mjs";
import { startSandbox } from "../../www/sandbox/server.mjs";

const body = {
  name: "Åsa 山田",
  email: "asa@example.com",
  loginAccountGroupId: "2002",
  accountGroupRoles: [{ accountGroupId: "2002", roleIds: ["33"] }],
};

/** The generator needs the compiler's old interface, which TypeScript 7 no longer has. */
function lendOldCompiler() {
  const code = `export const resolve = (specifier, context, next) =>
    next(specifier === "typescript" ? "typescript-5.2" : specifier, context);`;
  register(`data:text/javascript,${encodeURIComponent(code)}`);
}

async function generate(folder, description) {
  lendOldCompiler();
  const { createClient } = await import("@hey-api/openapi-ts");
  const input = join(folder, "openapi.json");
  await writeFile(input, JSON.stringify(description));
  const plugins = ["@hey-api/client-fetch", "@hey-api/sdk", "@hey-api/typescript"];
  await createClient({ input, output: join(folder, "client"), plugins, logs: { level: "silent" } });
  const entry = `export * from "./client/sdk.gen"; export { createClient } from "./client/client";`;
  const outfile = join(folder, "client.mjs");
  await build({ stdin: { contents: entry, resolveDir: folder }, bundle: true, format: "esm", outfile });
  return import(pathToFileURL(outfile));
}

let folder;
let generated;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "foreign-client-"));
  const served = await createSandbox().fetch("http://sandbox.example/v7/openapi.json");
  generated = await generate(folder, await served.json());
});
after(() => rm(folder, { recursive: true, force: true }));

/** The same six calls for every client; each gives `{ data, error, response }`. */
const clients = {
  "openapi-fetch": ({ baseUrl, token, fetch }) => {
    const client = createOpenapiFetch({ baseUrl, fetch, headers: { Authorization: `Bearer ${token}` } });
    const path = (id) => ({ params: { path: { id } } });
    return {
      create: (request) => client.POST("/users", { body: request }),
      read: (id) => client.GET("/users/{id}", path(id)),
      update: (id, request) => client.PUT("/users/{id}", { ...path(id), body: request }),
      remove: (id) => client.DELETE("/users/{id}", path(id)),
      list: () => client.GET("/users", { params: { query: { aid: "2001" } } }),
      current: () => client.GET("/users/current"),
    };
  },
  "@hey-api/openapi-ts": ({ baseUrl, token, fetch }) => {
    const client = generated.createClient({ baseUrl, auth: () => token, fetch });
    return {
      create: (request) => generated.createUser({ client, body: request }),
      read: (id) => generated.getUser({ client, path: { id } }),
      update: (id, request) => generated.updateUser({ client, path: { id }, body: request }),
      remove: (id) => generated.deleteUser({ client, path: { id } }),
      list: () => generated.getUsers({ client, query: { aid: "2001" } }),
      current: () => generated.getCurrentUser({ client }),
    };
  },
};

const places = {
  "in the process": async (options) => {
    const sandbox = createSandbox(options);
    return { sandbox, baseUrl: "https://api.thousandeyes.com/v7", fetch: sandbox.fetch, close() {} };
  },
  "over HTTP": async (options) => {
    const { sandbox, url, close } = await startSandbox(options);
    return { sandbox, baseUrl: url, fetch: globalThis.fetch, close };
  },
};

for (const [name, createClient] of Object.entries(clients)) {
  for (const [where, start] of Object.entries(places)) {
    async function open(t, options, token) {
      const place = await start(options);
      t.after(() => place.close());
      const client = createClient({ ...place, token: token ?? place.sandbox.options.token });
      const failed = async (call, status) => {
        const { data, error, response } = await call;
        assert.deepEqual([data, response.status], [undefined, status]);
        return error;
      };
      return { ...place, client, failed };
    }

    test(`${name}, ${where}: create, read, update, delete`, async (t) => {
      const { sandbox, client } = await open(t);
      const created = await client.create(body);
      assert.equal(created.response.status, 201, JSON.stringify(created.error));
      const { uid } = created.data;
      assert.match(created.response.headers.get("location"), new RegExp(`/v7/users/${uid}$`));
      assert.equal((await client.read(uid)).data.name, body.name);
      assert.equal((await client.update(uid, { name: "Åsa Yamada" })).data.accountGroupRoles[0].roles[0].roleId, "33");
      assert.equal((await client.list()).data.users.find((user) => user.uid === uid).name, "Åsa Yamada");
      assert.equal((await client.current()).data.uid, "5001");
      assert.equal((await client.remove(uid)).response.status, 204);
      assert.equal((await client.read(uid)).response.status, 404);
      assert.equal(sandbox.userCount, 40);
    });

    test(`${name}, ${where}: the errors`, async (t) => {
      const { sandbox, client, failed } = await open(t, { rateLimit: 6, now: () => 0 });
      const invalid = await failed(client.create({ ...body, email: "x", loginAccountGroupId: "0" }), 400);
      assert.deepEqual(invalid.errors.map(({ field }) => field), ["email", "loginAccountGroupId"]);
      assert.equal((await failed(client.read("no/such user"), 404)).status, 404);
      assert.equal((await failed(client.remove("0"), 404)).title, "Not found");
      sandbox.faults.add({ fault: "error", status: 503, body: "html" });
      assert.match(await failed(client.list(), 503), /^<!DOCTYPE html>/);
      sandbox.faults.add({ fault: "connection-reset" });
      const reset = await client.list().catch((error) => ({ error }));
      assert.ok(reset.error && !reset.data);
      for (let used = 3; used < 6; used += 1) await client.current();
      const refused = await client.current();
      assert.equal(refused.response.status, 429);
      assert.equal(refused.error.status, 429);
      assert.equal(refused.response.headers.get("x-organization-rate-limit-remaining"), "0");
    });

    test(`${name}, ${where}: wrong tokens and too few rights`, async (t) => {
      const wrong = await open(t, {}, "wrong-token");
      assert.equal((await wrong.failed(wrong.client.list(), 401)).error, "invalid_token");
      const reader = await open(t, {}, "sandbox-reader");
      assert.match((await reader.failed(reader.client.create(body), 403)).detail, /Edit users/);
    });
  }
}
