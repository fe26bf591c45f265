// node calls-process.mjs REFERENCE CLIENT BASE_URL: prints what whole calls add to those of the reference, as JSON. No
// other client is in the process: a call is slower where others have just used the processor's caches.
import { sizes, token, userId } from "./answers.mjs";
import { listOf } from "./bodies.mjs";
import { addedTo, inRounds, ratiosTo } from "./rounds.mjs";

const [referenceFile, clientFile, baseUrl] = process.argv.slice(2);

const IN_FLIGHT = 50;

const [reference, client] = ["reference", "client"];
const names = [reference, client];
const clients = {};
for (const [name, file] of [[reference, referenceFile], [client, clientFile]]) {
  const { createClient } = await import(file);
  clients[name] = await createClient({ baseUrl, token, concurrency: IN_FLIGHT });
}

const lists = Object.keys(sizes);
const calls = {
  getUser: (name) => clients[name].getUser(userId),
  ...Object.fromEntries(lists.map((operation) => [operation, (name) => clients[name][operation]()])),
};

/** Fewer of the calls that take long. */
const roundsOf = (operation) => (sizes[operation] > 1000 ? 50 : 500);

async function microseconds(call, name) {
  const start = performance.now();
  await call(name);
  return (performance.now() - start) * 1000;
}

async function requireAnswer(name) {
  const { uid } = await calls.getUser(name);
  if (uid !== userId) throw new Error(`${name} gives somebody else than the answer.`);
  for (const operation of lists) {
    const { length } = listOf(operation, await calls[operation](name));
    if (length !== sizes[operation]) throw new Error(`${name} gives ${length} items of the answer to ${operation}.`);
  }
}

/** Calls per millisecond, always so many in flight. */
async function throughput(name, count) {
  let left = count;
  const worker = async () => {
    while (left-- > 0) await calls.getUser(name);
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return count / (performance.now() - start);
}

for (const name of names) await requireAnswer(name);

const added = {};
for (const [what, call] of Object.entries(calls)) {
  await inRounds(names, roundsOf(what), (name) => microseconds(call, name));
  added[what] = addedTo(reference, await inRounds(names, 2 * roundsOf(what), (name) => microseconds(call, name)))[client];
}
await inRounds(names, 1, (name) => throughput(name, 1000));
const rates = await inRounds(names, 15, (name) => throughput(name, 500));
console.log(JSON.stringify({ ...added, throughput: ratiosTo(reference, rates)[client] }));
process.exit();
