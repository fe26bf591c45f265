// Where the application's functions run, and how jobs end: aborted, stopped, failed, closed. The first test is the first to load the
// jobs' WebAssembly, so it must stay first.
import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { getEventListeners } from "node:events";
import { setImmediate as turn, setTimeout as pause } from "node:timers/promises";
import { after, describe, test } from "node:test";

/** The memories of all WebAssembly that is made from here on: what is loaded when something is imported, and what later. */
const memories = [];
for (const name of ["instantiate", "Instance"]) {
  const own = WebAssembly[name];
  const note = (exports) => exports.memory && memories.push(exports.memory);
  if (name === "instantiate") {
    WebAssembly.instantiate = async (...given) => {
      const made = await own.call(WebAssembly, ...given);
      note((made.instance ?? made).exports);
      return made;
    };
  } else {
    WebAssembly.Instance = class extends own {
      constructor(...given) {
        super(...given);
        note(this.exports);
      }
    };
  }
}

const {
  ApiTypeError, ClientClosedException, ThousandEyesError, finish, hurry, journalOf, office, planToText, usersOf, writesOf,
} = await import("./support.mjs");

const unhandled = [];
process.on("unhandledRejection", (error) => unhandled.push(error));
after(() => assert.deepEqual(unhandled, [], "nothing is rejected that nobody handles"));

const changes = [
  { kind: "grant", user: { uid: "5011" }, role: { name: "Auditor" }, accountGroup: { name: "Test Lab" } },
  { kind: "update", user: { uid: "5009" }, name: "Layla" },
  { kind: "remove", user: { uid: "5012" } },
  { kind: "invite", email: "new@example.com", name: "New", roles: [{ role: { id: "33" }, accountGroup: { id: "2001" } }] },
];
const invited = { email: "new@example.com", name: "New" };
const failure = (promise) => promise.then((value) => assert.fail(`it ended with ${JSON.stringify(value)}`), (error) => error);

describe("the caller's context", () => {
  const storage = new AsyncLocalStorage();

  test("change, journal, onProgress and fetch run in it, for jobs side by side and while the first of them loads", async () => {
    const seen = {};
    const note = (what, caller) => {
      seen[what] = (seen[what] ?? 0) + 1;
      assert.equal(storage.getStore(), caller, what);
    };
    const at = office({ users: 40 });
    const jobsOf = async (caller) => {
      const uid = String(5011 + caller);
      const fetch = (url, init) => (note("fetch", caller), at.sandbox.fetch(url, init));
      const { admin } = at.clientOf({ fetch });
      const journal = journalOf();
      const watched = {
        read: async () => (note("read", caller), journal.read()),
        append: async (line) => {
          note("append", caller);
          await turn();
          note("append, later", caller);
          await journal.append(line);
        },
      };
      const onProgress = () => note("onProgress", caller);
      const modified = await admin.modifyUser(uid, async (user) => {
        note("change", caller);
        await turn();
        note("change, later", caller);
        return { name: `${user.name} ${caller}` };
      });
      note("behind modifyUser", caller);
      assert.ok(modified.changed);
      const plan = await admin.plan([{ kind: "update", user: { uid }, name: `Planned ${caller}` }], { onProgress });
      const run = admin.apply(plan, { journal: watched, onProgress });
      for await (const { status } of run) {
        note("the loop", caller);
        assert.equal(status, "done");
      }
      await run.result.then(() => note("behind result", caller));
      await admin.planUndo(watched);
      await admin.accessReport({ onProgress });
    };
    await Promise.all(Array.from({ length: 12 }, (_, caller) => storage.run(caller, jobsOf, caller)));
    const expected = { "change": 12, "change, later": 12, read: 24, append: 36, "append, later": 36, "behind modifyUser": 12, "the loop": 12, "behind result": 12 };
    for (const [what, count] of Object.entries(expected)) assert.equal(seen[what], count, what);
    assert.ok(seen.onProgress >= 12 * 6 && seen.fetch > 12 * 20, JSON.stringify(seen));
  });

  test("run in it wherever a job is begun from: a loop that is left and taken up in other contexts", async () => {
    const { admin } = office();
    const plan = await admin.plan(changes);
    const contexts = new Set();
    const journal = { ...journalOf(), append: async () => void contexts.add(storage.getStore()), read: async () => "" };
    const run = storage.run("who begins", () => admin.apply(plan, { journal, onProgress: () => contexts.add(storage.getStore()) }));
    await storage.run("who reads", () => finish(run));
    assert.deepEqual([...contexts], ["who begins"]);
  });
});

/** Things that happen while a job runs, each of which may be the one at which something else happens. */
class Moments {
  #at;
  #act;
  #waits;
  count = 0;
  /** @param {number} at which moment, from 1 @param {() => void} act what happens then @param {boolean} waits whether the moment never passes */
  constructor(at, act, waits) {
    [this.#at, this.#act, this.#waits] = [at, act, waits];
  }

  async pass() {
    this.count += 1;
    if (this.count !== this.#at) return;
    this.#act();
    if (this.#waits) await new Promise(() => {});
  }
}

/** Everything that a job asks of the outside passes moments. */
function passing(moments, sandbox, journal) {
  return {
    fetch: async (url, init) => {
      await moments.pass();
      const answer = await sandbox.fetch(url, init);
      await moments.pass();
      return answer;
    },
    journal: {
      read: async () => {
        await moments.pass();
        return journal.text;
      },
      append: async (line) => {
        await moments.pass();
        await journal.append(line);
        await moments.pass();
      },
    },
    onProgress: () => void moments.pass(),
    change: async (user) => {
      await moments.pass();
      return { name: `${user.name}!` };
    },
  };
}

const plan = await office().admin.plan(changes);
const applied = journalOf();
await finish(office().admin.apply(plan, { journal: applied }));

const jobs = {
  modifyUser: ({ admin }, { change }, signal) => admin.modifyUser("5009", change, { signal }),
  findUser: ({ admin }, _, signal) => admin.findUser("new@example.com", { signal }),
  inviteUser: ({ admin }, _, signal) => admin.inviteUser(invited, { signal }),
  plan: ({ admin }, { onProgress }, signal) => admin.plan(changes, { signal, onProgress }),
  planUndo: ({ admin }, { journal }, signal) => admin.planUndo({ read: async () => ((await journal.read()), applied.text) }, { signal }),
  accessReport: ({ admin }, { onProgress }, signal) => admin.accessReport({ signal, onProgress }),
  apply: ({ admin }, { journal, onProgress }, signal) => admin.apply(plan, { journal, onProgress, signal }).result,
};

describe("a signal", () => {
  for (const [name, begin] of Object.entries(jobs)) {
    for (const waits of [true, false]) {
      test(`ends ${name} at every moment, where that ${waits ? "never passes" : "passes all the same"}`, async (t) => {
        let ended = 0;
        let at = 1;
        for (let isReached = true; isReached; at += 1) {
          const { sandbox, clientOf } = office();
          const before = usersOf(sandbox);
          const journal = journalOf();
          const controller = new AbortController();
          const reason = { why: `moment ${at}` };
          let sent;
          const moments = new Moments(at, () => (controller.abort(reason), (sent = writesOf(sandbox).length)), waits);
          const outside = passing(moments, sandbox, journal);
          const work = begin(clientOf({ fetch: outside.fetch }), outside, controller.signal);
          const end = await work.then((value) => ({ value }), (error) => ({ error }));
          isReached = moments.count >= at;
          if (!isReached) {
            assert.equal("error" in end, false, end.error?.stack);
            break;
          }
          if ("error" in end) {
            ended += 1;
            assert.equal(end.error, reason, `moment ${at}: ${end.error?.stack}`);
          } else {
            // All was done by then: nobody waits for whoever watches.
            assert.equal(moments.count, at, `moment ${at} of ${name} ended nothing`);
          }
          assert.equal(getEventListeners(controller.signal, "abort").length, 0, "it leaves the signal");
          for (let turns = 0; turns < 5; turns += 1) await turn();
          assert.ok(writesOf(sandbox).length <= sent + 1, `moment ${at}: it goes on writing`);
          if (name === "apply") await resumed(sandbox, clientOf, journal, before, at);
        }
        t.diagnostic(`${name}: ${at - 1} moments`);
        assert.ok(ended > 0);
      });
    }
  }

  /** What an aborted run left behind is gone on with, and nothing is written twice. */
  async function resumed(sandbox, clientOf, journal, before, at) {
    const { summary, results } = await finish(clientOf().admin.apply(plan, { journal }));
    assert.equal(summary.complete, true, `moment ${at}: ${JSON.stringify(results)}`);
    const executed = sandbox.requests.filter(({ method, executed }) => method !== "GET" && executed);
    assert.equal(executed.length, plan.steps.length, `moment ${at}: ${executed.map(({ method, path }) => `${method} ${path}`)}`);
    const now = usersOf(sandbox);
    assert.equal(now.size, before.size);
    assert.deepEqual(now.get("5009").name, "Layla");
  }

  for (const [name, begin] of Object.entries(jobs)) {
    test(`that was aborted before keeps ${name} from asking for anything`, async () => {
      const { sandbox, clientOf } = office();
      const reason = new Error("before");
      const journal = journalOf();
      const outside = passing(new Moments(0), sandbox, journal);
      assert.equal(await failure(begin(clientOf({ fetch: outside.fetch }), outside, AbortSignal.abort(reason))), reason);
      assert.deepEqual([sandbox.requests, journal.text], [[], ""]);
    });
  }

  test("ends the pause before another look, at once", async () => {
    const { sandbox, admin } = office();
    sandbox.faults.add({ fault: "connection-reset", when: "before", match: { method: "POST" } });
    const controller = new AbortController();
    const start = performance.now();
    const invitation = admin.inviteUser(invited, { signal: controller.signal });
    while (sandbox.requests.filter(({ method }) => method === "GET").length < 2) await pause(5);
    setTimeout(() => controller.abort("enough"), 50);
    assert.equal(await failure(invitation), "enough");
    assert.ok(performance.now() - start < 2000);
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  });

  test("ends one job of many that share it with all the others", async () => {
    const { admin } = office();
    const controller = new AbortController();
    const append = () => new Promise(() => {});
    const runs = Array.from({ length: 30 }, () => admin.apply(plan, { journal: { read: async () => "", append }, signal: controller.signal }));
    await pause(50);
    assert.equal(getEventListeners(controller.signal, "abort").length, 1);
    controller.abort("all");
    for (const run of runs) assert.equal(await failure(run.result), "all");
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  });
});

describe("a run", () => {
  test("stops after the step under way where its loop is left, and tells how far it came", async () => {
    for (const leave of ["break", "throw", "return"]) {
      const { sandbox, admin } = office();
      const run = admin.apply(plan);
      const loop = async () => {
        for await (const result of run) {
          assert.equal(result.stepId, "1");
          if (leave === "break") break;
          if (leave === "return") return;
          throw new RangeError("enough");
        }
      };
      if (leave === "throw") await assert.rejects(loop(), RangeError);
      else await loop();
      const { done, notReached, stopped, complete } = await run.result;
      // The next one may have begun already.
      assert.ok(done === 1 || done === 2, `${done} steps`);
      assert.deepEqual([done + notReached, stopped, complete], [4, true, false]);
      assert.equal(writesOf(sandbox).length, done);
    }
  });

  test("stops after the step under way, where it is told to", async () => {
    const { sandbox, admin } = office();
    const none = admin.apply(plan);
    none.stop();
    none.stop();
    assert.deepEqual((({ done, stopped, notReached }) => ({ done, stopped, notReached }))(await none.result), { done: 0, stopped: true, notReached: 4 });
    assert.deepEqual(writesOf(sandbox), []);
    const some = admin.apply(plan);
    const results = [];
    for await (const result of some) {
      results.push(result);
      if (result.stepId === "2") some.stop();
    }
    const summary = await some.result;
    assert.equal(results.length, summary.done);
    assert.ok(summary.done >= 2 && summary.done <= 3 && summary.stopped);
    const rest = admin.apply(plan);
    await rest.result;
    rest.stop();
    assert.equal((await rest.result).stopped, false);
  });

  test("stops at the first step that is not carried out, where that is asked for", async () => {
    const { sandbox, admin } = office();
    sandbox.faults.add({ fault: "error", status: 400, match: { method: "PUT" } });
    const { results, summary } = await finish(admin.apply(plan, { stopOnFailure: true }));
    assert.deepEqual([results.length, results[0].status, summary.failed, summary.notReached, summary.stopped], [1, "failed", 1, 3, true]);
  });

  test("gives each loop all results, also a loop that comes late", async () => {
    const { admin } = office();
    const run = admin.apply(plan);
    const all = await Promise.all([finish(run), finish(run)]);
    all.push(await finish(run));
    for (const { results } of all) assert.deepEqual(results.map(({ stepId }) => stepId), ["1", "2", "3", "4"]);
  });

  test("fails in the loop as in its result, and each of them alone is enough", async () => {
    const { sandbox, admin } = office();
    const loop = async (run) => {
      for await (const _ of run) assert.fail("a result");
    };
    for (const begin of [() => admin.apply({}), () => admin.apply(plan, { journal: { read: async () => "{", append: () => Promise.reject(new Error("full")) } })]) {
      const run = begin();
      const [one, other] = await Promise.all([failure(run.result), failure(loop(run))]);
      assert.equal(one, other);
      assert.equal(await failure(loop(begin())).then(({ message }) => message), one.message);
      assert.equal(await failure(begin().result).then(({ message }) => message), one.message);
    }
    await turn();
    assert.deepEqual(unhandled, []);
    assert.deepEqual(writesOf(sandbox), []);
  });

  test("ends where the client is closed, and can be gone on with", async () => {
    for (let at = 1; at <= 4; at += 1) {
      const { sandbox, clientOf } = office();
      const journal = journalOf();
      const client = clientOf();
      const error = await failure((async () => {
        for await (const { stepId } of client.admin.apply(plan, { journal })) if (stepId === String(at)) client.close();
      })()).catch((error) => error);
      if (at < 4) assert.ok(error instanceof ClientClosedException, error?.stack);
      const { summary } = await finish(clientOf().admin.apply(plan, { journal }));
      assert.equal(summary.complete, true);
      assert.equal(sandbox.requests.filter(({ method, executed }) => method !== "GET" && executed).length, 4);
    }
  });

  test("is begun at once, whether anybody looks or not", async () => {
    const { sandbox, admin } = office();
    const run = admin.apply(plan);
    while (writesOf(sandbox).length < 4) await pause(5);
    assert.equal((await run.result).complete, true);
  });
});

describe("what the application gives", () => {
  const full = new Error("the disk is full");
  const journals = {
    "read throws": [{ read: () => { throw full; }, append: async () => {} }, full],
    "read rejects": [{ read: async () => { throw full; }, append: async () => {} }, full],
    "append throws": [{ read: async () => "", append: () => { throw full; } }, full],
    "append rejects with no error": [{ read: async () => "", append: () => Promise.reject(undefined) }, undefined],
    "read gives bytes": [{ read: async () => new Uint8Array(3), append: async () => {} }, "journal"],
    "read gives nothing": [{ read: async () => {}, append: async () => {} }, "journal"],
  };
  for (const [name, [journal, expected]] of Object.entries(journals)) {
    test(`a journal whose ${name} ends the run before anything is written`, async () => {
      const { sandbox, admin } = office();
      const error = await failure(admin.apply(plan, { journal }).result);
      if (typeof expected === "string") assert.ok(error instanceof ApiTypeError && error.path === expected, error);
      else assert.equal(error, expected);
      assert.deepEqual(writesOf(sandbox), []);
    });
  }

  test("a journal that fails later ends the run there, and what was begun is found out the next time", async () => {
    for (let left = 0; left < 9; left += 1) {
      const { sandbox, admin } = office();
      const kept = journalOf();
      let lines = left;
      const journal = {
        read: () => kept.read(),
        append: async (line) => {
          if ((lines -= 1) < 0) throw full;
          await kept.append(line);
        },
      };
      assert.equal(await failure(admin.apply(plan, { journal }).result), full);
      const written = writesOf(sandbox).length;
      assert.equal(written, Math.floor(left / 2), `${left} lines`);
      const { summary } = await finish(admin.apply(plan, { journal: kept }));
      assert.equal(summary.complete, true);
      assert.equal(writesOf(sandbox).length, 4);
    }
  });

  test("what was begun stays unknown while it cannot be read, and is taken back like all the rest", async () => {
    const { sandbox, admin } = office();
    const before = usersOf(sandbox);
    const kept = journalOf();
    const journal = { read: () => kept.read(), append: async (line) => (line.includes('"result"') ? Promise.reject(full) : kept.append(line)) };
    assert.equal(await failure(admin.apply(plan, { journal }).result), full);
    assert.notDeepEqual(usersOf(sandbox), before);
    sandbox.faults.add({ fault: "error", status: 403, match: { path: "/users/5011" } });
    const { results: [result] } = await finish(admin.apply(plan, { journal: kept }));
    assert.equal(result.status, "unknown");
    const { results: [again] } = await finish(admin.apply(plan, { journal: kept }));
    assert.equal(again.status, "done");
    const undo = await admin.planUndo(kept);
    assert.deepEqual(undo.steps.map(({ user }) => user.uid).sort(), ["5009", "5011", "5013"]);
  });

  test("what is no journal, or half of one, is refused with its path", async () => {
    const { sandbox, admin } = office();
    for (const journal of ["journal.jsonl", 7, {}, [], { read: async () => "" }, { append: async () => {} }, { read: 1, append: 2 }, () => {}]) {
      const error = await failure(admin.apply(plan, { journal }).result);
      assert.ok(error instanceof ThousandEyesError && error.path?.startsWith("options.journal"), `${JSON.stringify(journal)}: ${error?.stack}`);
      assert.equal(error.outcome, "not-sent");
    }
    for (const journal of [undefined, null, "", {}, { read: 1 }, { append: async () => {} }]) {
      const error = await failure(admin.planUndo(journal));
      assert.ok(error instanceof ThousandEyesError && error.path?.startsWith("journal"), error?.stack);
    }
    assert.deepEqual(sandbox.requests, []);
  });

  test("a journal may be an instance of a class", async () => {
    class File {
      #text = "";
      async read() {
        return this.#text;
      }
      async append(line) {
        this.#text += line;
      }
    }
    const { admin } = office();
    const journal = Object.freeze(new File());
    await finish(admin.apply(plan, { journal }));
    assert.equal((await journal.read()).split("\n").length, 10);
    assert.equal((await admin.planUndo(journal)).steps.length, 3);
  });

  test("two runs at once by one journal are refused, one after the other are not", async () => {
    const { sandbox, admin } = office();
    const plan = await admin.plan(changes);
    const journal = journalOf();
    const [first, second] = [admin.apply(plan, { journal }), admin.apply(plan, { journal })];
    const refusal = await failure(second.result);
    assert.ok(refusal instanceof ApiTypeError);
    assert.deepEqual([refusal.path, refusal.outcome], ["options.journal", "not-sent"]);
    assert.equal((await first.result).done, 4);
    const writes = writesOf(sandbox).length;
    assert.equal((await admin.apply(plan, { journal }).result).done, 4);
    assert.equal(writesOf(sandbox).length, writes);
    // Also after a run that failed.
    const broken = Object.assign(journalOf(), { append: () => Promise.reject(new Error("full")) });
    for (let run = 0; run < 2; run += 1) assert.equal((await failure(admin.apply(plan, { journal: broken }).result)).message, "full");
  });

  test("a write that must be sent again, or wait for the rate limit, is decided by a fresh look", async () => {
    for (const refuse of [
      () => new Response("{}", { status: 429, headers: { "Retry-After": "1" } }),
      () => new Response("{}", { status: 503 }),
    ]) {
      for (const hasRival of [false, true]) {
        const { sandbox, clientOf, admin } = office();
        let isDue = true;
        const fetch = async (url, init) => {
          if (init.method !== "PUT" || !isDue) return sandbox.fetch(url, init);
          isDue = false;
          if (hasRival) await admin.modifyUser("5009", () => ({ name: "Rival" }));
          return refuse();
        };
        const changing = clientOf({ fetch, maxRetries: 2 }).admin.modifyUser("5009", () => ({ name: "Layla" }));
        if (hasRival) {
          const { code, outcome } = await failure(changing);
          assert.deepEqual([code, outcome], refuse().status === 429 ? ["conflict", "not-sent"] : ["service-error", "unknown"]);
        } else {
          assert.equal((await changing).user.name, "Layla");
        }
        assert.equal(writesOf(sandbox).length, 1);
      }
    }
    // What the server asks for that is longer than a call may wait is not waited for.
    for (const [retryAfter, limits] of [["300", {}], ["40", { queueTimeout: 5000 }]]) {
      const { sandbox, clientOf } = office();
      const refuse = () => new Response("{}", { status: 429, headers: { "Retry-After": retryAfter } });
      const fetch = (url, init) => (init.method === "PUT" ? refuse() : sandbox.fetch(url, init));
      const began = performance.now();
      assert.equal((await failure(clientOf({ fetch, maxRetries: 2, ...limits }).admin.modifyUser("5009", () => ({ name: "Layla" })))).status, 429);
      assert.ok(performance.now() - began < 5000);
    }
    // Where calls always queue, none looks again for ever.
    {
      const { sandbox, clientOf } = office();
      const fetch = async (url, init) => (await pause(150), sandbox.fetch(url, init));
      const busy = clientOf({ fetch, maxConcurrency: 1 });
      const names = Array.from({ length: 24 }, (_, index) => `Layla ${index}`);
      await Promise.all(names.map((name) => busy.admin.modifyUser("5009", () => ({ name })).catch(({ code }) => assert.equal(code, "conflict"))));
      assert.ok(sandbox.requests.length <= 24 * 6, `${sandbox.requests.length} requests`);
    }
    // The window is spent behind the first look: the write is not held back until it ends, but decided anew then.
    const { sandbox, clientOf } = office();
    let told = 0;
    const fetch = async (url, init) => {
      const response = await sandbox.fetch(url, init);
      const headers = new Headers(response.headers);
      const end = `${Math.ceil(Date.now() / 1000) + 1}`;
      const rest = told++ === 0 ? "0" : "200";
      for (const [name, value] of [["limit", "240"], ["remaining", rest], ["reset", end]]) headers.set(`x-organization-rate-limit-${name}`, value);
      return new Response(await response.text(), { status: response.status, headers });
    };
    const { user } = await clientOf({ fetch }).admin.modifyUser("5009", () => ({ name: "Layla" }));
    assert.equal(user.name, "Layla");
    assert.deepEqual(sandbox.requests.map(({ method }) => method), ["GET", "GET", "PUT"]);
  });

  test("a change that throws, waits, or gives nothing of use", async () => {
    const { sandbox, admin } = office();
    const bug = new Error("a bug");
    assert.equal(await failure(admin.modifyUser("5009", () => { throw bug; })), bug);
    assert.equal(await failure(admin.modifyUser("5009", async () => { throw bug; })), bug);
    assert.equal(await failure(admin.modifyUser("5009", () => Promise.reject(null))), null);
    for (const given of [undefined, null, "name", 7, [], new Map(), { nme: "x" }, { name: 7 }, { email: "no address" }, { accountGroupRoles: {} }]) {
      const error = await failure(admin.modifyUser("5009", () => given));
      assert.ok(error instanceof ThousandEyesError && error.path.startsWith("change"), `${JSON.stringify(given)}: ${error.stack}`);
      assert.equal(error.outcome, "not-sent");
    }
    for (const change of [undefined, null, {}, "x"]) assert.equal((await failure(admin.modifyUser("5009", change))).path, "change");
    assert.deepEqual(writesOf(sandbox), []);
    let calls = 0;
    const thenable = { then: (resolve) => resolve({ name: `thenable ${(calls += 1)}` }) };
    const { user, changed } = await admin.modifyUser("5009", () => thenable);
    assert.deepEqual([user.name, changed, calls], ["thenable 1", true, 1]);
  });

  test("what change is given is its own: what it does to that changes nothing", async () => {
    const { sandbox, admin } = office();
    const { before, user } = await admin.modifyUser("5009", (user) => {
      user.accountGroupRoles.length = 0;
      user.name = "spoilt";
      return { name: "Layla" };
    });
    assert.notEqual(before.name, "spoilt");
    assert.equal(before.accountGroupRoles.length, 2);
    assert.equal(user.accountGroupRoles.length, 2);
    assert.equal(writesOf(sandbox).length, 1);
  });

  test("whoever watches changes nothing", async () => {
    const { admin } = office();
    const events = [];
    const watch = [
      () => { throw new Error("a bug"); },
      async () => { throw new Error("a bug"); },
      () => new Promise(() => {}),
      (event) => void events.push(event),
    ];
    for (const onProgress of watch) {
      const made = await admin.plan(changes, { onProgress });
      assert.equal((await finish(office().admin.apply(made, { onProgress }))).summary.complete, true);
    }
    await turn();
    assert.ok(events.length >= 8);
    for (const event of events) assert.ok(event.done <= event.total && Object.keys(event).every((name) => ["done", "total", "waitingUntil"].includes(name)));
    assert.deepEqual(events.at(-1), { done: 4, total: 4 });
  });
});

test("1,000 jobs leave no memory behind, however they end", async () => {
  hurry();
  const [{ sandbox, admin }, applying] = [office(), office()];
  const signal = new AbortController().signal;
  const soon = () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort("soon"));
    return controller.signal;
  };
  const ends = [
    () => admin.plan(changes, { signal }),
    () => failure(admin.apply({}, { signal }).result),
    () => applying.admin.apply(plan, { signal }).result,
    () => admin.modifyUser("5009", () => ({}), { signal }),
    () => failure(admin.modifyUser("5009", () => { throw new Error("a bug"); }, { signal })),
    () => failure(admin.apply(plan, { journal: { read: () => new Promise(() => {}), append() {} }, signal: soon() }).result),
    () => failure(admin.modifyUser("5001", () => ({ allAccountGroupRoleIds: [] }), { signal })),
    () => admin.findUser("new@example.com", { signal }),
    () => admin.planUndo(journalOf(applied.text), { signal }),
    () => planToText(plan),
  ];
  const some = async (count) => {
    for (let index = 0; index < count; index += 1) {
      await ends[index % ends.length]();
      if (index % 50 === 0) [sandbox, applying.sandbox].forEach((sandbox) => sandbox.clearRequests());
    }
  };
  await some(100);
  const sizes = () => memories.map(({ buffer }) => buffer.byteLength);
  const before = sizes();
  await some(1000);
  assert.ok(before.length >= 2, "the client's and the jobs'");
  assert.deepEqual(sizes(), before);
  assert.equal(getEventListeners(signal, "abort").length, 0);
});
