import assert from "node:assert/strict";
import { test } from "node:test";
import { ACCOUNT_ADMIN, ORIGIN, READER, REGULAR, fields, newUser, open } from "./support.mjs";

const TIME = "2027-01-15T08:00:00Z";
/** A clock that stands still. */
const now = () => Date.parse(TIME);
const PATH = "/v7/audit-user-events";

/** The newest events, with nothing of the history from before the start. */
async function written({ call, sandbox }, count) {
  const { auditEvents } = (await call("GET", `${PATH}?window=1h`)).body;
  assert.equal(sandbox.state.events.length, 121 + count);
  return auditEvents.slice(0, count);
}

/** Follows the links from page to page. */
async function pages(call, path, options) {
  const all = [];
  for (let next = path; next; ) {
    const { status, body } = await call("GET", next, options);
    assert.equal(status, 200);
    all.push(body);
    next = body._links.next && body._links.next.href.slice(ORIGIN.length);
  }
  return all;
}

test("every change is recorded: who, what, when, where and from which address", async () => {
  const room = open({ now });
  const { call } = room;
  const { uid } = (await call("POST", "/v7/users?aid=2003", { body: newUser() })).body;
  const headers = { "x-forwarded-for": "203.0.113.9, 10.0.0.1" };
  await call("PUT", `/v7/users/${uid}`, { body: { name: "Renamed" }, headers });
  await call("DELETE", `/v7/users/${uid}`, { headers: { "x-forwarded-for": "<script>" } });
  const { aid } = (await call("POST", "/v7/account-groups", { body: { accountGroupName: "Office" } })).body;
  await call("PUT", `/v7/account-groups/${aid}`, { body: { accountGroupName: "Old Office" } });
  await call("DELETE", `/v7/account-groups/${aid}`);
  const { roleId } = (await call("POST", "/v7/roles", { body: { name: "Role" } })).body;
  await call("PUT", `/v7/roles/${roleId}`, { body: { name: "New Role" } });
  await call("DELETE", `/v7/roles/${roleId}`);
  const events = await written(room, 9);
  assert.deepEqual(events.slice(0, 8).map(({ event, resources: [{ type, name }] }) => `${event} ${type} ${name}`), [
    "Role deleted. roleName New Role",
    "Role updated. roleName New Role",
    "Role created. roleName Role",
    "Account group deleted. accountGroupName Old Office",
    "Account group updated. accountGroupName Old Office",
    "Account group created. accountGroupName Office",
    "User deleted. userDisplayName Renamed",
    "User updated. userDisplayName Renamed",
  ]);
  assert.deepEqual(events.slice(5, 8).map(({ ipAddress }) => ipAddress), ["127.0.0.1", "127.0.0.1", "203.0.113.9"]);
  const { auditEvents } = (await call("GET", `${PATH}?aid=2003`)).body;
  const { date, ...first } = auditEvents[0];
  assert.equal(date, TIME);
  assert.deepEqual(first, {
    aid: "2003",
    accountGroupName: "Asia Pacific · アジア太平洋",
    event: "User created.",
    ipAddress: "127.0.0.1",
    uid: "5001",
    user: "Robin Castellane (robin.castellane@example.com)",
    resources: [{ type: "userDisplayName", name: "Newly Added" }],
  });
});

test("what is refused is not recorded, and what a fault lets happen is", async () => {
  const { sandbox, call } = open();
  const before = sandbox.state.events.length;
  await call("POST", "/v7/users", { body: {} });
  await call("DELETE", "/v7/roles/33");
  await call("POST", "/v7/account-groups", { body: { accountGroupName: "x" }, token: READER });
  sandbox.faults.add({ fault: "error" });
  await call("DELETE", "/v7/users/5030");
  assert.equal(sandbox.state.events.length, before);
  sandbox.faults.add({ fault: "error", when: "after" });
  await call("DELETE", "/v7/users/5030");
  assert.equal(sandbox.state.events.length, before + 1);
});

test("there is some history, the same for a seed, with two equal events", async () => {
  const { sandbox, call } = open({ now });
  assert.deepEqual(open({ now }).sandbox.state.events, sandbox.state.events);
  assert.notDeepEqual(open({ now, seed: 2 }).sandbox.state.events, sandbox.state.events);
  const { auditEvents } = (await call("GET", `${PATH}?useAllPermittedAids=true`)).body;
  assert.ok(auditEvents.length === 100 && new Set(auditEvents.map(({ event }) => event)).size > 4);
  const texts = auditEvents.map((event) => JSON.stringify(event));
  assert.equal(new Set(texts).size, texts.length - 1);
  assert.ok(auditEvents.every(({ date }) => date < TIME && date > "2026-10-01"));
});

test("window, startDate and endDate choose, and the answer says what was chosen", async () => {
  const { call } = open({ now, eventsPerPage: 1000 });
  const ask = async (query) => (await call("GET", `${PATH}?useAllPermittedAids=true&${query}`)).body;
  const all = (await ask("")).auditEvents;
  const since = (time) => all.filter(({ date }) => date >= time);
  const hours = await ask("window=240h");
  assert.deepEqual(hours.auditEvents, since("2027-01-05T08:00:00Z"));
  assert.deepEqual([hours.startDate, hours.endDate], ["2027-01-05T08:00:00Z", TIME]);
  for (const window of ["864000", "864000s", "14400m", "10d"]) {
    assert.deepEqual((await ask(`window=${window}`)).auditEvents, hours.auditEvents, window);
  }
  assert.equal((await ask("window=1w")).startDate, "2027-01-08T08:00:00Z");
  assert.equal((await ask(`window=${"9".repeat(50)}w`)).auditEvents.length, all.length);

  const from = await ask("startDate=2027-01-05T08:00:00Z");
  assert.deepEqual([from.auditEvents, from.startDate, "endDate" in from], [hours.auditEvents, hours.startDate, false]);
  const until = await ask("endDate=2026-12-01T00:00:00Z");
  assert.deepEqual(until.auditEvents, all.filter(({ date }) => date <= "2026-12-01T00:00:00Z"));
  assert.deepEqual(["startDate" in until, until.endDate], [false, "2026-12-01T00:00:00Z"]);
  const [{ date }] = all;
  assert.ok((await ask(`startDate=${date}&endDate=${date}`)).auditEvents.length > 0, "both ends are in it");
  assert.equal((await ask("startDate=2026-12-31T23:59:60Z")).startDate, "2026-12-31T23:59:59Z");
});

test("a query of another form is refused with its field", async () => {
  const { call } = open();
  const wrong = {
    "window=12x": "window", "window=": "window", "window=-1": "window",
    "startDate=2026-01-01": "startDate", "startDate=2026-01-01T00:00:00%2B01:00": "startDate",
    "endDate=2026-02-30T00:00:00Z": "endDate", "endDate=2026-13-01T00:00:00": "endDate", "useAllPermittedAids=1": "useAllPermittedAids",
    "window=1h&startDate=2026-01-01T00:00:00Z": "window", "window=1h&endDate=2026-01-01T00:00:00Z": "window",
    "cursor=nonsense": "cursor", "cursor=": "cursor",
  };
  for (const [query, field] of Object.entries(wrong)) {
    const answer = await call("GET", `${PATH}?${query}`);
    assert.deepEqual([answer.status, answer.status === 400 && fields(answer)], [400, [field]], query);
  }
});

test("pages follow each other without a gap and without an event twice, in both orders", async () => {
  for (const eventOrder of ["newest-first", "oldest-first"]) {
    const { call } = open({ now, eventsPerPage: 7, eventOrder, rateLimit: 0 });
    const query = "useAllPermittedAids=true&window=60d";
    const whole = (await open({ now, eventOrder, eventsPerPage: 1000 }).call("GET", `${PATH}?${query}`)).body;
    const all = await pages(call, `${PATH}?${query}`);
    assert.equal(all.length, Math.ceil(whole.auditEvents.length / 7));
    assert.deepEqual(all.flatMap(({ auditEvents }) => auditEvents), whole.auditEvents);
    assert.ok(all.every(({ _links }) => _links.self.href.startsWith(`${ORIGIN}${PATH}?${query}`)));
    assert.equal(new Set(all.map(({ startDate, endDate }) => startDate + endDate)).size, 1);
  }
});

test("pages stay those of the first request while time passes and changes are made", async () => {
  const { sandbox, call } = open({ now, eventsPerPage: 3 });
  const first = (await call("GET", `${PATH}?window=30d`)).body;
  await call("POST", "/v7/roles", { body: { name: "Meanwhile" } });
  sandbox.advance(3_000_000);
  const second = (await call("GET", first._links.next.href.slice(ORIGIN.length))).body;
  const calm = await pages(open({ now, eventsPerPage: 3 }).call, `${PATH}?window=30d`);
  assert.deepEqual(second.auditEvents, calm[1].auditEvents);
  assert.equal(second.endDate, TIME);
  const cursor = new URL(first._links.next.href).searchParams.get("cursor");
  assert.match(cursor, /^[\w-]+$/);
  const alone = (await call("GET", `${PATH}?cursor=${cursor}`)).body;
  assert.deepEqual(alone.auditEvents, second.auditEvents, "the cursor alone will do");
});

test("who sees what: the events of one account group, of all of one's own, or of oneself only", async () => {
  const { sandbox, call } = open({ now, eventsPerPage: 1000 });
  await call("PUT", "/v7/users/5004?aid=2004", { body: { name: "By the admin" } });
  const ask = async (token, query = "") => (await call("GET", PATH + query, { token })).body.auditEvents;
  const aidsOf = (events) => [...new Set(events.map(({ aid }) => aid))].toSorted();
  const { events } = sandbox.state;
  const of = (...aids) => events.filter(({ aid }) => aids.includes(aid)).length;

  assert.equal((await ask(ACCOUNT_ADMIN)).length, of("2002"));
  assert.equal((await ask(ACCOUNT_ADMIN, "?aid=2003")).length, of("2003"));
  assert.equal((await ask(ACCOUNT_ADMIN, "?useAllPermittedAids=false")).length, of("2002"));
  const everywhere = await ask(ACCOUNT_ADMIN, "?useAllPermittedAids=true");
  assert.deepEqual([aidsOf(everywhere), everywhere.length], [["2002", "2003"], of("2002", "2003")]);
  assert.equal((await ask("sandbox-admin", "?useAllPermittedAids=true")).length, events.length);

  const own = await ask(REGULAR);
  assert.equal(own.length, events.filter(({ uid, aid }) => uid === "5004" && aid === "2004").length);
  const refused = await call("GET", `${PATH}?useAllPermittedAids=true`, { token: REGULAR });
  assert.equal(refused.status, 403);
  assert.match(refused.body.detail, /View activity log for all users in account group/);
  assert.equal((await call("GET", `${PATH}?aid=2006`, { token: REGULAR })).status, 403);
});
