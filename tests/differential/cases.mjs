/** The cases of a seed: each a body, what it is read as, and in which windows. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { root } from "../../toolchain.mjs";
import { Bodies } from "./bodies.mjs";
import { withNested } from "./decoders.mjs";
import { feature } from "./features.mjs";
import { Mutations } from "./mutations.mjs";
import { Random } from "./random.mjs";

/** So many cases share the bodies that are mutated. */
const BLOCK = 50_000;
const PARENTS = 2000;

const corpus = join(root, "tests/fuzz/corpus/decode");
const files = readdirSync(corpus).sort();
const kept = files.map((name) => readFileSync(join(corpus, name))).filter(({ length }) => length > 0);

export class Cases {
  #seed;
  #models;
  #random = new Random();
  #bodies;
  #room = new Uint8Array(2 ** 20);
  #mutations = new Mutations(this.#random, this.#room);
  #encoder = new TextEncoder();
  #block = -1;
  #parents = [];

  constructor(seed, models) {
    this.#seed = seed;
    this.#models = models;
    this.#bodies = new Bodies(this.#random, [...new Set(withNested(models).flatMap(({ known }) => [...known.keys()]))]);
  }

  /** The case of an index. Its body is gone as soon as the next one is made. */
  at(index) {
    const block = Math.floor(index / BLOCK);
    if (block !== this.#block) this.#beget(block);
    const random = this.#random;
    random.seed(this.#seed, index);
    const made = random.chance(60) ? this.#written(random.oneOf(this.#models)) : this.#mutated();
    return { ...made, windows: this.#windows(made.body.length) };
  }

  #written(model) {
    const bodies = this.#bodies;
    const isLarge = model.required !== null && this.#random.below(4000) === 0;
    const text = isLarge ? bodies.large(model) : bodies.write(model);
    const { written } = this.#encoder.encodeInto(text, this.#room);
    const { isPlain, features, held } = bodies;
    return { model, body: this.#room.subarray(0, written), isPlain, features, held };
  }

  #mutated() {
    const random = this.#random;
    const parent = random.oneOf(this.#parents);
    const body = this.#mutations.mutate(parent.body, random.oneOf(this.#parents).body);
    const model = random.chance(90) ? parent.model : random.oneOf(this.#models);
    return { model, body, isPlain: false, features: parent.features | feature.mutated, held: parent.held };
  }

  /** Makes the bodies that a block mutates. */
  #beget(block) {
    this.#block = block;
    this.#random.seed(this.#seed, -1 - block);
    const models = this.#models;
    this.#parents = kept.map((body) => ({ body, model: this.#suited(body), features: 0, held: [] }));
    for (let left = PARENTS; left > 0; left -= 1) {
      const made = this.#written(this.#random.oneOf(models));
      this.#parents.push({ ...made, body: made.body.slice(), held: [...made.held] });
    }
  }

  /** One of the models that a kept body names a property of; any, if it names none. */
  #suited(body) {
    const names = ({ properties, required }) => (required === null ? properties.map(({ name }) => name) : [required]);
    const suited = this.#models.filter((model) => names(model).some((name) => body.includes(`"${name}"`)));
    return this.#random.oneOf(suited.length > 0 ? suited : this.#models);
  }

  /** The whole at once, and windows of some size. A body larger than the published window is read in such ones. */
  #windows(length) {
    const random = this.#random;
    if (length > 100_000) return [length, 2 ** 17, 2 ** 16 + random.below(2 ** 16)];
    if (random.chance(50)) return [length];
    return [length, 1 + random.below(random.chance(30) ? 64 : length + 2)];
  }
}
