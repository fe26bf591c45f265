// The fast path of decoding, the slow one and JSON.parse give the same for bodies of every kind. For more of them than
// fit here there is `npm run fuzz`.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";

import { createSandbox } from "../../www/sandbox/sandbox.mjs";
import { Bodies } from "./bodies.mjs";
import { compareAll } from "./compare-all.mjs";
import * as declared from "./declared.mjs";
import { build, load, modelsOf } from "./decoders.mjs";
import { feature } from "./features.mjs";
import { check } from "./promises.mjs";
import { Random } from "./random.mjs";
import { written } from "./written.mjs";

build();
const decoders = await load();
const models = new Map(modelsOf(decoders).map((model) => [model.name, model]));

for (const [name, seed] of [["the seed 1", 1], ["a new seed", randomInt(2 ** 31)]]) {
  test(`the bodies of ${name}`, async (t) => {
    const { counts, text } = await compareAll({ seed, bodies: 100_000 });
    t.diagnostic(text);
    // Where hardly a body ends in some way, the rest says little.
    assert.ok(counts.all.every((count) => count > 100), text);
    // Nor where hardly a body has objects of some model that goes the fast way.
    const { all, ...rows } = counts;
    const covered = Object.keys(rows).filter((name) => !(name in feature) && rows[name][0] > 1000);
    assert.deepEqual(covered.sort(), declared.models.toSorted(), text);
  });
}

// What the API writes goes the fast way: where it no longer did, all would work as before, only slower.

/** Fails unless the fast path takes it, whole and in small windows. */
function requireFast(body, model) {
  check(decoders, body, model, [body.length, 4096], true);
}

for (const model of models.values()) {
  test(`${model.name} with all that is declared`, () => requireFast(Buffer.from(written(model)), model));
}

for (const model of [...models.values()].filter(({ required }) => required !== null)) {
  test(`${model.name} larger than a window`, () => {
    const random = new Random();
    random.seed(1, 1);
    const body = Buffer.from(new Bodies(random, [...model.known.keys()]).large(model));
    assert.ok(body.length > 2 ** 16);
    check(decoders, body, model, [body.length, 2 ** 17, 2 ** 16], true);
  });
}

const host = "https://api.thousandeyes.com/v7";
const ids = { users: "5004", "account-groups": "2002", roles: "402" };
const sent = {
  UserRequest: {
    name: "Ada Example",
    email: "ada.example@example.com",
    loginAccountGroupId: "2001",
    accountGroupRoles: [{ accountGroupId: "2001", roleIds: ["33"] }],
    allAccountGroupRoleIds: ["402"],
  },
  AccountGroupRequest: { accountGroupName: "Operations" },
  RoleRequestBody: { name: "Readers", permissions: ["1", "2"] },
};

test("what the sandbox answers goes the fast way", async (t) => {
  const { paths } = await (await createSandbox().fetch(`${host}/openapi.json`)).json();
  const served = declared.operations.filter(({ answer, path, method }) => answer && paths[path]?.[method.toLowerCase()]);
  for (const { operationId, method, path, query, body, answer } of served) {
    await t.test(operationId, async () => {
      const expand = query.some(({ name }) => name === "expand") ? "?expand=user,agent" : "";
      const url = `${host}${path.replace(/(?<=^\/([^/]+)\/)\{id\}$/, (_, what) => ids[what])}${expand}`;
      const headers = { authorization: "Bearer sandbox-admin", "content-type": "application/json" };
      const sandbox = createSandbox({ rateLimit: 0 });
      const response = await sandbox.fetch(url, { method, headers, body: body && JSON.stringify(sent[body]) });
      const bytes = Buffer.from(await response.arrayBuffer());
      assert.ok(response.ok, `${response.status} ${bytes}`);
      requireFast(bytes, models.get(answer));
    });
  }
});
