/** Bodies after the models: as the API would write them, and in every way that it should not. */
import { feature } from "./features.mjs";
import { Words } from "./words.mjs";

/** Lists and objects that the fast path passes over in what is unknown. */
const FAST_DEPTH = 60;
const WHITE_SPACE = [" ", "\t", "\r", "\n"];
const LENGTHS = [0, 1, 1, 1, 2, 2, 3];

export class Bodies {
  /** Whether nothing about the last body is unusual, so that it is one for the fast path. */
  isPlain = true;
  /** The names of the models that the last body has objects of. */
  held = new Set();
  #random;
  #words;
  #space = 0;

  /** @param {string[]} names what the models call their properties */
  constructor(random, names) {
    this.#random = random;
    this.#words = new Words(random, names);
  }

  get features() {
    return this.#words.features;
  }

  #begin() {
    this.#words.begin();
    this.held.clear();
  }

  write(model) {
    const random = this.#random;
    this.#begin();
    this.isPlain = random.chance(75);
    this.#space = random.below(4);
    if (this.#space > 1) this.#words.features |= feature["white space"];
    const object = this.#object(model, true);
    const isWrapped = !this.isPlain && model.wrapper !== null && random.chance(10);
    const body = this.#gap() + (isWrapped ? `{"${model.wrapper}":[${object}]}` : object) + this.#gap();
    return this.isPlain || !random.chance(5) ? body : this.#marked(body);
  }

  /** A list that is longer than the window of the published package. */
  large(model) {
    const list = model.known.get(model.required);
    this.#begin();
    this.isPlain = true;
    this.#space = 0;
    this.#words.features |= feature["larger than a window"];
    const some = Array.from({ length: 50 }, () => this.#object(list.of, false));
    const items = [];
    for (let left = 130_000 + this.#random.below(300_000); left > 0; left -= items.at(-1).length) {
      items.push(this.#random.oneOf(some));
    }
    const links = ',"_links":{"self":{"href":"é"},"next":{"href":"x"}}';
    this.held.add(model.name);
    return `{"${list.name}":[${items.join(",")}]${this.#random.chance(50) ? links : ""}}`;
  }

  #marked(body) {
    this.#words.features |= feature["byte order mark"];
    return `\ufeff${body}`;
  }

  #gap() {
    const random = this.#random;
    if (this.#space < 2) return "";
    if (this.#space === 2) return random.chance(50) ? " " : "";
    let gap = "";
    // Now and then longer than a number or a word can be.
    for (let left = random.below(random.chance(1) ? 80 : 4); left > 0; left -= 1) gap += random.oneOf(WHITE_SPACE);
    return gap;
  }

  #object(model, isWhole) {
    const random = this.#random;
    this.held.add(model.name);
    const isFull = random.chance(20);
    const members = [];
    for (const property of model.properties) {
      if (isFull || random.chance(40)) this.#addKnown(members, property);
    }
    if (isWhole && this.isPlain) this.#tell(members, model);
    if (random.chance(20)) shuffle(random, members);
    if (random.chance(20)) this.#addUnknown(members, model);
    return this.#join("{", members.map(({ name, value }) => `"${name}"${this.#gap()}:${this.#gap()}${value}`), "}");
  }

  /** Without one of these properties it is no answer of its model. */
  #tell(members, { required, properties }) {
    const tells = (name) => (required === null ? !name.startsWith("_") : required === name);
    if (!members.some(({ name }) => tells(name))) this.#addKnown(members, properties.find(({ name }) => tells(name)));
  }

  #addKnown(members, property) {
    const random = this.#random;
    const { name } = property;
    if (name === "next") this.#words.features |= feature["next links"];
    members.push({ name, value: this.#value(property) });
    if (this.isPlain) return;
    if (random.chance(6)) {
      this.#words.features |= feature["doubled names"];
      members.push({ name, value: this.#value(property) });
    }
    if (random.chance(3)) members.push({ name: this.#words.escapedName(), value: this.#value(property) });
  }

  #addUnknown(members, model) {
    const random = this.#random;
    for (let left = random.chance(80) ? 1 : 3; left > 0; left -= 1) {
      const name = this.isPlain || random.chance(90) ? this.#words.unknownName() : this.#words.escapedName();
      if (this.isPlain && model.known.has(name)) continue;
      const value = this.#unknownValue();
      members.splice(random.below(members.length + 1), 0, { name, value });
      if (random.chance(10)) {
        this.#words.features |= feature["doubled names"];
        members.push({ name, value: this.#words.any(1) });
      }
    }
  }

  #unknownValue() {
    const kind = this.#random.below(100);
    if (kind < 4) return this.#words.nested(this.isPlain ? FAST_DEPTH : Infinity);
    return kind < 14 ? this.#words.link() : this.#words.any(2);
  }

  #value({ shape, of }) {
    if (!this.isPlain && this.#random.chance(8)) return this.#words.odd();
    switch (shape) {
      case "Date":
        return this.#words.date();
      case "Flag":
        return this.#words.flag();
      case "One":
        return this.#object(of, false);
      case "Many":
        return this.#list(of);
      default:
        return this.#words.string();
    }
  }

  #list(of) {
    const random = this.#random;
    const items = [];
    for (let left = random.oneOf(LENGTHS); left > 0; left -= 1) {
      items.push(!this.isPlain && random.chance(5) ? this.#words.odd() : this.#object(of, false));
    }
    return this.#join("[", items, "]");
  }

  #join(open, items, close) {
    let text = open + this.#gap();
    for (let index = 0; index < items.length; index += 1) {
      if (index > 0) text += `${this.#gap()},${this.#gap()}`;
      text += items[index];
    }
    return text + this.#gap() + close;
  }
}

function shuffle(random, list) {
  for (let last = list.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    [list[last], list[other]] = [list[other], list[last]];
  }
}
