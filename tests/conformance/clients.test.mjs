// Clients that nobody wrote for the sandbox: openapi-fetch, one that @hey-api/openapi-ts generates from its description,
// and the vendor's own in Python. Each makes every call there is and meets the errors, in the process and over HTTP.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { register } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { build } from "esbuild";
import createOpenapiFetch from "openapi-fetch";

import { vendorPython } from "../../toolchain.mjs";
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

/** The same eighteen calls for every client; each gives `{ data, error, response }`. */
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
      groups: () => client.GET("/account-groups"),
      createGroup: (request, expand) =>
        client.POST("/account-groups", { params: { query: { expand } }, body: request }),
      readGroup: (id, expand) => client.GET("/account-groups/{id}", { params: { path: { id }, query: { expand } } }),
      updateGroup: (id, request, expand) =>
        client.PUT("/account-groups/{id}", { params: { path: { id }, query: { expand } }, body: request }),
      removeGroup: (id) => client.DELETE("/account-groups/{id}", path(id)),
      roles: () => client.GET("/roles", { params: { query: { aid: "2001" } } }),
      createRole: (request) => client.POST("/roles", { body: request }),
      readRole: (id) => client.GET("/roles/{id}", path(id)),
      updateRole: (id, request) => client.PUT("/roles/{id}", { ...path(id), body: request }),
      removeRole: (id) => client.DELETE("/roles/{id}", path(id)),
      permissions: () => client.GET("/permissions"),
      events: (query) => client.GET("/audit-user-events", { params: { query } }),
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
      groups: () => generated.getAccountGroups({ client }),
      createGroup: (request, expand) => generated.createAccountGroup({ client, body: request, query: { expand } }),
      readGroup: (id, expand) => generated.getAccountGroup({ client, path: { id }, query: { expand } }),
      updateGroup: (id, request, expand) =>
        generated.updateAccountGroup({ client, path: { id }, body: request, query: { expand } }),
      removeGroup: (id) => generated.deleteAccountGroup({ client, path: { id } }),
      roles: () => generated.getRoles({ client, query: { aid: "2001" } }),
      createRole: (request) => generated.createRole({ client, body: request }),
      readRole: (id) => generated.getRole({ client, path: { id } }),
      updateRole: (id, request) => generated.updateRole({ client, path: { id }, body: request }),
      removeRole: (id) => generated.deleteRole({ client, path: { id } }),
      permissions: () => generated.getPermissions({ client }),
      events: (query) => generated.getUserEvents({ client, query }),
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

    test(`${name}, ${where}: account groups, roles and permissions`, async (t) => {
      const { client, failed } = await open(t);
      const created = await client.createGroup({ accountGroupName: "Büro 山", agents: ["9001"] }, ["user", "agent"]);
      assert.equal(created.response.status, 201, JSON.stringify(created.error));
      const { aid, users } = created.data;
      assert.ok(users.length > 2);
      assert.equal((await client.groups()).data.accountGroups.at(-1).aid, aid);
      assert.equal((await client.readGroup(aid, ["agent", "user"])).data.agents[0].agentName, "hq-core-1");
      const changed = await client.updateGroup(aid, { accountGroupName: "Büro 川", agents: [] }, ["agent"]);
      assert.deepEqual([changed.data.accountGroupName, changed.data.agents], ["Büro 川", []]);
      const repeated = await failed(client.createGroup({ accountGroupName: "Büro 川" }), 400);
      assert.equal(repeated.errors[0].field, "accountGroupName");
      assert.equal((await client.removeGroup(aid)).response.status, 204);
      await failed(client.readGroup(aid), 404);

      const { permissions } = (await client.permissions()).data;
      const ids = permissions.map(({ permissionId }) => permissionId);
      const { roleId } = (await client.createRole({ name: "Everything", permissions: ids })).data;
      assert.deepEqual((await client.readRole(roleId)).data.permissions, permissions);
      assert.equal((await client.updateRole(roleId, { permissions: ids.slice(0, 1) })).data.permissions.length, 1);
      assert.equal((await client.roles()).data.roles.at(-1).hasManagementPermissions, false);
      assert.match((await failed(client.updateRole("31", { permissions: [] }), 403)).detail, /Built-in/);
      assert.equal((await client.removeRole(roleId)).response.status, 204);
      await failed(client.removeRole(roleId), 404);
    });

    test(`${name}, ${where}: the activity log, page by page`, async (t) => {
      const { sandbox, client, failed } = await open(t, { eventsPerPage: 40 });
      await client.createRole({ name: "Newest" });
      const all = [];
      let cursor;
      do {
        const { data } = await client.events({ useAllPermittedAids: true, window: "100d", ...(cursor && { cursor }) });
        all.push(...data.auditEvents);
        cursor = data._links.next && new URL(data._links.next.href).searchParams.get("cursor");
      } while (cursor);
      assert.equal(all.length, sandbox.state.events.length);
      assert.deepEqual(all[0].resources, [{ type: "roleName", name: "Newest" }]);
      const startDate = new Date(Date.now() - 3_600_000).toISOString();
      assert.equal((await client.events({ startDate })).data.auditEvents.length, 1);
      const refused = await failed(client.events({ startDate, window: "1h" }), 400);
      assert.equal(refused.errors[0].field, "window");
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

test("the vendor's Python client, over HTTP: its five classes, every operation", async (t) => {
  const { url, sandbox, close } = await startSandbox({ rateLimit: 0 });
  t.after(() => close());
  const program = join(import.meta.dirname, "vendor_sdk.py");
  const { token, readerToken } = sandbox.options;
  const printed = await new Promise((resolve) => {
    execFile(vendorPython, [program, url, token, readerToken], (_, stdout, stderr) => resolve(stdout + stderr));
  });
  assert.equal(printed, "all is well\n");
  const { requests } = sandbox;
  const { paths } = await (await fetch(`${url}/openapi.json`)).json();
  const asked = new Set(requests.map(({ method, path }) => `${method} ${templateOf(path, paths)}`));
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).filter((key) => key !== "parameters").map((method) => `${method.toUpperCase()} ${path}`),
  );
  assert.deepEqual([...asked].toSorted(), operations.toSorted());
});

/** The path of the description that a request went to. */
function templateOf(path, paths) {
  const [below] = path.slice("/v7".length).split("?");
  return Object.hasOwn(paths, below) ? below : below.replace(/\/[^/]+$/, "/{id}");
}
