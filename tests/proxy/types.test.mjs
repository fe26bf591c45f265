// The types of the subpath, as strict compilers take them, and what its files are.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";

import { root } from "../../toolchain.mjs";
import { createProxy, operations, project, readOperations } from "./support.mjs";

const usage = `
import { createProxy, readOperations, type Grant, type ProxiedCall, type ReadOperation, type WriteOperation } from "thousandeyes-admin/proxy";

const read: readonly ReadOperation[] = readOperations;
const write: WriteOperation = "updateUser";
export const minimal = createProxy({ origin: "https://portal.example", authorize: () => true });
export const whole = createProxy({
  origin: ["https://portal.example", "http://localhost:5173"],
  basePath: undefined,
  host: "https://api.thousandeyes.com/v7",
  accessToken: async () => "token",
  allow: [...read, write],
  authorize: async (_request, { operation, method, params, aid }: ProxiedCall): Promise<false | Grant> => {
    const id: string | undefined = params["id"];
    if (method !== "GET" && operation === "updateUser" && id === aid) return false;
    return { accessToken: "of-the-user", aid: 7 };
  },
  bodyLimit: 1000,
  answerLimit: 1000,
  timeout: 1000,
});
// @ts-expect-error authorize is missing
createProxy({ origin: "https://portal.example" });
// @ts-expect-error origin is missing
createProxy({ authorize: () => true });
// @ts-expect-error no such operation
createProxy({ origin: "https://portal.example", authorize: () => true, allow: ["getUserz"] });
// @ts-expect-error no such option
createProxy({ origin: "https://portal.example", authorize: () => true, authorise: () => true });
// @ts-expect-error nothing is neither yes nor no
createProxy({ origin: "https://portal.example", authorize: () => {} });
`;
const platform = `
import { createProxy, type WebHandler } from "thousandeyes-admin/proxy";

const proxy: WebHandler = createProxy({
  origin: "https://portal.example",
  authorize: (request) => request.headers.get("cookie") !== null,
  fetch: (address, init) => fetch(address, init),
});
export const POST = proxy;
export const answer: Promise<Response> = proxy(new Request("https://portal.example/te-api/v7/users"));
export default { fetch: (request: Request): Promise<Response> => proxy(request) };
`;
const node = `
import { createServer } from "node:http";
import { createProxy, toNodeHandler } from "thousandeyes-admin/proxy";

const handler = toNodeHandler(createProxy({ origin: "https://portal.example", authorize: () => true }));
createServer(handler);
createServer((request, response) => void handler(request, response, (error) => console.error(error)));
`;
const libraries = {
  "no library": { sources: { usage }, options: { lib: ["es2022"], types: [] } },
  "the DOM": { sources: { usage, platform }, options: { lib: ["es2022", "dom"], types: [] } },
  "Node's types": { sources: { usage, platform, node }, options: { lib: ["es2022"], types: ["node"] } },
};
const compilers = { "TypeScript 5.2": "typescript-5.2/bin/tsc", "TypeScript 7": "typescript-7/bin/tsc" };
const typeRoots = [join(root, "node_modules/@types")];
const strict = { strict: true, exactOptionalPropertyTypes: true, noEmit: true, target: "es2022", typeRoots };

let cases = 0;
for (const [compiler, path] of Object.entries(compilers)) {
  for (const [library, { sources, options }] of Object.entries(libraries)) {
    test(`${compiler} with ${library} takes the types, for import and for require`, async () => {
      const folder = `case-${(cases += 1)}`;
      mkdirSync(project.path(folder));
      for (const [name, code] of Object.entries(sources)) {
        for (const extension of ["mts", "cts"]) await project.write(join(folder, `${name}.${extension}`), code);
      }
      const compilerOptions = { ...strict, ...options, module: "nodenext" };
      await project.write(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
      const compiling = project.node([join(root, "node_modules", path), "--project", project.path(folder)]);
      assert.equal(await compiling.then(() => "", ({ stdout, message }) => stdout || message), "");
    });
  }
}

test("the types name each operation", () => {
  const file = project.packagePath("proxy/proxy.d.mts");
  const { statements } = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const named = (name) => statements.find((it) => it.name?.text === name).type.types.map(({ literal }) => literal.text);
  assert.deepEqual(named("ReadOperation"), [...readOperations]);
  assert.deepEqual([...named("ReadOperation"), ...named("WriteOperation")].sort(), operations.map(({ operationId }) => operationId).sort());
});

test("it is found by whoever does not read exports, and loads neither the WebAssembly nor a module of Node's", () => {
  const manifest = JSON.parse(readFileSync(project.packagePath("proxy/package.json"), "utf8"));
  assert.deepEqual(manifest, { main: "proxy.cjs", types: "proxy.d.cts" });
  for (const file of ["proxy.mjs", "proxy.cjs"]) {
    assert.doesNotMatch(readFileSync(project.packagePath("proxy", file), "utf8"), /\b(?:require|import)\(|\bfrom "|WebAssembly/);
  }
  assert.equal(project.require("thousandeyes-admin/proxy").createProxy.name, createProxy.name);
});
