import assert from "node:assert/strict";
import { test } from "node:test";
import { READER, newUser, open } from "./support.mjs";

const MINUTE = 60_000;
const START = Math.floor(Date.UTC(2030, 0, 1) / MINUTE) * MINUTE;

function clock(start = START) {
  let time = start;
  return { now: () => time, advance: (milliseconds) => (time += milliseconds) };
}

const rate = ({ headers }) =>
  ["limit", "remaining", "reset"].map((name) => headers.get(`x-organization-rate-limit-${name}`));

test("every answer has the three headers, whatever its status", async () => {
  const { call } = open({ now: clock(START + 12_345).now });
  const reset = String((START + MINUTE) / 1000);
  const answers = [
    await call("GET", "/v7/users"),
    await call("POST", "/v7/users", { body: newUser() }),
    await call("DELETE", "/v7/users/5030"),
    await call("GET", "/v7/users/none"),
    await call("GET", "/v7/users", { token: "" }),
    await call("GET", "/v6/users"),
    await call("PATCH", "/v7/users"),
    await call("POST", "/v7/users", { body: "{" }),
    await call("OPTIONS", "/v7/users"),
  ];
  assert.deepEqual(answers.map(({ status }) => status), [200, 201, 204, 404, 401, 301, 405, 400, 204]);
  const remaining = [239, 238, 237, 236, 236, 236, 235, 234, 234];
  assert.deepEqual(answers.map(rate), remaining.map((rest) => ["240", String(rest), reset]));
});

test("the whole organization shares one window, which ends at the full minute", async () => {
  const { now, advance } = clock(START + 59_000);
  const { sandbox, call } = open({ rateLimit: 2, now });
  await call("GET", "/v7/users");
  await call("GET", "/v7/users", { token: READER });
  const refused = await call("DELETE", "/v7/users/5030");
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get("content-type"), "application/problem+json");
  assert.equal(refused.headers.get("retry-after"), null);
  assert.deepEqual(rate(refused), ["2", "0", String((START + MINUTE) / 1000)]);
  assert.equal(sandbox.state.users.length, 40);
  advance(999);
  assert.equal((await call("GET", "/v7/users")).status, 429);
  advance(1);
  const next = await call("GET", "/v7/users");
  assert.deepEqual(rate(next), ["2", "1", String((START + 2 * MINUTE) / 1000)]);
});

test("a limit of 0 is no limit and no headers", async () => {
  const { call } = open({ rateLimit: 0 });
  for (let index = 0; index < 300; index += 1) await call("GET", "/v7/users/current");
  const answer = await call("GET", "/v7/users/current");
  assert.deepEqual([answer.status, ...rate(answer)], [200, null, null, null]);
});

test("a reset of the sandbox begins the window anew", async () => {
  const { sandbox, call } = open({ rateLimit: 1, now: () => START });
  await call("GET", "/v7/users");
  sandbox.reset();
  assert.equal((await call("GET", "/v7/users")).status, 200);
});

test("the length of the window can be chosen", async () => {
  const { now, advance } = clock();
  const { call } = open({ rateLimit: 1, rateWindow: 1000, now });
  await call("GET", "/v7/users");
  assert.equal(rate(await call("GET", "/v7/users"))[2], String(START / 1000 + 1));
  advance(1000);
  assert.equal((await call("GET", "/v7/users")).status, 200);
});
