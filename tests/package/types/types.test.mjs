// The declarations of the installed package, checked by strict compilers, which also check the declarations themselves.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "../../../toolchain.mjs";
import { install } from "../support.mjs";

const project = await install();
symlinkSync(join(root, "node_modules/@opentelemetry"), project.path("node_modules/@opentelemetry"));
const read = (file) => readFileSync(join(import.meta.dirname, file), "utf8");
const [usage, platform, using, opentelemetry] = ["usage.ts", "platform.ts", "using.ts", "opentelemetry.ts"].map(read);

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

const compilers = { "TypeScript 5.2": "typescript-5.2/bin/tsc", "TypeScript 7": "typescript-7/bin/tsc" };

const modules = {
  "ECMAScript modules": { extension: "mts", options: { module: "nodenext", moduleResolution: "nodenext" } },
  "CommonJS modules": { extension: "cts", options: { module: "nodenext", moduleResolution: "nodenext" } },
  "bundled modules": { extension: "ts", options: { module: "esnext", moduleResolution: "bundler" } },
};

const libraries = {
  "no library": { sources: { usage }, options: { lib: ["es2022"], types: [] } },
  "the DOM": { sources: { usage, platform }, options: { lib: ["es2022", "dom"], types: [] } },
  "Node's types": { sources: { usage, platform }, options: { lib: ["es2022"], types: ["node"] } },
  "the optional peers": { sources: { opentelemetry }, options: { lib: ["es2022", "dom"], types: [] } },
  "the newest library": { sources: { using }, options: { lib: ["esnext", "dom"], types: [] } },
};

let cases = 0;

for (const [compiler, path] of Object.entries(compilers)) {
  for (const [kind, { extension, options }] of Object.entries(modules)) {
    for (const [library, { sources, options: available }] of Object.entries(libraries)) {
      test(`${compiler}: ${kind} with ${library}`, async () => {
        const folder = project.path(`case-${(cases += 1)}`);
        mkdirSync(folder);
        for (const [name, code] of Object.entries(sources)) writeFileSync(join(folder, `${name}.${extension}`), code);
        const compilerOptions = { ...strict, ...options, ...available };
        writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
        const compiling = project.node([join(root, "node_modules", path), "--project", folder]);
        const complaints = await compiling.then(() => "", ({ stdout, message }) => stdout || message);
        assert.equal(complaints, "", complaints);
      });
    }
  }
}
