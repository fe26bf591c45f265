// A Worker whose requests share one client, as one does who makes it beside the handler.
import { AsyncLocalStorage } from "node:async_hooks";

import init, { ApiClient } from "thousandeyes-admin";

import { api } from "./settings.js";

await init();

const store = new AsyncLocalStorage();
const clients = new Map();

/** A store that lets each person wait once, and fails where it is asked in nobody's context. */
function createStore() {
  const asked = new Set();
  return async ({ priority }) => {
    const person = store.getStore();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const granted = asked.has(person);
    if (priority) asked.add(person);
    return person && { granted, wait: 100, limiters: 1 };
  };
}

/** The client of a situation: made with the module, or by the first request that needs it. */
function clientOf(situation) {
  if (!clients.has(situation)) {
    const accessToken = ({ refresh }) => `te-token-of-${store.getStore()}-${refresh ? 2 : 1}`;
    const shared = situation.startsWith("granted") && { rateLimitKey: "key", rateLimitStore: createStore() };
    clients.set(situation, new ApiClient({ host: `${api}/${situation}/v7`, accessToken, ...shared }));
  }
  return clients.get(situation);
}

const situations = ["answered", "refused", "limited", "spent", "silent", "left", "granted", "jobs"];
for (const situation of situations) clientOf(`${situation}-made-with-the-module`);

/** One call: whose name it gives, and in whose context it ends. */
async function call({ users }, person, options) {
  const { name } = await users.getUser(person, options);
  return { name, context: store.getStore() };
}

/** Two jobs of administration: whose user is changed, and in whose context. */
async function jobs({ admin }, person, options) {
  const { uid } = await admin.findUser(`${person.toUpperCase()}@example.com`, options);
  if (uid !== person) throw new Error(`${uid} was found`);
  const { before, user } = await admin.modifyUser(uid, ({ email }) => ({ name: store.getStore(), email }), options);
  return { name: before.name, context: user.name };
}

export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    const [, situation, person] = pathname.split("/");
    const accessToken = ({ refresh }) => `te-token-of-${person}-${refresh ? 2 : 1}`;
    const tokens = { provider: undefined, call: accessToken, text: `te-token-of-${person}-1` };
    const options = { accessToken: tokens[searchParams.get("token")], timeout: Number(searchParams.get("timeout")) };
    return store.run(person, async () => {
      try {
        const work = situation.startsWith("jobs-") ? jobs : call;
        return Response.json(await work(clientOf(situation), person, options));
      } catch (error) {
        return Response.json({ error: `${error.name}, ${error.outcome}: ${error.message}` });
      }
    });
  },
};
