/** Changes bodies byte by byte, whatever comes of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "../../toolchain.mjs";

/** Overlong, halves of surrogate pairs, beyond the last character, cut short, of no character. */
const NOT_UTF8 = [
  "c080", "c1bf", "e08080", "f0808080", "eda080", "edbfbf", "eda081edb080", "f4908080", "f5808080", "c3", "e282",
  "f09f98", "80", "bf", "fe", "ff",
];
const PIECES = [
  '"', "\\", "{", "}", "[", "]", ",", ":", "-", "+", ".", "0", "e", "\t", "\n", "\0", "\x0b", "\x0c", "\x1f", "\x7f",
  "\u00a0", "\u2028", "\u0085", "é", "田", "😀", "\\u", "\\ud83d", "\\u00g0", "\\x41", "\\'", "'", "//", "/**/", "NaN",
  "Infinity", "-Infinity", "01", "1.", ".5", "+1", "1e", "True", "undefined", '"__proto__":{"a":1},', '"__proto__":1,',
  '"":0,', ",,", ",}", ",]", "[".repeat(16), "]".repeat(16),
];
/** What a string may hold. */
const CHARACTERS = [
  "a", "_", "0", " ", "\x7f", "é", "田", "\u2028", "😀", "\\n", '\\"', "\\\\", "\\ud83d", "\\ude00", "\\u0075", "1234567",
  "12345678",
];
const QUOTE = '"'.charCodeAt(0);

const encoder = new TextEncoder();
const characters = CHARACTERS.map((character) => encoder.encode(character));
const tokens = [
  ...PIECES.map((piece) => encoder.encode(piece)),
  ...NOT_UTF8.map((hex) => Buffer.from(hex, "hex")),
  ...dictionary(),
];

/** The dictionary of the libFuzzer target, whose entries are written as in C. */
function dictionary() {
  const lines = readFileSync(join(root, "tests/fuzz/decode.dict"), "utf8").split("\n");
  return lines.filter((line) => line.startsWith('"')).map((line) => {
    const escape = (_, hex, itself) => (hex ? String.fromCharCode(parseInt(hex, 16)) : itself);
    return Buffer.from(line.slice(1, -1).replace(/\\(?:x(..)|(.))/g, escape), "latin1");
  });
}

const isStructural = new Uint8Array(256);
for (const character of '"{}[],:\\') isStructural[character.charCodeAt(0)] = 1;

export class Mutations {
  #random;
  #room;
  #length = 0;

  /** @param {Uint8Array} room where the bodies are written, one over the other */
  constructor(random, room) {
    this.#random = random;
    this.#room = room;
  }

  /** A body with one to four changes, perhaps with the end of another. */
  mutate(body, other) {
    this.#room.set(body);
    this.#length = body.length;
    const random = this.#random;
    for (let left = random.chance(75) ? 1 : 1 + random.below(4); left > 0; left -= 1) this.#change(other);
    return this.#room.subarray(0, this.#length);
  }

  #change(other) {
    const random = this.#random;
    const at = this.#place();
    switch (random.below(12)) {
      case 0:
        this.#room[at] ^= 1 << random.below(random.chance(80) ? 7 : 8);
        return;
      case 1:
        this.#room[at] = this.#byte();
        return;
      case 2:
        return this.#splice(at, 0, Uint8Array.of(this.#byte()));
      case 3:
        return this.#splice(at, 1 + random.below(random.chance(80) ? 4 : 60), []);
      case 4:
        this.#length = at;
        return;
      case 5: {
        const end = Math.min(this.#length, at + 1 + random.below(40));
        return this.#splice(this.#place(), 0, this.#room.slice(at, end));
      }
      case 6: {
        const rest = other.subarray(random.below(other.length));
        return this.#splice(at, random.chance(30) ? random.below(8) : this.#length, rest);
      }
      case 7:
      case 8:
        return this.#splice(at, random.chance(70) ? 0 : random.below(6), random.oneOf(tokens));
      default:
        // Often within a string, so that it stays JSON.
        return this.#splice(this.#behindQuote(at), 0, random.oneOf(characters));
    }
  }

  #behindQuote(at) {
    return this.#room.subarray(0, this.#length).indexOf(QUOTE, at) + 1;
  }

  /** Mostly ASCII, as any other is hardly ever UTF-8. */
  #byte() {
    return this.#random.below(this.#random.chance(80) ? 128 : 256);
  }

  /** Somewhere, often at a character that gives the text its structure. */
  #place() {
    let at = this.#random.below(this.#length + 1);
    if (this.#random.chance(50)) while (at < this.#length && !isStructural[this.#room[at]]) at += 1;
    return at;
  }

  #splice(at, removed, added) {
    const behind = Math.min(this.#length, at + removed);
    const length = this.#length - (behind - at) + added.length;
    if (length > this.#room.length) return;
    this.#room.copyWithin(at + added.length, behind, this.#length);
    this.#room.set(added, at);
    this.#length = length;
  }
}
