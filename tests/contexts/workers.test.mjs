// Cloudflare Workers: thirty requests at once share one client. Each is answered, with its own token, and waits for no
// other one: workerd cancels a request that does.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { serve } from "@hono/node-server";

import { ensure } from "../../toolchain.mjs";
import { startWorker } from "../environments/wrangler.mjs";
import { install } from "../package/support.mjs";
import { versionOf } from "./installed.mjs";

ensure(["npm", "environments"], () => {});

const PEOPLE = 30;
/** A request that is not answered by then never is. */
const PATIENCE = 15_000;

/** The oldest date is that of many a Worker that nobody has touched since; a workerd knows no later one than its own. */
const workerdDate = versionOf("workerd").replace(/^.*\.(\d{4})(\d{2})(\d{2})\..*$/, "$1-$2-$3");
const dates = { "2024-01-01": "nodejs_als", [workerdDate]: "nodejs_compat" };

const requests = new Map();
/** For each client the second in which its limit is reset. */
const resets = new Map();

/** What the API does in a situation; `token` is that of a person and the count of their tokens, such as `ann-1`. */
const situations = {
  async answered(token) {
    await pause(200);
    return answer(200, token);
  },
  async refused(token) {
    await pause(50);
    return answer(token.endsWith("-1") ? 401 : 200, token);
  },
  limited: (token, _, client) => {
    const second = Math.floor(Date.now() / 1000);
    const reset = resets.get(client) ?? second + 2;
    resets.set(client, reset);
    return second < reset ? answer(429, token, { resetIn: reset - second }) : answer(200, token);
  },
  spent: (token) => answer(200, token, token.startsWith("last") ? { resetIn: 2 } : {}),
  granted: (token) => situations.answered(token),
  silent: (token) => (token.startsWith("silent") ? new Promise(() => {}) : situations.answered(token)),
  left: (token) => (token.startsWith("leaving") ? new Promise(() => {}) : situations.answered(token)),
  async jobs(token, _count, _client, request) {
    const isOfOneUser = /\/users\/\w+$/.test(request.url);
    // Whoever leaves does so in the middle of a job.
    if (token.startsWith("leaving") && isOfOneUser) return new Promise(() => {});
    await pause(50);
    if (token.startsWith("renewing") && token.endsWith("-1") && isOfOneUser) return answer(401, token);
    const uid = token.replace(/-\d$/, "");
    const user = { uid, name: token, email: `${uid}@example.com`, accountGroupRoles: [], allAccountGroupRoles: [] };
    if (!isOfOneUser) return Response.json({ users: [user] });
    return Response.json(request.method === "PUT" ? { ...user, ...(await request.json()) } : user);
  },
};

function answer(status, token, { resetIn } = {}) {
  const now = Math.floor(Date.now() / 1000);
  const headers = { "content-type": "application/json", date: new Date(now * 1000).toUTCString() };
  if (resetIn) {
    headers["x-organization-rate-limit-limit"] = "240";
    headers["x-organization-rate-limit-remaining"] = "0";
    headers["x-organization-rate-limit-reset"] = String(now + resetIn);
  }
  return new Response(JSON.stringify({ uid: "1", name: token }), { status, headers });
}

function respond(request) {
  const [, client, , , person] = new URL(request.url).pathname.split("/");
  const token = request.headers.get("authorization").replace("Bearer te-token-of-", "");
  const key = `${client} ${person}`;
  requests.set(key, (requests.get(key) ?? 0) + 1);
  return situations[client.split("-")[0]](token, requests.get(key), `${client} ${token.replace(/\d.*/, "")}`, request);
}

const project = await install();
const api = await new Promise((listening) => {
  const server = serve({ fetch: respond, hostname: "127.0.0.1", port: 0 }, () => listening(server));
});
after(() => {
  api.closeAllConnections();
  api.close();
});
await project.write("settings.js", `export const api = "http://127.0.0.1:${api.address().port}";`);
await project.write("worker.js", await readFile(new URL("worker.js", import.meta.url)));

for (const [date, flag] of Object.entries(dates)) {
  describe(`workerd as of ${date}`, { concurrency: 2 }, () => {
    let worker;

    before(async () => {
      requests.clear();
      resets.clear();
      const settings = { name: "shared", main: "worker.js", compatibility_date: date, compatibility_flags: [flag] };
      await project.write("wrangler.json", JSON.stringify(settings));
      worker = await startWorker(project.path());
    });

    after(() => worker?.stop());

    /** Asks the Worker for something of so many people's at once. */
    async function ask(client, { group, count = PEOPLE, token = "provider", timeout = 30_000, patience = PATIENCE }) {
      const people = Array.from({ length: count }, (_, at) => `${group}${String(at).padStart(2, "0")}`);
      const request = async (person) => {
        const address = `${worker.url}/${client}/${person}?token=${token}&timeout=${timeout}`;
        const response = await fetch(address, { signal: AbortSignal.timeout(patience) });
        return response.ok ? response.json() : { error: `the Worker answered ${response.status}` };
      };
      const settled = await Promise.allSettled(people.map(request));
      const told = ({ value, reason }) => value ?? { error: `never answers: ${reason.name}` };
      return settled.map((one, at) => ({ person: people[at], ...told(one) }));
    }

    function assertAnswered(answers, which) {
      const wrong = answers.filter(({ person, name, context }) => name !== `${person}-${which}` || context !== person);
      const texts = wrong.slice(0, 5).map((answer) => JSON.stringify(answer));
      assert.ok(wrong.length === 0, `${wrong.length} of ${PEOPLE} are not answered with their own:\n${texts.join("\n")}`);
    }

    for (const made of ["made-with-the-module", "made-by-a-request"]) {
      describe(`one client, ${made.replaceAll("-", " ")}`, { concurrency: 1 }, () => {
        for (const token of ["provider", "call"]) {
          describe(token === "provider" ? "its provider reads AsyncLocalStorage" : "each call has an accessToken", () => {
            test("all are answered, each with its own token", async () => {
              assertAnswered(await ask(`answered-${made}`, { group: token, token }), 1);
            });

            test("all tokens are refused, and each is replaced by its own", async () => {
              assertAnswered(await ask(`refused-${made}`, { group: token, token }), 2);
            });

            test("all are told to wait for the rate limit, and answered when it is reset", async () => {
              assertAnswered(await ask(`limited-${made}`, { group: token, token }), 1);
            });

            test("all are held back by a spent rate limit, and answered when it is reset", async () => {
              assert.equal((await ask(`spent-${made}`, { group: "last", count: 1, token }))[0].name, "last00-1");
              const start = performance.now();
              assertAnswered(await ask(`spent-${made}`, { group: token, token }), 1);
              assert.ok(performance.now() - start > 1000, "they were held back");
            });
          });
        }

        test("all ask a store, which lets them wait and then go", async () => {
          assertAnswered(await ask(`granted-${made}`, { group: "granted" }), 1);
        });

        test("a token as a text for each call", async () => {
          assertAnswered(await ask(`answered-${made}`, { group: "text", token: "text" }), 1);
        });

        for (const token of ["provider", "call"]) {
          test(`jobs share nothing but the client, with the token of the ${token}`, async () => {
            assertAnswered(await ask(`jobs-${made}`, { group: token, token }), 1);
          });
        }

        test("jobs whose tokens are refused on the way go on with their own new ones", async () => {
          assertAnswered(await ask(`jobs-${made}`, { group: "renewing", token: "call" }), 2);
        });

        test("jobs are done while and after the clients of thirty others went away", async () => {
          const leaving = ask(`jobs-${made}`, { group: "leaving", patience: 300 });
          await pause(100);
          assertAnswered(await ask(`jobs-${made}`, { group: "staying" }), 1);
          await leaving;
          assertAnswered(await ask(`jobs-${made}`, { group: "later" }), 1);
        });

        test("each call whose server is silent ends with its timeout, and others are answered after that", async () => {
          const silent = await ask(`silent-${made}`, { group: "silent", timeout: 500 });
          const ends = silent.map(({ error }) => /^\w+, \w+/.exec(error)?.[0] ?? error);
          assert.deepEqual([...new Set(ends)], ["TimeoutException, unknown"]);
          assertAnswered(await ask(`silent-${made}`, { group: "later" }), 1);
        });

        test("others are answered while and after the clients of thirty calls went away", async () => {
          const leaving = ask(`left-${made}`, { group: "leaving", patience: 300 });
          await pause(100);
          assertAnswered(await ask(`left-${made}`, { group: "staying" }), 1);
          await leaving;
          assertAnswered(await ask(`left-${made}`, { group: "later" }), 1);
        });
      });
    }
  });
}
