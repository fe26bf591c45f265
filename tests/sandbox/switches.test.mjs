import assert from "node:assert/strict";
import { test } from "node:test";
import { settings, switches } from "../../www/sandbox/options.mjs";
import { createSandbox } from "../../www/sandbox/sandbox.mjs";
import { ACCOUNT_ADMIN, READER, fields, newUser, open } from "./support.mjs";

const roleIds = (body) => body.allAccountGroupRoles.map(({ roleId }) => roleId);
const group = (accountGroupId, ids) => ({ accountGroupId, roleIds: ids });
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
      "name-email": ["name", "email", "loginAccountGroupId"],
      email: ["email", "loginAccountGroupId"],
      v6: ["name", "email", "accountGroupRoles", "loginAccountGroupId"],
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
    const needed = requiredOnUpdate === "v6" ? Object.keys(cleared) : ["name", "email"];
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
