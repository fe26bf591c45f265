// The sandbox as it is published: as the fetch of a client, over HTTP, from the command line, and with its types.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";

import { root } from "../../toolchain.mjs";
import { example } from "../readme.mjs";
import { install } from "./support.mjs";

const project = await install();
const { ApiClient, BadRequestException, ConnectionException, NotFoundException, UsersApi } =
  await project.import("thousandeyes-admin");

const ways = {
  import: await project.import("thousandeyes-admin/sandbox"),
  require: project.require("thousandeyes-admin/sandbox"),
};

for (const [way, { createSandbox }] of Object.entries(ways)) {
  test(`${way}: a client works against it without a network`, async () => {
    const sandbox = createSandbox();
    const client = new ApiClient({ accessToken: sandbox.options.token, fetch: sandbox.fetch });
    const users = new UsersApi(client);
    const { uid } = await users.createUser({ name: "Ada Example", email: "ada.example@example.com" });
    assert.equal((await users.getUser(uid)).name, "Ada Example");
    assert.equal((await users.updateUser(uid, { name: "Ada Changed" })).name, "Ada Changed");
    await users.deleteUser(uid);
    await assert.rejects(users.getUser(uid), NotFoundException);
    await assert.rejects(users.createUser({ name: "Nobody", email: "robin.castellane@example.com" }), BadRequestException);
    sandbox.faults.add({ fault: "connection-reset", when: "after" });
    await assert.rejects(users.createUser({ name: "Lost", email: "lost@example.com" }), ConnectionException);
    assert.equal(sandbox.state.users.at(-1).name, "Lost");
  });
}

test("over HTTP, by import and by require", async () => {
  for (const { startSandbox } of [
    await project.import("thousandeyes-admin/sandbox/server"),
    project.require("thousandeyes-admin/sandbox/server"),
  ]) {
    const { sandbox, url, close } = await startSandbox({ users: 50 });
    const users = new UsersApi({ host: url, accessToken: sandbox.options.token });
    assert.equal((await users.getUsers()).users.length, 50);
    await close();
  }
});

/** The first line of the program, which then is ended. */
async function firstLine(...args) {
  const child = spawn("npx", ["--no-install", "thousandeyes-admin-sandbox", ...args], { cwd: project.path(), detached: true });
  let complaint = "";
  child.stderr.on("data", (chunk) => (complaint += chunk));
  try {
    for await (const line of createInterface(child.stdout)) return line;
    return complaint;
  } finally {
    try {
      process.kill(-child.pid, "SIGTERM");
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
  }
}

test("npx starts it", async () => {
  assert.match(await firstLine("--port", "0"), /^The ThousandEyes sandbox is ready at http:\/\/127\.0\.0\.1:\d+\/v7/);
});

test("--version prints the version of the package", async () => {
  const { version } = JSON.parse(readFileSync(project.packagePath("package.json"), "utf8"));
  assert.equal(await firstLine("--version"), version);
});

test("a data file needs Node's SQLite or the package that the complaint names, and works with either", async () => {
  const hasOwn = await import("node:sqlite").then(() => true, () => false);
  const args = ["--port", "0", "--data", project.path("users.db")];
  if (!hasOwn) assert.match(await firstLine(...args), /run `npm install node-sqlite3-wasm`/);
  const name = "node_modules/node-sqlite3-wasm";
  cpSync(join(root, name), project.path(name), { recursive: true });
  assert.match(await firstLine(...args), /with 40 users, kept in .*users\.db$/);
});

test("the client's entries lead to no file of the sandbox", async () => {
  const { build } = await import("esbuild");
  for (const entry of ["index.js", "inline.mjs"]) {
    const { metafile } = await build({
      entryPoints: [project.packagePath(entry)],
      bundle: true,
      format: "esm",
      write: false,
      metafile: true,
    });
    assert.deepEqual(Object.keys(metafile.inputs).filter((path) => path.includes("/sandbox/")), []);
  }
});

test("the example of the README does what it says", async () => {
  const told = example("sandbox").replace(/^await users\.createUser/m, "const outcome = $&").replace(/^(sandbox\.state.*?);.*$/m, "console.log(outcome, $1);");
  await project.write("readme-sandbox.mjs", told);
  assert.equal((await project.node(["readme-sandbox.mjs"])).stdout, "unknown Ada Example\n");
});

const usage = `
import { ApiClient, UsersApi } from "thousandeyes-admin";
import { createSandbox, type Fault, type Sandbox } from "thousandeyes-admin/sandbox";
import { startSandbox } from "thousandeyes-admin/sandbox/server";

const fault: Fault = { fault: "error", status: 503, count: 2, match: { method: "POST" } };
const sandbox: Sandbox = createSandbox({ seed: 7, users: 100, duplicateEmail: "conflict", faults: [fault], now: () => 0 });
export const later: number[] = ["2027-01-15T08:00:00Z", 0, new Date()].map((now) => createSandbox({ now }).time);
export const users = new UsersApi(new ApiClient({ fetch: sandbox.fetch, accessToken: sandbox.options.token }));
export const id: number = sandbox.faults.add({ fault: "latency", ms: 5, jitter: 5, share: 0.5 });
export const email: string | undefined = sandbox.state.users[0]?.email;
export const statuses: (number | undefined)[] = sandbox.requests.map(({ status }) => status);
export const running: Promise<string> = startSandbox({ port: 0, data: "users.db" }).then(({ url }) => url);
// @ts-expect-error
createSandbox({ duplicateEmail: "maybe" });
// @ts-expect-error
createSandbox({ userz: 1 });
// @ts-expect-error
createSandbox({ now: true });
// @ts-expect-error
sandbox.faults.add({ fault: "earthquake" });
`;

for (const [compiler, path] of Object.entries({ "5.2": "typescript-5.2/bin/tsc", 7: "typescript-7/bin/tsc" })) {
  for (const extension of ["mts", "cts"]) {
    test(`TypeScript ${compiler} takes its types in a .${extension} file`, async () => {
      const file = `usage-${compiler}.${extension}`;
      await project.write(file, usage);
      const options = ["--strict", "--exactOptionalPropertyTypes", "--noEmit", "--target", "es2022", "--module", "nodenext"];
      const libraries = ["--moduleResolution", "nodenext", "--lib", "es2022,dom", "--typeRoots", "none"];
      const compiling = project.node([join(root, "node_modules", path), ...options, ...libraries, file]);
      assert.equal(await compiling.then(() => "", ({ stdout, message }) => stdout || message), "");
    });
  }
}
