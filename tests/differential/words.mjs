/** Plain JSON values as text, with everything that is hard about them. */
import { feature } from "./features.mjs";
import { ASCII, DATES, DEPTHS, ESCAPED_NAMES, NAMES, NUMBERS, ODD, alphabets } from "./oddities.mjs";

const ascii = ASCII.join("").repeat(40);

/** Writes plain values. `features` tells what it has written. */
export class Words {
  features = 0;
  #random;
  #names;
  #alphabet = 0;

  /** @param {string[]} names what the models call their properties */
  constructor(random, names) {
    this.#random = random;
    this.#names = names;
  }

  /** A body mostly keeps to one alphabet. */
  begin() {
    this.features = 0;
    this.#alphabet = this.#random.below(alphabets.length + 2);
  }

  string() {
    return `"${this.#text(this.#length())}"`;
  }

  #length() {
    const random = this.#random;
    const kind = random.below(100);
    if (kind < 85) return random.below(10);
    // Words of eight bytes are read at once.
    if (kind < 99) return Math.max(0, 8 * random.below(9) + random.below(3) - 1);
    this.features |= feature["long strings"];
    return random.below(random.chance(90) ? 200 : 2500);
  }

  #text(length) {
    const random = this.#random;
    if (this.#alphabet === 0) return this.#ascii(length);
    let text = "";
    while (text.length < length) {
      // The last two are mixtures, of all alphabets and of some piece in much ASCII.
      if (this.#alphabet > alphabets.length) text += this.#ascii(random.below(20));
      const { bit, characters } = alphabets[this.#alphabet] ?? random.oneOf(alphabets);
      this.features |= bit;
      text += random.oneOf(characters);
    }
    return text;
  }

  #ascii(length) {
    const start = this.#random.below(ASCII.length);
    return ascii.slice(start, start + length);
  }

  number() {
    const random = this.#random;
    if (random.chance(40)) {
      this.features |= feature["numbers at limits"];
      return random.oneOf(NUMBERS);
    }
    return String(random.chance(50) ? random.below(1000) : (random.below(2e9) - 1e9) / (1 + random.below(1000)));
  }

  flag() {
    return this.#random.chance(50) ? "true" : "false";
  }

  date() {
    const random = this.#random;
    const digits = (count) => String(random.below(10 ** count)).padStart(count, "0");
    const fraction = random.chance(20) ? `.${digits(1 + random.below(9))}` : "";
    const zone = random.chance(80) ? "Z" : random.oneOf(["+00:00", "-00:00"]);
    return `"${digits(4)}-${digits(2)}-${digits(2)}T${digits(2)}:${digits(2)}:${digits(2)}${fraction}${zone}"`;
  }

  /** What older services write in place of a value, and what nobody expects. */
  odd() {
    this.features |= feature.drift;
    const random = this.#random;
    const kind = random.below(10);
    if (kind < 3) return `"${random.oneOf(DATES)}"`;
    if (kind < 8) return random.oneOf(ODD);
    return kind < 9 ? this.number() : this.any(2);
  }

  /** A link where none is looked for. */
  link() {
    this.features |= feature["other links"];
    const link = `{"href":${this.string()}}`;
    return this.#random.chance(50) ? link : `{"self":${link}}`;
  }

  unknownName() {
    this.features |= feature["unknown names"];
    const random = this.#random;
    const kind = random.below(100);
    if (kind < 60) return random.oneOf(NAMES);
    return kind < 85 ? this.#nearlyKnown(random.oneOf(this.#names)) : this.#ascii(random.below(40));
  }

  /** Mostly the name of another model's property, or one that begins or ends otherwise. */
  #nearlyKnown(name) {
    switch (this.#random.below(5)) {
      case 0:
        return name.slice(0, -1);
      case 1:
        return `${name}s`;
      case 2:
        return name[0].toUpperCase() + name.slice(1);
      default:
        return name;
    }
  }

  escapedName() {
    this.features |= feature["escaped names"];
    const random = this.#random;
    if (random.chance(30)) return random.oneOf(ESCAPED_NAMES);
    const name = random.oneOf(this.#names);
    const at = random.below(name.length);
    const code = name.charCodeAt(at).toString(16).padStart(4, "0");
    return `${name.slice(0, at)}\\u${random.chance(50) ? code : code.toUpperCase()}${name.slice(at + 1)}`;
  }

  /** Any value, `depth` lists and objects deep at most. */
  any(depth) {
    const random = this.#random;
    const kind = random.below(depth > 0 ? 10 : 6);
    if (kind < 3) return this.string();
    if (kind < 5) return this.number();
    if (kind < 6) return random.oneOf(["null", "true", "false"]);
    const items = [];
    for (let left = random.below(3); left > 0; left -= 1) {
      const item = this.any(depth - 1);
      items.push(kind < 8 ? item : `"${random.chance(90) ? this.unknownName() : this.escapedName()}":${item}`);
    }
    return kind < 8 ? `[${items.join(",")}]` : `{${items.join(",")}}`;
  }

  /** Lists and objects within one another; `most` keeps them from being too deep for the fast path. */
  nested(most) {
    const random = this.#random;
    const depth = Math.min(most, random.oneOf(DEPTHS));
    if (depth > 59) this.features |= feature["nested past 60"];
    let before = "";
    let behind = "";
    for (let left = depth - 1; left > 0; left -= 1) {
      const isList = random.chance(50);
      before += isList ? "[" : '{"a":';
      behind = (isList ? "]" : "}") + behind;
    }
    return before + random.oneOf(["[]", "{}", "[1]", '{"a":1}']) + behind;
  }
}
