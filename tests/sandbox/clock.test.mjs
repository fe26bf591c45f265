import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { createSandbox } from "../../www/sandbox/sandbox.mjs";
import { ADMIN, open } from "./support.mjs";

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const START = "2027-01-15T08:00:00Z";

test("a start time is text, a number or a Date, and the clock runs on from it", async () => {
  for (const now of [START, "2027-01-15T09:30:00.000+01:30", Date.parse(START), new Date(START)]) {
    const { sandbox } = open({ now });
    const first = sandbox.time;
    assert.equal(first, Date.parse(START), String(now));
    await new Promise((resolve) => setTimeout(resolve, 5));
    const passed = sandbox.time - first;
    assert.ok(passed > 0 && passed < MINUTE, `${passed} ms passed`);
  }
  assert.equal(open({ now: "2027-01-15" }).sandbox.time, Date.parse("2027-01-15T00:00:00Z"));
});

test("answers, requests and what is created are of that time, and time that is let pass is added", async () => {
  const { sandbox, call } = open({ now: START });
  sandbox.advance(2 * MINUTE);
  const { headers } = await call("GET", "/v7/users");
  assert.equal(headers.get("date"), "Fri, 15 Jan 2027 08:02:00 GMT");
  assert.equal(headers.get("x-organization-rate-limit-reset"), String(Date.parse("2027-01-15T08:03:00Z") / 1000));
  assert.match(sandbox.requests[0].time, /^2027-01-15T08:02:00\./);
  await call("POST", "/v7/users", { body: { name: "New", email: "new@example.com" } });
  assert.match(sandbox.state.users.at(-1).dateCreated, /^2027-01-15T08:02:/);
});

test("a reset starts the clock again, and brings the very same users back", async () => {
  const { sandbox, call } = open({ now: START });
  const { users } = sandbox.state;
  sandbox.advance(40 * DAY);
  await call("DELETE", "/v7/users/5030");
  sandbox.reset();
  assert.deepEqual(sandbox.state.users, users);
  assert.equal(sandbox.time, Date.parse(START));
});

test("a clock of one's own is read as it is", () => {
  let time = Date.parse(START);
  const { sandbox } = open({ now: () => time });
  time += 5;
  assert.equal(sandbox.time, Date.parse(START) + 5);
});

test("fake timers that begin after the sandbox was made hold for it, too", async (t) => {
  const { sandbox, call } = open({ rateLimit: 1 });
  const answered = await call("GET", "/v7/users");
  t.after(() => mock.timers.reset());
  mock.timers.enable({ apis: ["Date"], now: Date.UTC(2040, 0, 1) });
  assert.equal(sandbox.time, Date.UTC(2040, 0, 1));
  assert.deepEqual([answered.status, (await call("GET", "/v7/users")).status], [200, 200]);
  assert.equal((await call("GET", "/v7/users")).status, 429);
  mock.timers.tick(MINUTE);
  assert.equal((await call("GET", "/v7/users")).status, 200);
  sandbox.reset();
  const newest = sandbox.state.users.map(({ lastLogin }) => lastLogin ?? "").toSorted().at(-1);
  assert.equal(newest.slice(0, 10), "2040-01-01");
});

test("who has logged in lately, and who has not for a year, is so in a report of today", async () => {
  const { sandbox } = open();
  const answer = await sandbox.fetch("http://x/v7/users", { headers: { authorization: `Bearer ${ADMIN}` } });
  const ages = (await answer.json()).users.flatMap(({ lastLogin }) => (lastLogin ? [Date.now() - Date.parse(lastLogin)] : []));
  const within = (days) => ages.filter((age) => age < days * DAY).length;
  assert.ok(Math.min(...ages) >= MINUTE && Math.min(...ages) < 60 * MINUTE);
  assert.ok(within(1) > 3 && within(90) > ages.length / 2 && within(365) < ages.length);
  assert.ok(Math.max(...ages) > 3 * 365 * DAY);
});

test("what is no time, or a different one on each machine, is refused with a sentence", () => {
  const wrong = [
    "", "soon", "2027-01-15T08:00:00", "2027-02-31", "2027-01-15 08:00:00Z", "1969-12-31", "+010000-01-01T00:00:00Z",
    NaN, Infinity, -1, 1.5, new Date(NaN), null, true, {},
  ];
  for (const now of wrong) {
    const message = /^The sandbox option now must be a function or a time .*, such as 2027-01-15T08:00:00Z\.$/;
    assert.throws(() => createSandbox({ now }), { name: "TypeError", message }, String(now));
  }
});
