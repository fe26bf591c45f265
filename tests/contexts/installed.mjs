// The runtimes are those of tests/environments: they are installed there, once.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const installed = (...names) => join(import.meta.dirname, "../environments/node_modules", ...names);
export const versionOf = (name) => JSON.parse(readFileSync(installed(name, "package.json"), "utf8")).version;
