// The fast path of decoding, the slow one and JSON.parse give the same for bodies of every kind. For more of them than
// fit here there is `npm run fuzz`.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";

import { compareAll } from "./compare-all.mjs";
import * as declared from "./declared.mjs";
import { feature } from "./features.mjs";

for (const [name, seed] of [["the seed 1", 1], ["a new seed", randomInt(2 ** 31)]]) {
  test(`the bodies of ${name}`, async (t) => {
    const { counts, text } = await compareAll({ seed, bodies: 100_000 });
    t.diagnostic(text);
    // Where hardly a body ends in some way, the rest says little.
    assert.ok(counts.all.every((count) => count > 100), text);
    // Nor where hardly a body has objects of some model that goes the fast way.
    const { all, ...rows } = counts;
    const covered = Object.keys(rows).filter((name) => !(name in feature) && rows[name][0] > 1000);
    assert.deepEqual(covered.sort(), declared.models.sort(), text);
  });
}
