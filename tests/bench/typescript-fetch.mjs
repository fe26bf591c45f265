/** The client that openapi-generator makes of our own description, as one module. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { build } from "esbuild";

import { openapiGenerator, root, run } from "../../toolchain.mjs";
import { createSandbox } from "../../www/sandbox/sandbox.mjs";

export async function generateTypescriptFetch() {
  const folder = join(root, "target/bench");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const [description, client] = [join(folder, "openapi.json"), join(folder, "typescript-fetch")];
  const served = await createSandbox().fetch("https://api.thousandeyes.com/v7/openapi.json");
  const described = await served.json();
  for (const operation of Object.values(described.paths).flatMap(Object.values)) {
    // It makes a class of each tag, and adds Api to the name.
    if (operation.tags) operation.tags = operation.tags.map((tag) => tag.replace(/Api$/, ""));
  }
  writeFileSync(description, JSON.stringify(described));
  const onlyCode = "apis,models,supportingFiles";
  run(openapiGenerator, "generate", "-g", "typescript-fetch", "-i", description, "-o", client, "--global-property", onlyCode);
  const { outputFiles } = await build({ entryPoints: [join(client, "index.ts")], bundle: true, format: "esm", write: false });
  return outputFiles[0].text;
}
