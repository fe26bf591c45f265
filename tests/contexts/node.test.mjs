// Whatever is the application's runs in the context of the call that it belongs to: the table of situations ×
// observers, in every Node, for AsyncLocalStorage and for the spans of OpenTelemetry.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { ensure, root } from "../../toolchain.mjs";
import { run } from "../environments/processes.mjs";
import { installed, versionOf } from "./installed.mjs";
import { describeName, fetches, nameOf, observers, situations } from "./table.mjs";

ensure(["environments"], () => {});
const releases = ["node-20", "node-22", "node-24"];
const contexts = { store: "AsyncLocalStorage", span: "the parent span" };

for (const release of releases) {
  describe(`Node ${versionOf(release)}`, () => {
    let observations, results;

    before(async () => {
      const printed = await run([installed(release, "bin/node"), "tests/contexts/observe.mjs"], root);
      ({ observations, results } = JSON.parse(printed));
    });

    for (const [situation, { name, callers, opening, calls }] of situations.entries()) {
      const counted = fetches.flatMap((fetch) => Array.from({ length: callers }, (_, at) => nameOf(fetch, situation, at)));
      const owners = [...counted, ...(opening ? fetches.map((fetch) => nameOf(fetch, situation, "opener")) : [])];

      const say = (owner) => describeName(owner, situation);

      describe(name, () => {
        for (const observer of observers) {
          for (const [kind, context] of Object.entries(contexts)) {
            test(`${observer}: ${context} is the caller's`, () => {
              const mine = observations.filter((one) => one.observer === observer);
              const wrong = owners.flatMap((owner) => {
                const seen = mine.filter((one) => (one.owner ?? one[kind]) === owner);
                const strange = seen.filter((one) => one[kind] !== owner).map((one) => `in the context of ${say(one[kind])}`);
                const count = counted.includes(owner) ? miscount(seen.length, calls[observer]) : [];
                return [...strange, ...count].map((text) => `${say(owner)}: ${text}`);
              });
              assertNone(wrong);
            });
          }
        }

        test("no request has another caller's token", () => {
          const sent = observations.filter(({ observer, owner }) => observer === "fetch" && owners.includes(owner));
          const isOwn = ({ owner, token }) => new RegExp(`^Bearer te-token-of-${owner}(-refreshed)?$`).test(token);
          assert.ok(sent.length >= counted.length);
          assertNone(sent.filter((one) => !isOwn(one)).map(({ owner, token }) => `${say(owner)}: ${token}`));
        });

        test("every call gives its own answer, to its own context", () => {
          const given = fetches.flatMap((_, at) => results[at * situations.length + situation]);
          assert.deepEqual(given, counted.map((owner) => ({ name: owner, store: owner, span: owner })));
        });
      });
    }

    test("no observer runs outside of every call's context", () => {
      const outside = observations.filter(({ store, span }) => !store || !span);
      assertNone(outside.map(({ observer, owner }) => `${observer} of ${describeName(owner)}`));
    });
  });
}

function miscount(count, expected) {
  const { least } = expected ?? { least: 0 };
  if (least === undefined ? count === expected : count >= least) return [];
  return [`${count} times, which should be ${least === undefined ? expected : `at least ${least}`}`];
}

/** A few of a kind are enough to read. */
function assertNone(wrong) {
  assert.ok(wrong.length === 0, `${wrong.length} are wrong, such as\n${wrong.slice(0, 5).join("\n")}`);
}
