// The declarations of the installed package, checked by strict compilers, which also check the declarations themselves.
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "../../../toolchain.mjs";
import { install } from "../support.mjs";

const project = await install();
const usage = await readFile(join(import.meta.dirname, "usage.ts"), "utf8");
const using = await readFile(join(import.meta.dirname, "using.ts"), "utf8");

const strict = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  skipLibCheck: false,
  noEmit: true,
  target: "es2022",
  typeRoots: [join(root, "node_modules/@types")],
};

const compilers = { "TypeScript 5.2": "typescript-5.2/bin/tsc", "TypeScript 7": "typescript/bin/tsc" };

const modules = {
  "an ECMAScript module": { file: "usage.mts", options: { module: "nodenext", moduleResolution: "nodenext" } },
  "a CommonJS module": { file: "usage.cts", options: { module: "nodenext", moduleResolution: "nodenext" } },
  "a bundled module": { file: "usage.ts", options: { module: "esnext", moduleResolution: "bundler" } },
};

const libraries = {
  "no library": { lib: ["es2022"], types: [] },
  "the DOM": { lib: ["es2022", "dom"], types: [] },
  "Node's types": { lib: ["es2022"], types: ["node"] },
};

for (const [compiler, path] of Object.entries(compilers)) {
  for (const [kind, { file, options }] of Object.entries(modules)) {
    for (const [library, available] of Object.entries(libraries)) {
      test(`${compiler}: ${kind} with ${library}`, () => compile(path, file, usage, { ...options, ...available }));
    }
  }
  const { options } = modules["an ECMAScript module"];
  test(`${compiler}: using`, () => compile(path, "using.mts", using, { ...options, lib: ["esnext", "dom"], types: [] }));
}

let cases = 0;

async function compile(compiler, file, code, options) {
  const folder = `case-${(cases += 1)}`;
  await mkdir(project.path(folder));
  await project.write(join(folder, file), code);
  await project.write(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...strict, ...options } }));
  const compiling = project.node([join(root, "node_modules", compiler), "--project", folder]);
  const complaints = await compiling.then(() => "", ({ stdout, message }) => stdout || message);
  assert.equal(complaints, "", complaints);
}
