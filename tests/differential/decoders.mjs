/** The two ways of decoding, compiled for Node from the package's own sources. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { ensure, root, run } from "../../toolchain.mjs";

const folder = join(root, "target/differential");
const bindings = join(folder, "bindgen");

export function build() {
  ensure(["wasm32", "wasm-bindgen"]);
  const target = "wasm32-unknown-unknown";
  const manifest = join(import.meta.dirname, "decoders/Cargo.toml");
  const where = ["--manifest-path", manifest, "--target", target, "--target-dir", folder];
  run("cargo", "build", "--release", "--quiet", ...where);
  run("wasm-bindgen", "--target", "web", "--out-dir", bindings, join(folder, target, "release/decoders.wasm"));
}

let loaded = 0;

/** A fresh instance of what was built: a panic leaves one that nothing more can be asked of. */
export async function load() {
  const { initSync, ...decoders } = await import(`${pathToFileURL(join(bindings, "decoders.js"))}?${(loaded += 1)}`);
  initSync({ module: await readFile(join(bindings, "decoders_bg.wasm")) });
  return decoders;
}

/** The tables of the models that answers have, as they are in Rust. */
export function modelsOf(decoders) {
  const withNames = ({ properties, ...model }) => {
    const all = properties.map((property) => ({ ...property, of: property.of && withNames(property.of) }));
    return { ...model, properties: all, known: new Map(all.map((property) => [property.name, property])) };
  };
  return JSON.parse(decoders.models()).map((model, number) => ({ ...withNames(model), number }));
}

/** These models and those within them, each once. */
export function withNested(models) {
  const all = new Map();
  const add = (model) => {
    if (all.has(model.name)) return;
    all.set(model.name, model);
    for (const { of } of model.properties) if (of) add(of);
  };
  models.forEach(add);
  return [...all.values()];
}
