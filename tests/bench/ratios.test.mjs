// What makes decoding fast stays in use. Ratios alone, with wide margins: the machine may be slow, and busy.
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { engines } from "./decode.mjs";
import { OURS, decoders } from "./peers/index.mjs";
import { createStage } from "./stage.mjs";

const SIZE = 1000;
const lists = { users: "getUsers", events: "getUserEvents" };
const ATTEMPTS = 3;

const stage = await createStage({ packages: ["ajv"] });
after(() => stage.remove());

const compared = Object.fromEntries(["JSON.parse", OURS, "ajv"].map((name) => [name, decoders[name]]));

for (const [engine, measure] of Object.entries(engines)) {
  for (const [list, operation] of Object.entries(lists)) {
    test(`checking and decoding ${SIZE} ${list} in ${engine} takes less than JSON.parse, and than ajv`, async (t) => {
      let isFast;
      for (let attempt = 1; attempt <= ATTEMPTS && !isFast; attempt += 1) {
        const { [SIZE]: ratios } = await measure(stage, compared, { operation, sizes: [SIZE] });
        t.diagnostic(JSON.stringify(ratios));
        isFast = ratios[OURS] <= 0.9 && ratios[OURS] < ratios.ajv;
      }
      assert.ok(isFast, "The figures are above.");
    });
  }
}
