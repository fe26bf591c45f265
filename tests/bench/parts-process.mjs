// node parts-process.mjs PACKAGE times|crossings: prints what the parts of a call cost, or how often a call crosses the
// boundary of WebAssembly, as JSON. The answer is there at once, so that only the client is measured.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { answers, token, userId } from "./answers.mjs";
import { countCrossings } from "./crossings.mjs";
import { addedTo, inRounds } from "./rounds.mjs";

const [folder, wanted] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(join(folder, file)));

/** Calls in a sample: one alone is too short for the clock. */
const REPEATS = 50;

const crossings = wanted === "crossings" ? countCrossings() : undefined;
await load("inline.mjs");
const { UsersApi } = await load("exports.js");

const host = "https://api.thousandeyes.com/v7";
const url = `${host}/users/${userId}`;
const { headers, body } = (await answers())[`/v7/users/${userId}`];
const fetch = async () => new Response(body, { headers });

const client = (settings) => {
  const users = new UsersApi({ host, accessToken: token, fetch, ...settings });
  return () => users.getUser(userId);
};
const noTimeout = { timeout: 0, totalTimeout: 0 };
const noLimiter = { rateLimiter: false };
const calls = {
  "a call without timeouts and limiter": client({ ...noTimeout, ...noLimiter }),
  "a call without timeouts": client(noTimeout),
  "a call without limiter": client(noLimiter),
  "a call with the defaults": client({}),
};
const bare = "fetch and json()";
const designs = {
  [bare]: async () => (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).json(),
  ...calls,
};

console.log(JSON.stringify(crossings ? await counts() : await times()));
process.exit();

async function times() {
  const microseconds = async (name) => {
    const start = performance.now();
    for (let index = 0; index < REPEATS; index += 1) await designs[name]();
    return ((performance.now() - start) * 1000) / REPEATS;
  };
  await inRounds(Object.keys(designs), 100, microseconds);
  return addedTo(bare, await inRounds(Object.keys(designs), 200, microseconds));
}

/** Of a client's second call: the first one makes what the later ones find. */
async function counts() {
  const counted = { into: {}, outOf: {} };
  for (const [name, call] of Object.entries(calls)) {
    await call();
    await settled();
    crossings.reset();
    await call();
    await settled();
    const { into, outOf } = crossings.read();
    counted.into[name] = into;
    counted.outOf[name] = outOf;
  }
  return counted;
}

/** After its answer a call still puts things away. */
function settled() {
  return new Promise((resolve) => setTimeout(resolve, 10));
}
