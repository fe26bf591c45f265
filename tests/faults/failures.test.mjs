// What a call makes of each failure that is recorded of a runtime, in whichever shape it comes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { ApiClient, UsersApi } from "../../pkg/node.mjs";

const recorded = JSON.parse(readFileSync(new URL("./failures.json", import.meta.url)));

/** The error as it was, with all that was behind it. */
function rebuild({ name, message, code, syscall, cause, errors }) {
  const error = errors ? new AggregateError(errors.map(rebuild), message) : new Error(message);
  for (const [key, value] of Object.entries({ name, code, syscall, cause: cause && rebuild(cause) })) {
    if (value !== undefined) Object.defineProperty(error, key, { value, configurable: true });
  }
  return error;
}

function innermost(error) {
  const behind = [error.cause ?? [], error.errors ?? []].flat();
  return behind.length > 0 ? innermost(behind[0]) : error;
}

async function failureOf(call, error) {
  let sent = 0;
  const fetch = () => {
    sent += 1;
    return Promise.reject(rebuild(error));
  };
  const client = new ApiClient({ accessToken: "te-token-of-the-failures", fetch, maxRetries: 1 });
  const failure = await call(new UsersApi(client)).then(() => assert.fail("it succeeded"), (reason) => reason);
  assert.equal(failure.attempts, sent);
  return failure;
}

describe("each recorded failure", { concurrency: true }, () => {
  for (const { runtime, situation, error, expected } of recorded) {
    test(`${runtime}: ${situation}`, async () => {
      const [read, create] = await Promise.all([
        failureOf((users) => users.getUsers(), error),
        failureOf((users) => users.createUser({ name: "Ada Example", email: "ada@example.com" }), error),
      ]);
      const isSentAgain = expected.retry && expected.outcome === "not-sent";
      assert.deepEqual([read.attempts, create.attempts], [expected.retry ? 2 : 1, isSentAgain ? 2 : 1]);
      for (const failure of [read, create]) {
        assert.equal(failure.constructor.name, "ConnectionException");
        assert.equal(failure.outcome, expected.outcome);
        if (expected.kind === "certificate") assert.match(failure.message, /certificate/);
        const { code } = innermost(error);
        if (expected.kind !== "none" && code) assert.ok(failure.message.includes(`(${code})`), failure.message);
      }
    });
  }
});
