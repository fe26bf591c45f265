// What applications have around a client: another library's fetch, one signal for hundreds of calls, clocks of their tests.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { after, mock, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import nodeFetch from "node-fetch";
import { fetch as undiciFetch } from "undici";

import { install } from "./support.mjs";

const project = await install();
const { ApiClient, UsersApi } = await project.import("thousandeyes-admin");
const accessToken = "te-secret-token";

const server = createServer((request, response) => {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ uid: "1", name: request.headers.authorization }));
}).listen(0);
await once(server, "listening");
after(() => server.close());
const host = `http://127.0.0.1:${server.address().port}/v7`;

for (const [name, fetch] of Object.entries({ undici: undiciFetch, "node-fetch": nodeFetch })) {
  test(`the fetch of ${name} is called like the platform's, and its answers are read`, async () => {
    const users = new UsersApi({ host, accessToken, fetch });
    assert.equal((await users.getUser("1")).name, `Bearer ${accessToken}`);
    assert.equal((await users.updateUserWithHttpInfo("1", { name: "Ada" })).headers["content-type"], "application/json");
    const silent = createServer(() => {}).listen(0);
    await once(silent, "listening");
    const late = new UsersApi({ host: `http://127.0.0.1:${silent.address().port}/v7`, accessToken, fetch, timeout: 50, maxRetries: 0 });
    await assert.rejects(late.getUser("1"), { code: "timeout", outcome: "unknown" });
    silent.closeAllConnections();
    silent.close();
  });
}

test("an error of the application's own fetch speaks of that", async () => {
  const users = new UsersApi({ host, fetch: () => Promise.reject(new TypeError("no")), maxRetries: 0 });
  await assert.rejects(users.getUser("1"), { code: "connection-failed", message: /the `fetch` of the configuration failed/ });
});

test("one signal for 600 calls at once gives no warning", async (t) => {
  const warnings = [];
  const listen = (warning) => warnings.push(warning.message);
  process.on("warning", listen);
  t.after(() => process.off("warning", listen));
  const { signal } = new AbortController();
  const users = new UsersApi({ host, accessToken, maxConcurrency: 50 });
  const answers = await Promise.all(Array.from({ length: 600 }, () => users.getUser("1", { signal })));
  assert.equal(answers.length, 600);
  await turn();
  assert.deepEqual(warnings, []);
});

test("fake timers that begin after the client was made: calls go on, and wait by them", async (t) => {
  let requests = 0;
  const spent = () => new Response("{}", { status: 429, headers: { "retry-after": "30" } });
  const fetch = async () => (++requests === 2 ? spent() : new Response(JSON.stringify({ uid: "1" })));
  const users = new UsersApi(new ApiClient({ host, accessToken, fetch }));
  t.after(() => mock.timers.reset());
  // The clock jumps back by decades.
  mock.timers.enable({ apis: ["Date", "setTimeout"], now: 0 });
  await users.getUser("1");
  const waiting = users.getUser("1");
  for (let seconds = 0; seconds < 29; seconds += 1) {
    mock.timers.tick(1000);
    await turn();
  }
  assert.equal(requests, 2);
  for (let seconds = 0; seconds < 5; seconds += 1) {
    mock.timers.tick(1000);
    await turn();
  }
  assert.equal((await waiting).uid, "1");
  assert.equal(requests, 3);
});
