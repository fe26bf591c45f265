// What holds of plans whatever they ask for, over all combinations of what the vendor's documentation leaves open.
// `ADMINISTRATION_SEED=17 node --test tests/administration/properties.test.mjs` repeats the cases of seed 17.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isDeepStrictEqual } from "node:util";

import { switches } from "../../www/sandbox/options.mjs";
import { combinations, someChanges, someRole } from "./cases.mjs";
import {
  GUARDS, ThousandEyesError, UnexpectedResultException, createRandom, diffUser, finish, hurry, journalOf, office, pick, seedOf,
  stateOfStep, stateOfUser, usersOf, withRole, withoutRole, writesOf,
} from "./support.mjs";

hurry();

const seed = seedOf("ADMINISTRATION_SEED");
const NOT_REACHED = ["conflict", "blocked", "failed", "unknown"];
/** Whether a step has reached its target for sure; else it must say why. Who is only assumed to be created may differ. */
const isReached = ({ status, created }) => !NOT_REACHED.includes(status) && created !== "assumed";

/** The addresses of users are one whatever the case of their letters. */
const sameEmail = (state) => state && { ...state, email: state.email?.toLowerCase() };

/** What an invitation leaves open the API may fill in. */
const defined = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

function findByEmail(users, email) {
  return [...users.values()].find((state) => state.email.toLowerCase() === email.toLowerCase());
}

const stateNow = (users, step) => (step.user.uid ? users.get(step.user.uid) : findByEmail(users, step.user.email));

/** Whether a step's user is what the step wants. */
function assertReached(users, step, about) {
  const now = stateNow(users, step);
  if (step.after === null) return assert.equal(now, undefined, `${about} is there`);
  assert.ok(now, `${about} is not there`);
  const after = stateOfStep(step.after);
  assert.deepEqual(sameEmail(step.before ? now : { ...now, ...defined(after) }), sameEmail(now), about);
  if (step.before) assert.deepEqual(sameEmail(now), sameEmail(after), about);
}

function assertUntouched(now, before, step, about) {
  assert.deepEqual(stateNow(now, step), stateNow(before, step), about);
}

const lifted = { allow: GUARDS, maxRemovals: 100 };
const invitation = { name: "New", loginAccountGroup: { id: "2001" }, roles: [{ role: { id: "33" }, accountGroup: { id: "2001" } }] };
const deputy = { kind: "grant", user: { uid: "5006" }, role: { id: "31" }, accountGroup: { id: "2003" } };
const renamed = (uid) => ({ kind: "update", user: { uid }, name: `Renamed ${uid}` });

/**
 * What is to become of which users. `targets` are the states that they shall have, `meanwhile` is what somebody else does between
 * the plan and applying it.
 */
const situations = {
  "changes by chance": (random, users, ownerShare) => ({
    ...someChanges(random, users, ownerShare),
    options: random() < 0.7 ? lifted : {},
  }),
  "the owner of the token is deleted, the only administrator": () => ({
    changes: [{ kind: "remove", user: { uid: "5001" } }, renamed("5005")],
    options: lifted,
  }),
  "the owner of the token is deleted": () => ({ changes: [deputy, { kind: "remove", user: { uid: "5001" } }, renamed("5005")], options: lifted }),
  "the owner of the token loses the role of an administrator": () => ({
    changes: [deputy, { kind: "revoke", user: { uid: "5001" }, role: { id: "31" }, allAccountGroups: true }, renamed("5005")],
    options: lifted,
  }),
  "the owner of the token gets another e-mail address first": () => ({
    changes: [{ kind: "update", user: { uid: "5001" }, email: "moved.owner@example.com" }, renamed("5005")],
    options: lifted,
  }),
  "somebody of another organisation is invited": () => ({
    changes: [{ kind: "invite", email: "new@elsewhere.example", ...invitation, loginAccountGroup: { id: "2002" } }, renamed("5005")],
    options: lifted,
  }),
  "somebody takes the e-mail address meanwhile, in capitals": () => ({
    changes: [{ kind: "update", user: { uid: "5005" }, email: "taken@example.com" }, { kind: "invite", email: "new@example.com", ...invitation }],
    meanwhile: async ({ users }) => {
      const request = { name: "Taken", loginAccountGroupId: "2001", accountGroupRoles: [{ accountGroupId: "2001", roleIds: ["402"] }] };
      // Some organisations answer that what they created is not there.
      for (const email of ["TAKEN@example.com", "NEW@example.com"]) await users.createUser({ ...request, email }).catch(() => {});
    },
    options: lifted,
  }),
};

/**
 * Plans changes, applies them, applies them again, takes them back; at each point what must hold holds. Gives what came of it, for
 * comparing.
 */
async function checkCase(situation, random, switchesOf, ownerShare) {
  const { sandbox, admin, client } = office({ ...switchesOf, users: 12 });
  const identity = await checkIdentity(random, sandbox, admin, client);
  sandbox.clearRequests();
  const initial = usersOf(sandbox);
  const { changes, targets, meanwhile, options } = situations[situation](random, initial, ownerShare);

  const plan = await admin.plan(changes, { reason: "property" });
  assert.equal(writesOf(sandbox).length, 0, "planning writes nothing");
  if (targets) checkPlan(plan, targets, initial);
  await meanwhile?.(client);
  const before = usersOf(sandbox);

  const journal = journalOf();
  const first = await finish(admin.apply(plan, { ...options, journal }));
  const after = usersOf(sandbox);
  checkResults(plan, first, before, after);
  const reached = new Set(first.results.filter(isReached).map(({ stepId }) => stepId));

  const end = (undo) => ({ identity, statuses: first.results.map(({ status, created }) => created ?? status), undo });

  // Once more with the journal, and once more without.
  for (const again of [{ journal }, {}]) {
    sandbox.clearRequests();
    if (!mayAdminister(sandbox)) return end("the token is of no more use");
    const second = await finish(admin.apply(plan, { ...options, ...again }));
    const now = usersOf(sandbox);
    checkResults(plan, second, after, now, reached);
    for (const { stepId, status } of second.results) {
      if (reached.has(stepId)) assert.equal(status, again.journal ? first.results[stepId - 1].status : "unchanged", "the second time");
    }
  }
  const last = usersOf(sandbox);
  if (!mayAdminister(sandbox)) return end("the token is of no more use");
  return end(await undone(admin, sandbox, plan, journal, before, last));
}

/** Whether the owner of the token is there, and may do everything still. */
function mayAdminister({ state, options }) {
  const owner = state.users.find(({ uid }) => uid === "5001");
  return owner?.allAccountGroupRoleIds.includes("31") && (owner.emailConfirmed || options.unconfirmedEmail === "allow");
}

/**
 * A role given and taken away leaves the user as it was, if the user did not have it; else giving it writes nothing. What the API
 * does not do is told.
 */
async function checkIdentity(random, sandbox, admin, client) {
  const uid = pick(random, [...usersOf(sandbox).keys()].filter((uid) => uid !== "5001"));
  const [aid, roleId] = someRole(random).grant.split("/");
  const role = aid === "all" ? { roleId, allAccountGroups: true } : { roleId, accountGroupId: aid };
  const before = await client.users.getUser(uid);
  const was = stateOfUser(before);
  const has = was.grants.includes(`${aid}/${roleId}`);
  const ended = [];
  for (const change of [withRole, withoutRole]) {
    const now = stateOfUser(await client.users.getUser(uid));
    const wanted = now.grants.includes(`${aid}/${roleId}`) !== (change === withRole);
    sandbox.clearRequests();
    try {
      const { changed, user, before } = await admin.modifyUser(uid, (user) => change(user, role), { allow: GUARDS });
      assert.equal(changed, wanted);
      assert.deepEqual(stateOfUser(before), now);
      const asked = change === withRole ? [...now.grants, `${aid}/${roleId}`] : now.grants.filter((grant) => grant !== `${aid}/${roleId}`);
      assert.deepEqual(stateOfUser(user), { ...now, grants: [...new Set(asked)].sort() });
      assert.deepEqual(stateOfUser(user), usersOf(sandbox).get(uid));
      const difference = diffUser(before, user);
      const [added, removed] = change === withRole ? [[role], []] : [[], [role]];
      assert.deepEqual([difference.fields, difference.added, difference.removed], [[], wanted ? added : [], wanted ? removed : []]);
      assert.equal(writesOf(sandbox).length, wanted ? 1 : 0);
      ended.push(changed);
    } catch (error) {
      if (!(error instanceof ThousandEyesError)) throw error;
      ended.push(error.outcome);
      if (error.outcome === "rejected") assert.deepEqual(usersOf(sandbox).get(uid), now);
      else assert.ok(error instanceof UnexpectedResultException, error);
    }
  }
  const isTold = ended.some((end) => typeof end === "string");
  if (!has && !isTold) assert.deepEqual(usersOf(sandbox).get(uid), was);
  return ended;
}

/** The steps of a plan are what the changes mean, and nobody else is in it. */
function checkPlan(plan, targets, before) {
  const planned = new Map(plan.steps.map((step) => [step.user.uid ?? step.user.email, step]));
  assert.equal(planned.size, plan.steps.length, "each user has one step");
  for (const [key, target] of targets) {
    const step = planned.get(key);
    const present = before.get(key);
    if (target && present && isEqual(target, present)) {
      assert.equal(step, undefined, `${key} is as it shall be`);
      assert.ok(plan.unchanged.some(({ user }) => user.uid === key));
      continue;
    }
    assert.ok(step, `no step for ${key}`);
    assert.equal(step.kind, target === undefined ? "remove" : present ? "update" : "invite");
    assert.deepEqual(step.before && stateOfStep(step.before), present ?? null);
    assert.deepEqual(step.after && stateOfStep(step.after), target ?? null);
    planned.delete(key);
  }
  assert.deepEqual([...planned.keys()], []);
}

function isEqual(one, other) {
  try {
    assert.deepEqual(one, other);
    return true;
  } catch {
    return false;
  }
}

/** Each step reached its target, or says why not and, unless that is not known, left the user alone. */
function checkResults(plan, { results, summary }, before, after, known = new Set()) {
  assert.deepEqual(results.map(({ stepId }) => stepId), plan.steps.slice(0, results.length).map(({ id }) => id));
  // Only a refused token ends a run before its last step.
  const left = plan.steps.length - results.length;
  if (left > 0) assert.match(results.at(-1).message, /status 401/);
  const touched = new Set();
  for (const [index, result] of results.entries()) {
    const step = plan.steps[index];
    const about = `${JSON.stringify(result)} of ${JSON.stringify(step)}`;
    if (isReached(result)) assertReached(after, step, about);
    else {
      assert.ok(!known.has(step.id), `${about} was reached before`);
      assert.ok(result.message.length > 20 && /[.!?]$/.test(result.message), `${about} says why`);
      if (!["unknown", "done"].includes(result.status)) assertUntouched(after, before, step, about);
    }
    if (step.user.uid) touched.add(step.user.uid);
  }
  for (const [uid, state] of before) if (!touched.has(uid)) assert.deepEqual(after.get(uid), state, `${uid} is in no step`);
  const count = (status) => results.filter((result) => result.status === status).length;
  const { planId, steps, complete, stopped, notReached, ...counts } = summary;
  assert.deepEqual(
    counts,
    { done: count("done"), unchanged: count("unchanged"), conflicts: count("conflict"), blocked: count("blocked"), failed: count("failed"), unknown: count("unknown") },
  );
  const isComplete = left === 0 && results.every(({ status }) => !NOT_REACHED.includes(status));
  assert.deepEqual([planId, steps, complete, stopped, notReached], [plan.planId, plan.steps.length, isComplete, left > 0, left]);
}

/** Takes back what was applied, and holds each user against what it was before. */
async function undone(admin, sandbox, plan, journal, before, after) {
  const results = new Map(journal.lines.filter(({ type }) => type === "result").map((line) => [line.stepId, line]));
  const undo = await admin.planUndo(journal, { reason: "back" });
  const { results: ended } = await finish(admin.apply(undo, { allow: GUARDS, maxRemovals: 100 }));
  const statuses = new Map(undo.steps.map(({ user }, index) => [user.uid, ended[index].status]));
  const now = usersOf(sandbox);
  for (const step of plan.steps) {
    const { status, created, uid, got } = results.get(step.id) ?? { status: "not reached" };
    // Answered with something else than was asked for, it was carried out all the same.
    const wasChanged = got && (step.before === null || !isDeepStrictEqual(stateOfStep(got), stateOfStep(step.before)));
    const wasWritten = status === "done" || (status === "unknown" && wasChanged);
    const about = `undo of ${JSON.stringify(step)}: ${status} ${created}`;
    if (!wasWritten || step.kind === "remove" || created === "assumed") {
      // A deleted user does not come back, and nobody is deleted who may be somebody else's.
      assert.ok(!undo.steps.some(({ user }) => user.uid === (uid ?? step.user.uid)), about);
      assertUntouched(now, after, step, about);
    } else if (statuses.get(uid) !== "done") {
      assert.ok(NOT_REACHED.includes(statuses.get(uid)), about);
    } else if (step.kind === "invite") {
      assert.equal(now.get(uid), undefined, about);
    } else {
      const was = before.get(uid);
      // No request can empty a login account group.
      assert.deepEqual(now.get(uid), { ...was, login: was.login ?? after.get(uid).login }, about);
    }
  }
  return ended.map(({ status }) => status);
}

/** What comes of a situation with these switches, by seeds that are always the same. */
async function outcomes(situation, options) {
  const all = [];
  const seeds = situation === "changes by chance" ? [1, 2, 3, 4, 5] : [1];
  for (const number of seeds) all.push(await checkCase(situation, createRandom(number), options, number % 2));
  return JSON.stringify(all);
}

const valuesOf = Object.fromEntries(Object.entries(switches).map(([name, { values }]) => [name, Object.keys(values)]));

/** One switch may be felt only where another one is not as usual. */
const behind = { "the owner of the token is deleted, the only administrator": { deleteSelf: "allow" } };

/** The switches that change what comes of a situation, and the others; each with its values. */
async function feltIn(situation) {
  const usually = Object.fromEntries(Object.entries(valuesOf).map(([name, [first]]) => [name, first]));
  const bases = [usually, ...(behind[situation] ? [{ ...usually, ...behind[situation] }] : [])];
  const [felt, others] = [{}, { ...valuesOf }];
  for (const base of bases) {
    const usual = await outcomes(situation, base);
    for (const [name, values] of Object.entries(others)) {
      const more = values.filter((value) => value !== base[name]);
      const results = await Promise.all(more.map((value) => outcomes(situation, { ...base, [name]: value })));
      if (results.every((result) => result === usual)) continue;
      felt[name] = values;
      delete others[name];
    }
  }
  return { felt, others };
}

describe(`plans over the switches of the sandbox, ADMINISTRATION_SEED=${seed}`, () => {
  const counts = {};
  const everFelt = new Set();
  for (const [number, situation] of Object.keys(situations).entries()) {
    test(`${situation}: it reaches its target or says why, changes nothing the second time, and can be taken back`, async (t) => {
      const { felt, others } = await feltIn(situation);
      const random = createRandom((seed + number) % 2 ** 31);
      const pairs = new Set();
      let combinationsSeen = 0;
      for (const chosen of combinations(random, felt, others)) {
        combinationsSeen += 1;
        const own = Math.floor(random() * 2 ** 31);
        try {
          const { identity, statuses } = await checkCase(situation, createRandom(own), chosen);
          for (const status of [...statuses, ...identity]) counts[status] = (counts[status] ?? 0) + 1;
        } catch (error) {
          error.message += `\nby checkCase("${situation}", createRandom(${own}), ${JSON.stringify(chosen)})`;
          throw error;
        }
        const entries = Object.entries(chosen);
        entries.forEach((one, index) => entries.slice(index + 1).forEach((other) => pairs.add(`${one} ${other}`)));
      }
      for (const name of Object.keys(felt)) everFelt.add(name);
      t.diagnostic(`${situation}: all ${combinationsSeen} combinations of ${Object.keys(felt).join(", ")}`);
      t.diagnostic(`beside them ${Object.keys(others).length} switches by chance: ${pairs.size} pairs of values`);
    });
  }

  test("every end of a step came up, and so did every switch that is known to change one", (t) => {
    t.diagnostic(`ends: ${JSON.stringify(counts)}`);
    for (const status of ["done", "true", "failed", "unknown", "blocked", "assumed"]) assert.ok(counts[status] > 0, `none is ${status}`);
    const known = [
      "createAnswer", "deleteSelf", "emailCase", "emptyAllAccountGroupRoleIds", "lastOrganizationAdmin", "loginAccountGroup",
      "otherOrganizationLogin", "requiredOnCreate", "requiredOnUpdate", "unconfirmedEmail",
    ];
    assert.deepEqual(known.filter((name) => !everFelt.has(name)), []);
  });
});
