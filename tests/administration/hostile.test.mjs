// Plans and journals that somebody made up, damaged or mixed up: nothing is sent, and the error says where it is wrong.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { GUARDS, ThousandEyesError, finish, journalOf, office, planToText, usersOf, writesOf } from "./support.mjs";

const changes = [
  { kind: "grant", user: { uid: "5011" }, role: { name: "Auditor" }, accountGroup: { name: "Test Lab" } },
  { kind: "update", user: { uid: "5009" }, name: "Layla" },
  { kind: "remove", user: { uid: "5012" } },
  { kind: "invite", email: "new@example.com", name: "New", roles: [{ role: { id: "33" }, accountGroup: { id: "2001" } }] },
];

const template = await office().admin.plan(changes, { reason: "hostile", actor: "ilse.vandermolen@example.com" });

/** A plan with something else in a place: `put("steps[0].user.uid", 1)`. */
const put = (path, value) => () => {
  const plan = structuredClone(template);
  const names = path.match(/\w+/g);
  const last = names.pop();
  names.reduce((part, name) => part[name], plan)[last] = value;
  return plan;
};

/** A plan with a property that JSON.parse makes and an assignment does not: `__proto__`. */
const withOwn = (path, name, value = {}) => () => {
  const plan = structuredClone(template);
  const part = path.match(/\w+/g)?.reduce((part, name) => part[name], plan) ?? plan;
  Object.defineProperty(part, name, { value, enumerable: true, configurable: true, writable: true });
  return plan;
};

const nested = (depth) => {
  let value = "x";
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
};

const cyclic = () => {
  const plan = structuredClone(template);
  plan.steps[0].user = plan;
  return plan;
};

const trapped = () => {
  const plan = structuredClone(template);
  Object.defineProperty(plan.steps[1], "kind", { enumerable: true, get: () => { throw new Error("a trap"); } });
  return plan;
};

const same = (from, to, other = {}) => () => {
  const plan = structuredClone(template);
  plan.steps[to] = { ...structuredClone(plan.steps[from]), id: plan.steps[to].id, ...other };
  return plan;
};

const shouted = () => {
  const plan = structuredClone(template);
  const twin = structuredClone(plan.steps[3]);
  twin.id = "5";
  twin.user.email = twin.after.email = "NEW@example.com";
  plan.steps.push(twin);
  return plan;
};

const many = (name, count, item) => () => ({ ...structuredClone(template), [name]: Array(count).fill(item) });

/** Each with the path that the error must name. */
const plans = {
  nothing: [() => undefined, "plan"],
  null: [() => null, "plan"],
  text: [() => JSON.stringify(template), "plan"],
  "a list": [() => [template], "plan"],
  "a number": [() => 7, "plan"],
  "a function": [() => () => template, "plan"],
  "a promise": [() => Promise.resolve(template), "plan"],
  "a map": [() => new Map(Object.entries(template)), "plan"],
  "an empty object": [() => ({}), "plan.version"],
  "its own __proto__": [withOwn("", "__proto__", { polluted: true }), "plan.__proto__"],
  "__proto__ in a step": [withOwn("steps.0", "__proto__", { polluted: true }), "plan.steps[0].__proto__"],
  "__proto__ in a user": [withOwn("steps.0.user", "__proto__", { uid: "5002" }), "plan.steps[0].user.__proto__"],
  "__proto__ in a state": [withOwn("steps.0.after", "__proto__", { allAccountGroupRoleIds: ["31"] }), "plan.steps[0].after.__proto__"],
  "__proto__ among names": [withOwn("names", "__proto__", []), "plan.names.__proto__"],
  "its own constructor": [withOwn("", "constructor"), "plan.constructor"],
  "toString in a user": [withOwn("steps.0.user", "toString", "x"), "plan.steps[0].user.toString"],
  "another version": [put("version", 2), "plan.version"],
  "a version as text": [put("version", "1"), "plan.version"],
  "a planId that is no hexadecimal": [put("planId", "../../etc/passwd"), "plan.planId"],
  "a planId that is too short": [put("planId", "ab"), "plan.planId"],
  "a time that is none": [put("created", "yesterday"), "plan.created"],
  "another host": [put("host", "https://api.thousandeyes.example/v7"), "plan.host"],
  "another organisation": [put("orgIds", ["7002"]), "plan.orgIds"],
  "no organisation": [put("orgIds", []), "plan.orgIds"],
  "organisations that are no list": [put("orgIds", "7001"), "plan.orgIds"],
  "another account group": [put("aid", "2002"), "plan.aid"],
  "a token": [put("accessToken", "sandbox-admin"), "plan.accessToken"],
  "guards that it lifts": [put("allow", GUARDS), "plan.allow"],
  "guards that a step lifts": [put("steps[0].allow", GUARDS), "plan.steps[0].allow"],
  "a limit of removals": [put("maxRemovals", 1000), "plan.maxRemovals"],
  "a request in a step": [put("steps[0].request", { method: "DELETE", path: "/users/5002" }), "plan.steps[0].request"],
  "a path in a step": [put("steps[0].path", "/users/5002"), "plan.steps[0].path"],
  "a body in a step": [put("steps[0].body", {}), "plan.steps[0].body"],
  "header fields": [put("headers", { "X-Evil": "1" }), "plan.headers"],
  "a property of a user that no request has": [put("steps[0].after.isAdmin", true), "plan.steps[0].after.isAdmin"],
  "an unknown kind of step": [put("steps[0].kind", "request"), "plan.steps[0].kind"],
  "a kind of change": [put("steps[0].kind", "grant"), "plan.steps[0].kind"],
  "a kind in a list": [put("steps[0].kind", ["update"]), "plan.steps[0].kind"],
  "steps that are no list": [put("steps", { 0: template.steps[0], length: 1 }), "plan.steps"],
  "a step that is null": [put("steps[0]", null), "plan.steps[0]"],
  "a step that is a list": [put("steps[0]", []), "plan.steps[0]"],
  "a step without before": [put("steps[0].before", undefined), "plan.steps[0].before"],
  "a before that is a list": [put("steps[0].before", []), "plan.steps[0].before"],
  "an update without after": [put("steps[0].after", null), "plan.steps[0].kind"],
  "an update that changes nothing": [put("steps[0].after", template.steps[0].before), "plan.steps[0].after"],
  "an update of nobody": [put("steps[0].user", {}), "plan.steps[0].kind"],
  "an update that shows another user": [put("steps[0].user.email", "other@example.com"), "plan.steps[0].kind"],
  "an update that takes the name away": [put("steps[0].after.name", undefined), "plan.steps[0].after.name"],
  "a removal with an after": [put("steps[2].after", template.steps[2].before), "plan.steps[2].kind"],
  "an invitation with a uid": [put("steps[3].user.uid", "5002"), "plan.steps[3].kind"],
  "an invitation of somebody else than it shows": [put("steps[3].after.email", "evil@example.com"), "plan.steps[3].kind"],
  "an invitation to no address": [
    () => {
      const plan = structuredClone(template);
      plan.steps[3].user.email = plan.steps[3].after.email = "no address";
      return plan;
    },
    "plan.steps[3].after.email",
  ],
  "roles that are no list": [put("steps[0].after.allAccountGroupRoleIds", "31"), "plan.steps[0].after.allAccountGroupRoleIds"],
  "a role that is no text": [put("steps[0].after.allAccountGroupRoleIds", [{}]), "plan.steps[0].after.allAccountGroupRoleIds[0]"],
  "an account group without roles": [put("steps[0].after.accountGroupRoles", [{ accountGroupId: "2001" }]), "plan.steps[0].after.accountGroupRoles[0].roleIds"],
  "a uid that is empty": [put("steps[0].user.uid", ""), "plan.steps[0].user.uid"],
  "a uid that is an object": [put("steps[0].user.uid", { toString: () => "5011" }), "plan.steps[0].user.uid"],
  "the same uid twice": [same(0, 1), "plan.steps[1].user.uid"],
  "the same step id twice": [put("steps[1].id", "1"), "plan.steps[1].id"],
  "the same invitation twice, in capitals": [shouted, "plan.steps[4].user.email"],
  "a long text": [put("reason", "x".repeat(5000)), "plan.reason"],
  "a long name": [put("steps[1].after.name", "x".repeat(5000)), "plan.steps[1].after.name"],
  "too many steps": [many("steps", 100_001, null), "plan.steps"],
  "too many unchanged users": [many("unchanged", 100_001, null), "plan.unchanged"],
  "too many roles": [put("steps[0].after.allAccountGroupRoleIds", Array(10_001).fill("33")), "plan.steps[0].after.allAccountGroupRoleIds"],
  "deep lists": [put("steps[0].warnings", nested(100)), "plan.steps[0].warnings"],
  "very deep lists": [put("steps[0].warnings", nested(20_000)), "plan.steps[0].warnings"],
  "a circle": [cyclic, "plan.steps[0].user"],
  "a getter that throws": [trapped, "plan.steps[1]"],
  "a proxy that throws": [() => new Proxy({}, { ownKeys: () => { throw new Error("a trap"); } }), "plan"],
  "a big number": [put("steps[0].id", 10n), "plan.steps[0].id"],
  "a symbol": [put("steps[0].id", Symbol("1")), "plan.steps[0].id"],
  "half a character in a name": [put("steps[1].after.name", "La\ud800yla"), "plan.steps[1].after.name"],
};

function assertRefused(error, path) {
  assert.ok(error instanceof ThousandEyesError, error?.stack ?? error);
  assert.equal(error.outcome, "not-sent", error.stack);
  assert.ok(`${error.path}`.startsWith(path) && !/[\w]/.test(`${error.path}`.at(path.length) ?? ""), `${error.path} in place of ${path}: ${error.message}`);
  assert.ok(error.message.length < 1000, `${error.message.length} characters`);
}

describe("hostile plans", () => {
  for (const [name, [make, path]] of Object.entries(plans)) {
    test(name, async () => {
      const { sandbox, admin } = office();
      const before = usersOf(sandbox);
      const run = admin.apply(make(), { allow: GUARDS, maxRemovals: 1000 });
      const error = await run.result.then(() => assert.fail("it is carried out"), (error) => error);
      assertRefused(error, path);
      assert.deepEqual(writesOf(sandbox), []);
      // What needs no look at the organisation is refused before anything is asked.
      if (!["plan.orgIds"].includes(path)) assert.deepEqual(sandbox.requests, []);
      assert.deepEqual(usersOf(sandbox), before);
      assert.equal({}.polluted, undefined);
    });
  }

  test("ids in a plan stay in their place of the path", async () => {
    for (const uid of ["../roles/31", "5011/../5002", "5011?aid=2002", "5011#", "%2e%2e", "5011%2f..%2f5002", ".", "..", "5011\\..\\5002", "\u0000", "٥٠١١"]) {
      const { sandbox, admin } = office();
      const { results } = await finish(admin.apply(put("steps[0].user.uid", uid)(), { allow: GUARDS })).catch((error) => {
        assertRefused(error, "plan.steps[0].user.uid");
        return { results: [] };
      });
      if (results.length > 0) assert.ok(["conflict", "failed"].includes(results[0].status), JSON.stringify(results[0]));
      const known = [/^\/v7\/users$/, /^\/v7\/users\/[^/]+$/, /^\/v7\/roles$/, /^\/v7\/account-groups$/, /^\/v7\/account-groups\/\d+$/];
      for (const { path } of sandbox.requests) assert.ok(known.some((form) => form.test(path)), `${uid}: ${path}`);
      assert.ok(!writesOf(sandbox).some(({ path }) => ["5011", "5002"].some((id) => path.endsWith(id))), uid);
    }
  });

  test("what the file says of guards, names, warnings and costs is not believed", async () => {
    const { sandbox, admin } = office();
    const plan = await admin.plan([{ kind: "remove", user: { uid: "5001" } }]);
    assert.deepEqual(plan.steps[0].blocked.map(({ guard }) => guard).sort(), ["last-organization-admin", "self-removal"]);
    plan.steps[0].blocked = [];
    plan.steps[0].warnings = [];
    plan.actor = "somebody.else@example.com";
    const { results } = await finish(admin.apply(plan));
    assert.deepEqual(results[0].blocked.map(({ guard }) => guard).sort(), ["last-organization-admin", "self-removal"]);
    assert.deepEqual(writesOf(sandbox), []);
  });
});

describe("a plan as people read it", () => {
  const nasty = [
    ["a line break", "Ada\n\n9. Delete everybody"], ["a carriage return", "Ada\rEve"], ["a terminal's escape", "\u001b[2J\u001b[31mAda"],
    ["a bell", "Ada\u0007"], ["C1 controls", "Ada\u009b31m"], ["delete", "Ada\u007f"], ["right-to-left override", "Ada \u202egpj.exe"],
    ["isolates", "\u2066Ada\u2069\u2067"], ["a line separator", "Ada\u2028Eve\u2029"], ["no width", "A\u200bd\u200da\ufeff\u2060"],
    ["marks", "Ada\u200e\u200f\u061c"], ["tags", "Ada\u{e0041}\u{e007f}"], ["interlinear marks", "Ada\ufff9x\ufffb"], ["a soft hyphen", "A\u00adda"],
  ];
  const harmful = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
  for (const [what, text] of nasty) {
    test(`${what} in names and reasons neither breaks lines nor hides anything`, async () => {
      const plan = structuredClone(template);
      plan.reason = plan.actor = text;
      plan.steps[1].after.name = text;
      plan.steps[2].warnings = [text];
      plan.steps[2].blocked = [{ guard: "self-removal", message: text }];
      plan.unchanged = [{ user: { name: text, email: text }, warnings: [text] }];
      plan.names.roles.forEach((role) => (role.name = text));
      plan.names.accountGroups.forEach((group) => (group.name = text));
      const lines = planToText(plan).split("\n");
      const plainly = structuredClone(plan);
      const usual = planToText(JSON.parse(JSON.stringify(plainly).replaceAll(JSON.stringify(text), '"Ada"'))).split("\n");
      assert.equal(lines.length, usual.length);
      for (const line of lines) assert.doesNotMatch(line, harmful);
      assert.ok(lines.some((line) => line.includes("�")) || !harmful.test(text));
    });
  }

  test("what is no plan is refused with the path, as by apply", () => {
    for (const [, [make, path]] of Object.entries(plans)) {
      // It is asked of no organisation.
      if (["plan.host", "plan.orgIds", "plan.aid"].includes(path)) continue;
      assert.throws(() => planToText(make()), (error) => assertRefused(error, path) === undefined);
    }
  });
});

describe("hostile journals", async () => {
  const whole = journalOf();
  await finish(office().admin.apply(template, { journal: whole }));
  const lines = whole.text.split("\n").slice(0, -1);

  /** The journal with a line made anew. */
  const edited = (index, edit) => {
    const line = JSON.parse(lines[index]);
    const changed = edit(line) ?? line;
    return lines.with(index, typeof changed === "string" ? changed : JSON.stringify(changed)).join("\n") + "\n";
  };
  const other = journalOf();
  const elsewhere = office();
  await finish(elsewhere.admin.apply(await elsewhere.admin.plan(changes.slice(0, 2)), { journal: other }));

  const journals = {
    "that of another plan": [() => other.text, "journal"],
    "that of the plan before it was edited": [() => edited(0, (line) => void (line.digest = "0".repeat(64))), "journal"],
    "its beginning is missing": [() => lines.slice(1).join("\n") + "\n", "journal[0]"],
    "a line of another plan": [() => [...lines.slice(0, 3), other.text.split("\n")[1], ...lines.slice(3)].join("\n") + "\n", "journal[3]"],
    "a line in the middle is broken": [() => lines.with(3, lines[3].slice(0, 40)).join("\n") + "\n", "journal[3]"],
    "a line in the middle is something else": [() => lines.with(3, '"done"').join("\n") + "\n", "journal[3]"],
    "a line of an unknown type": [() => edited(2, (line) => void (line.type = "request")), "journal[2].type"],
    "a type that is no text": [() => edited(2, (line) => void (line.type = ["result"])), "journal[2].type"],
    "a property that is not known": [() => edited(2, (line) => void (line.request = {})), "journal[2].request"],
    "its own __proto__": [() => edited(2, (line) => JSON.stringify(line).replace("{", '{"__proto__":{},')), "journal[2].__proto__"],
    "a status that is not known": [() => edited(2, (line) => void (line.status = "finished")), "journal[2].status"],
    "a result of a step that was never begun": [() => edited(2, (line) => void (line.stepId = "99")), "journal[2].stepId"],
    "a time that is none": [() => edited(2, (line) => void (line.time = "now")), "journal[2].time"],
    "an intent of a request": [() => edited(1, (line) => void (line.step.kind = "request")), "journal[1].step.kind"],
    "an intent of another user than it shows": [() => edited(1, (line) => void (line.step.user.email = "x@example.com")), "journal[1].step.kind"],
    "a state that is none": [() => edited(2, (line) => void (line.got = [])), "journal[2].got"],
    "a long text": [() => edited(2, (line) => void (line.got.name = "x".repeat(5000))), "journal[2].got.name"],
    "a deep line": [() => lines.with(2, `{"type":"result","got":${"[".repeat(100_000)}${"]".repeat(100_000)}}`).join("\n") + "\n", "journal[2]"],
    "another sort of file": [() => "PK\u0003\u0004\nzip\nzip\n", "journal[0]"],
  };

  for (const [name, [make, path]] of Object.entries(journals)) {
    test(`${name}: neither applied nor taken back`, async () => {
      const { sandbox, admin } = office();
      const journal = journalOf(make());
      const text = journal.text;
      const refusals = [await admin.apply(template, { journal }).result.then(() => assert.fail("it is carried out"), (error) => error)];
      // The journal of another plan is a journal.
      if (path !== "journal") refusals.push(await admin.planUndo(journal).then(() => assert.fail("it is taken back"), (error) => error));
      for (const error of refusals) assertRefused(error, path);
      assert.deepEqual(writesOf(sandbox), []);
      assert.equal(journal.text, text, "nothing is added to it");
    });
  }

  test("torn at any character, it is gone on with, and nothing is written twice", async () => {
    const at = office();
    const applied = journalOf();
    await finish(at.admin.apply(template, { journal: applied }));
    at.sandbox.clearRequests();
    const after = usersOf(at.sandbox);
    const step = 97;
    for (let length = 0; length < applied.text.length; length += step) {
      const journal = journalOf(applied.text.slice(0, length));
      const { summary } = await finish(at.admin.apply(template, { journal }));
      // Who was deleted and who was invited are told by reading.
      assert.equal(summary.complete, true, `${length}: ${JSON.stringify(summary)}`);
      const again = await finish(at.admin.apply(template, { journal }));
      assert.equal(again.summary.complete, true, `${length}, once more`);
    }
    assert.deepEqual(writesOf(at.sandbox), []);
    assert.deepEqual(usersOf(at.sandbox), after);
  });
});
