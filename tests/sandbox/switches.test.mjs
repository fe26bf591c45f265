import assert from "node:assert/strict";
import { test } from "node:test";
import { settings, switches } from "../../www/sandbox/options.mjs";
import { createSandbox } from "../../www/sandbox/sandbox.mjs";
import { ACCOUNT_ADMIN, READER, REGULAR, fields, newUser, open } from "./support.mjs";

const roleIds = (body) => body.allAccountGroupRoles.map(({ roleId }) => roleId);
const group = (accountGroupId, ids) => ({ accountGroupId, roleIds: ids });
const events = async (call) => (await call("GET", "/v7/audit-user-events")).body.auditEvents;
const taken = { email: "Tobias.Quillfeather@example.com" };

/** For each switch: what to do, and what comes of it for each value. */
const effects = {
  duplicateEmail: {
    run: async ({ call }) => {
      const { status, body } = await call("POST", "/v7/users", { body: newUser(taken) });
      return [status, body.uid];
    },
    expected: { "bad-request": [400, undefined], conflict: [409, undefined], "add-roles": [201, "5003"] },
  },
  createAnswer: {
    run: async ({ sandbox, call }) => {
      const { status } = await call("POST", "/v7/users", { body: newUser() });
      return [status, sandbox.state.users.length];
    },
    expected: { created: [201, 41], "not-found": [404, 41] },
  },
  emailCase: {
    run: async ({ call }) => (await call("POST", "/v7/users", { body: newUser(taken) })).status,
    expected: { insensitive: 400, sensitive: 201 },
  },
  requiredOnCreate: {
    run: async ({ call }) => fields(await call("POST", "/v7/users", { body: { loginAccountGroupId: "none" } })),
    expected: {
      "name-email": ["email", "loginAccountGroupId", "name"],
      email: ["email", "loginAccountGroupId"],
      v6: ["accountGroupRoles", "email", "loginAccountGroupId", "name"],
    },
  },
  requiredOnUpdate: {
    run: async ({ call }) => (await call("PUT", "/v7/users/5030", { body: {} })).status,
    expected: { nothing: 200, v6: 400 },
  },
  nullProperty: {
    run: async ({ call }) => {
      const nothing = { loginAccountGroupId: null, accountGroupRoles: null, allAccountGroupRoleIds: null };
      const { status, body } = await call("PUT", "/v7/users/5024", { body: nothing });
      const read = (await call("GET", "/v7/users/5024")).body;
      if (status === 200) assert.deepEqual(body, read);
      return [status, read.loginAccountGroup?.aid, read.accountGroupRoles.length, roleIds(read)];
    },
    expected: { omitted: [200, "2001", 1, ["402"]], cleared: [200, undefined, 0, []], rejected: [400, "2001", 1, ["402"]] },
  },
  omittedAllAccountGroupRoleIds: {
    run: async ({ call }) => roleIds((await call("PUT", "/v7/users/5024", { body: { accountGroupRoles: [] } })).body),
    expected: { keep: ["402"], clear: [] },
  },
  emptyAllAccountGroupRoleIds: {
    run: async ({ call }) => {
      const { body } = await call("PUT", "/v7/users/5024", { body: { allAccountGroupRoleIds: [] } });
      return roleIds(body);
    },
    expected: { clear: [], keep: ["402"] },
  },
  emptyRoleIds: {
    run: async ({ call }) => {
      const accountGroupRoles = [group("2001", []), group("2002", ["33"])];
      const { status, body } = await call("PUT", "/v7/users/5030", { body: { accountGroupRoles } });
      return status === 200 ? body.accountGroupRoles.length : status;
    },
    expected: { drop: 1, reject: 400 },
  },
  repeatedAccountGroup: {
    run: async ({ call }) => {
      const accountGroupRoles = [group("2001", ["33"]), group("2001", ["402"])];
      const { status, body } = await call("PUT", "/v7/users/5030", { body: { accountGroupRoles } });
      return status === 200 ? body.accountGroupRoles.map(({ roles }) => roles.length) : status;
    },
    expected: { merge: [2], reject: 400 },
  },
  numericIds: {
    run: async ({ call }) => (await call("PUT", "/v7/users/5030", { body: { loginAccountGroupId: 2004 } })).status,
    expected: { accept: 200, reject: 400 },
  },
  unknownProperty: {
    run: async ({ call }) => (await call("PUT", "/v7/users/5030", { body: { uid: "1" } })).status,
    expected: { ignore: 200, reject: 400 },
  },
  loginAccountGroup: {
    run: async ({ call }) => (await call("PUT", "/v7/users/5030", { body: { loginAccountGroupId: "2006" } })).status,
    expected: { any: 200, assigned: 400 },
  },
  otherOrganizationLogin: {
    run: async ({ call }) => {
      const body = newUser({ email: "guest@elsewhere.example", loginAccountGroupId: "2002" });
      const answer = await call("POST", "/v7/users", { body });
      return [answer.status, answer.body.loginAccountGroup];
    },
    expected: { ignore: [201, undefined], reject: [400, undefined] },
  },
  duplicateName: {
    run: async ({ call }) => [
      (await call("POST", "/v7/account-groups", { body: { accountGroupName: "Headquarters" } })).status,
      (await call("PUT", "/v7/account-groups/2002", { body: { accountGroupName: "Headquarters" } })).status,
      (await call("POST", "/v7/roles", { body: { name: "Auditor" } })).status,
      (await call("PUT", "/v7/roles/405", { body: { name: "Auditor" } })).status,
    ],
    expected: { "bad-request": [400, 400, 400, 400], conflict: [409, 409, 409, 409], allow: [201, 200, 201, 200] },
  },
  omittedAgents: {
    run: async ({ sandbox, call }) => {
      await call("PUT", "/v7/account-groups/2001", { body: { accountGroupName: "Renamed" } });
      return sandbox.state.accountGroups[0].agentIds;
    },
    expected: { keep: ["9001", "9002"], clear: [] },
  },
  accountGroupInUse: {
    run: async ({ call }) => (await call("DELETE", "/v7/account-groups/2006")).status,
    expected: { "take-away": 204, "bad-request": 400, conflict: 409 },
  },
  ownAccountGroup: {
    run: async ({ call }) => {
      const { status } = await call("DELETE", "/v7/account-groups/2001");
      return [status, (await call("GET", "/v7/users/current")).body.loginAccountGroup.aid];
    },
    expected: { reject: [400, "2001"], allow: [204, "2002"] },
  },
  updateAccountGroup: {
    run: async ({ call }) => {
      const body = { accountGroupName: "Renamed by an auditor" };
      return (await call("PUT", "/v7/account-groups/2001", { body, token: READER })).status;
    },
    expected: { edit: 403, view: 200 },
  },
  requiredOfRole: {
    run: async ({ call }) => (await call("POST", "/v7/roles", { body: { name: "Nothing yet" } })).status,
    expected: { name: 201, "name-permissions": 400 },
  },
  omittedPermissions: {
    run: async ({ call }) => {
      const { body } = await call("PUT", "/v7/roles/405", { body: { name: "Renamed" } });
      return body.permissions.length;
    },
    expected: { keep: 1, clear: 0 },
  },
  editRoles: {
    run: async ({ call }) => {
      // A role with management permissions, which may not edit roles.
      await call("PUT", "/v7/users/5003", { body: { accountGroupRoles: [group("2001", ["404"])] } });
      return (await call("POST", "/v7/roles", { body: { name: "By a user manager" }, token: READER })).status;
    },
    expected: { permission: 403, management: 201 },
  },
  builtinRole: {
    run: async ({ call }) => [
      (await call("PUT", "/v7/roles/33", { body: { name: "Changed" } })).status,
      (await call("DELETE", "/v7/roles/33")).status,
    ],
    expected: { forbidden: [403, 403], "bad-request": [400, 400] },
  },
  roleInUse: {
    run: async ({ call }) => {
      const { status } = await call("DELETE", "/v7/roles/402");
      return [status, roleIds((await call("GET", "/v7/users/5024")).body)];
    },
    expected: { "bad-request": [400, ["402"]], conflict: [409, ["402"]], "take-away": [204, []] },
  },
  eventOrder: {
    run: async ({ call }) => {
      const dates = (await events(call)).map(({ date }) => date);
      const isRising = (list) => list.every((date, index) => index === 0 || list[index - 1] <= date);
      return [isRising(dates), isRising(dates.toReversed())];
    },
    expected: { "newest-first": [false, true], "oldest-first": [true, false] },
  },
  eventRange: {
    run: async ({ sandbox, call }) => {
      const dayAgo = sandbox.time - 86_400_000;
      return (await events(call)).some(({ date }) => Date.parse(date) < dayAgo);
    },
    expected: { all: true, day: false },
  },
  utcDates: {
    run: async ({ call }) => {
      const statuses = [];
      for (const end of ["Z", ".000000%2B0000", "%2B00:00", "", "%2B01:00"]) {
        statuses.push((await call("GET", `/v7/audit-user-events?startDate=2026-01-01T00:00:00${end}`)).status);
      }
      return statuses;
    },
    expected: { any: [200, 200, 200, 200, 400], z: [200, 400, 400, 400, 400] },
  },
  reversedDates: {
    run: async ({ call }) => {
      const query = "startDate=2026-02-01T00:00:00Z&endDate=2026-01-01T00:00:00Z";
      const { status, body } = await call("GET", `/v7/audit-user-events?${query}`);
      return [status, body.auditEvents?.length];
    },
    expected: { empty: [200, 0], reject: [400, undefined] },
  },
  expiredCursor: {
    run: async ({ sandbox, call }) => {
      const { next } = (await call("GET", "/v7/audit-user-events")).body._links;
      const { pathname, search } = new URL(next?.href ?? "http://x/v7/audit-user-events?cursor=none");
      sandbox.advance(3_600_001);
      return (await call("GET", pathname + search)).status;
    },
    expected: { "bad-request": 400, "not-found": 404, "first-page": 200 },
  },
  othersEvents: {
    run: async ({ call }) => {
      await call("PUT", "/v7/users/5004?aid=2004", { body: { name: "Nadia" } });
      const { status, body } = await call("GET", "/v7/audit-user-events", { token: REGULAR });
      return status === 200 ? body.auditEvents.some(({ uid }) => uid !== "5004") : status;
    },
    expected: { hide: false, show: true, forbidden: 403 },
  },
  allPermittedAids: {
    run: async ({ call }) => {
      const { status } = await call("GET", "/v7/audit-user-events?useAllPermittedAids=true", { token: REGULAR });
      return [status, (await call("GET", "/v7/audit-user-events", { token: REGULAR })).status];
    },
    expected: { forbidden: [403, 200], ignore: [200, 200] },
  },
  unassignedAid: {
    run: async ({ call }) => (await call("GET", "/v7/users?aid=2006", { token: READER })).status,
    expected: { forbidden: 403, "bad-request": 400, "not-found": 404 },
  },
  editUsersScope: {
    run: async ({ call }) => {
      const change = { body: { name: "Of another account group" }, token: ACCOUNT_ADMIN };
      return (await call("PUT", "/v7/users/5031", change)).status;
    },
    expected: { "changed-account-groups": 403, everywhere: 200 },
  },
  assignManagement: {
    run: async ({ call }) => {
      await call("PUT", "/v7/users/5003", { body: { accountGroupRoles: [group("2001", ["404"])] } });
      const accountGroupRoles = [group("2001", ["32"])];
      return (await call("PUT", "/v7/users/5031", { body: { accountGroupRoles }, token: READER })).status;
    },
    expected: { forbidden: 403, allowed: 200 },
  },
  deleteSelf: {
    run: async ({ call }) => (await call("DELETE", "/v7/users/5001")).status,
    expected: { reject: 400, allow: 204 },
  },
  lastOrganizationAdmin: {
    run: async ({ call }) => {
      await call("DELETE", "/v7/users/5025");
      return (await call("PUT", "/v7/users/5001", { body: { allAccountGroupRoleIds: ["402"] } })).status;
    },
    expected: { reject: 400, allow: 200 },
  },
  unconfirmedEmail: {
    run: async ({ call }) => {
      await call("PUT", "/v7/users/5003", { body: { email: "changed@example.com" } });
      return (await call("GET", "/v7/users", { token: READER })).status;
    },
    expected: { unauthorized: 401, forbidden: 403, allow: 200 },
  },
  lockout: {
    run: async ({ call }) => {
      for (let index = 0; index < 10; index += 1) await call("GET", "/v7/users", { token: "wrong-token" });
      return (await call("GET", "/v7/users")).status;
    },
    expected: { none: 200, "after-ten": 401 },
  },
  never: {
    run: async ({ call }) => (await call("GET", "/v7/users/5029")).body.lastLogin,
    expected: { omit: undefined, null: null, dash: "-", empty: "" },
  },
  pendingDateRegistered: {
    run: async ({ call }) => "dateRegistered" in (await call("POST", "/v7/users", { body: newUser() })).body,
    expected: { never: false, invited: true },
  },
  rateLimitCounts: {
    run: async ({ call }) => {
      const { headers } = await call("GET", "/v7/users", { token: "" });
      return headers.get("x-organization-rate-limit-remaining");
    },
    expected: { authenticated: "240", all: "239" },
  },
  cors: {
    run: async ({ call }) => {
      const { headers } = await call("GET", "/v7/users");
      const exposed = headers.get("access-control-expose-headers") ?? "";
      return [headers.get("access-control-allow-origin"), exposed.includes("x-organization-rate-limit-reset")];
    },
    expected: { none: [null, false], any: ["*", true], hidden: ["*", false] },
  },
};

test("every switch of the table is tried with every value, and the first one is the default", async (t) => {
  assert.deepEqual(Object.keys(effects), Object.keys(switches));
  for (const [name, { run, expected }] of Object.entries(effects)) {
    await t.test(name, async () => {
      assert.deepEqual(Object.keys(expected), Object.keys(switches[name].values));
      for (const [value, effect] of Object.entries(expected)) {
        assert.deepEqual(await run(open({ [name]: value })), effect, value);
      }
      assert.deepEqual(await run(open()), Object.values(expected)[0], "default");
    });
  }
});

test("adding roles to an existing user keeps what is there", async () => {
  const { call } = open({ duplicateEmail: "add-roles" });
  const accountGroupRoles = [group("2001", ["33"]), group("2005", ["33"])];
  const { body } = await call("POST", "/v7/users", { body: newUser({ ...taken, accountGroupRoles }) });
  assert.deepEqual(
    body.accountGroupRoles.map(({ accountGroup, roles }) => [accountGroup.aid, roles.map(({ roleId }) => roleId)]),
    [["2001", ["402", "33"]], ["2002", ["402"]], ["2005", ["33"]]],
  );
  assert.equal((await call("GET", "/v7/users")).body.users.length, 40);
});

test("where null clears, a name, an address and what version 6 requires cannot be cleared", async () => {
  const cleared = { name: null, email: null, loginAccountGroupId: null };
  for (const requiredOnUpdate of ["nothing", "v6"]) {
    const { sandbox, call } = open({ nullProperty: "cleared", requiredOnUpdate });
    const { users } = sandbox.state;
    const needed = requiredOnUpdate === "v6" ? Object.keys(cleared).toSorted() : ["email", "name"];
    assert.deepEqual(fields(await call("PUT", "/v7/users/5030", { body: cleared })), needed);
    assert.deepEqual(sandbox.state.users, users);
  }
});

test("where null clears, a new user can be without a login account group, and a caller without one has to name one", async () => {
  const { call } = open({ nullProperty: "cleared" });
  const created = await call("POST", "/v7/users", { body: newUser({ loginAccountGroupId: null }) });
  assert.deepEqual([created.status, "loginAccountGroup" in created.body], [201, false]);
  await call("PUT", "/v7/users/5003", { body: { loginAccountGroupId: null } });
  const refused = await call("GET", "/v7/users", { token: READER });
  assert.equal(refused.status, 400);
  assert.match(refused.body.detail, /no login account group/);
  assert.equal((await call("GET", "/v7/users?aid=2001", { token: READER })).status, 200);
});

test("a lockout needs wrong tokens one after the other, and ends with ten minutes of silence", async () => {
  const { sandbox, call } = open({ lockout: "after-ten", now: () => 0 });
  const wrong = (times) => Promise.all(Array(times).fill().map(() => call("GET", "/v7/users", { token: "wrong-token" })));
  const status = async () => (await call("GET", "/v7/users")).status;
  await wrong(9);
  assert.equal(await status(), 200);
  await wrong(9);
  assert.equal(await status(), 200, "the right token in between began the count anew");
  await wrong(10);
  assert.equal(await status(), 401);
  sandbox.advance(599_999);
  assert.equal(await status(), 401, "and lasts on");
  sandbox.advance(600_000);
  assert.equal(await status(), 200);
});

test("a preflight is answered where CORS is on", async () => {
  const { call } = open({ cors: "any" });
  const asked = "authorization,content-type";
  const headers = { "access-control-request-method": "PUT", "access-control-request-headers": asked };
  const preflight = await call("OPTIONS", "/v7/users/5001", { token: "", headers });
  assert.equal(preflight.headers.get("access-control-allow-headers"), asked);
  assert.match(preflight.headers.get("access-control-allow-methods"), /PUT/);
  const plain = await call("OPTIONS", "/v7/users/5001", { token: "" });
  assert.equal(plain.headers.get("allow"), "GET, PUT, DELETE, HEAD, OPTIONS", "which is no preflight");
});

test("a wrong option is refused with a sentence that names it", () => {
  const cases = [
    [{ rateLimits: 1 }, /rateLimits/],
    [{ rateLimit: -1 }, /rateLimit must be a whole number from 0/],
    [{ users: 3 }, /users must be a whole number from 4 to 100000/],
    [{ users: 100_001 }, /users must be a whole number from 4 to 100000/],
    [{ token: "two words" }, /token must be text/],
    [{ never: "always" }, /never must be one of omit, null, dash, empty/],
    [{ token: "sandbox-reader" }, /must differ/],
  ];
  for (const [options, message] of cases) assert.throws(() => createSandbox(options), { name: "TypeError", message });
  assert.ok(Object.values({ ...settings, ...switches }).every(({ help }) => help));
});
