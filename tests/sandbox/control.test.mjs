import assert from "node:assert/strict";
import { test } from "node:test";
import { ADMIN, ORIGIN, newUser, open } from "./support.mjs";

/** Asks a control path at a name of this machine. */
function openControl(options) {
  const { sandbox, call } = open(options);
  async function ask(method, path, body) {
    const response = await sandbox.fetch(`http://localhost:1/__sandbox${path}`, { method, body: body && JSON.stringify(body) });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
  }
  return { sandbox, call, ask };
}

test("the control paths exist on this machine's names only", async () => {
  const { call, ask } = openControl();
  for (const path of ["/__sandbox", "/__sandbox/state"]) assert.equal((await call("GET", path)).status, 404, ORIGIN);
  assert.equal((await ask("GET", "/state")).body.users.length, 40);
});

test("the overview tells how things stand, and names every path and no token", async () => {
  const { ask } = openControl({ now: () => Date.UTC(2030, 0, 1), faults: [{ fault: "hang" }] });
  const { body } = await ask("GET", "");
  assert.deepEqual([body.time, body.users, body.requests, body.faults], ["2030-01-01T00:00:00.000Z", 40, 0, 1]);
  for (const [path, methods] of Object.entries(body.paths)) {
    const refused = await ask("PATCH", path.slice("/__sandbox".length));
    assert.deepEqual([refused.status, refused.headers.get("allow")], [405, methods.join(", ")], path);
  }
  assert.ok(!JSON.stringify(body).includes(ADMIN));
});

test("faults are added, listed and removed", async () => {
  const { sandbox, ask } = openControl();
  assert.deepEqual((await ask("POST", "/faults", { fault: "error", status: 500 })).body, { id: 1 });
  assert.equal((await ask("GET", "/faults")).body.faults[0].status, 500);
  assert.equal((await ask("DELETE", "/faults")).status, 204);
  assert.deepEqual(sandbox.faults.list(), []);
});

test("requests are shown and forgotten, a reset brings back the users as well", async () => {
  const { sandbox, call, ask } = openControl();
  await call("DELETE", "/v7/users/5030");
  assert.deepEqual((await ask("GET", "/requests")).body.requests.map(({ path }) => path), ["/v7/users/5030"]);
  assert.equal((await ask("DELETE", "/requests")).status, 204);
  assert.deepEqual(sandbox.requests, []);
  assert.equal(sandbox.userCount, 39);
  await call("POST", "/v7/users", { body: newUser() });
  assert.equal((await ask("POST", "/reset")).status, 204);
  assert.deepEqual([sandbox.userCount, sandbox.requests], [40, []]);
});

test("the clock is read and set forward, which ends the window of the rate limit", async () => {
  const { call, ask } = openControl({ now: () => Date.UTC(2030, 0, 1), rateLimit: 1 });
  await call("GET", "/v7/users");
  assert.equal((await call("GET", "/v7/users")).status, 429);
  assert.equal((await ask("POST", "/clock", { advance: 60_000 })).status, 204);
  assert.equal((await ask("GET", "/clock")).body.time, "2030-01-01T00:01:00.000Z");
  assert.equal((await call("GET", "/v7/users")).status, 200);
  await ask("POST", "/reset");
  assert.equal((await ask("GET", "/clock")).body.time, "2030-01-01T00:00:00.000Z");
});

test("what is wrong is refused with a sentence", async () => {
  const { sandbox, ask } = openControl();
  for (const body of [null, {}, { fault: "x" }]) assert.equal((await ask("POST", "/faults", body)).status, 400);
  for (const advance of [-1, 1.5, "1", 1e15, undefined]) {
    const { status, body } = await ask("POST", "/clock", { advance });
    assert.equal(status, 400, String(advance));
    assert.match(body.detail, /whole number of milliseconds/);
  }
  const broken = await sandbox.fetch("http://localhost:1/__sandbox/faults", { method: "POST", body: "{" });
  assert.equal(broken.status, 400);
  assert.match((await ask("GET", "/nothing")).body.detail, /__sandbox\/state/);
  assert.equal((await ask("GET", "/nothing")).status, 404);
});
