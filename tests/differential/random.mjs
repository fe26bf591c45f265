/** Random numbers that a seed repeats: sfc32, as `Math.random` has no seed. */
export class Random {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 0;

  /** Begins anew. Each index has numbers of its own, so that one body can be made again without those before it. */
  seed(seed, index) {
    this.#a = seed | 0;
    this.#b = index | 0;
    this.#c = 0x9e3779b9 | 0;
    this.#counter = 1;
    for (let round = 0; round < 12; round += 1) this.#next();
  }

  #next() {
    const result = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit) {
    return Math.floor((this.#next() / 0x1_0000_0000) * limit);
  }

  /** Whether something happens that happens in so many of a hundred cases. */
  chance(percent) {
    return this.below(100) < percent;
  }

  oneOf(list) {
    return list[this.below(list.length)];
  }
}
