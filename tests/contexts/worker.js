// A Worker whose requests share one client, as one does who makes it beside the handler.
import { AsyncLocalStorage } from "node:async_hooks";

import init, { ApiClient } from "thousandeyes-admin";

import { api } from "./settings.js";

await init();

const store = new AsyncLocalStorage();
const clients = new Map();

/** The client of a situation: made with the module, or by the first request that needs it. */
function clientOf(situation) {
  if (!clients.has(situation)) {
    const accessToken = ({ refresh }) => `te-token-of-${store.getStore()}-${refresh ? 2 : 1}`;
    clients.set(situation, new ApiClient({ host: `${api}/${situation}/v7`, accessToken }));
  }
  return clients.get(situation);
}

const situations = ["answered", "refused", "limited", "spent", "silent", "left", "jobs"];
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
