// A Worker whose requests share one client, as one does who makes it beside the handler.
import { AsyncLocalStorage } from "node:async_hooks";

import init, { UsersApi } from "thousandeyes-admin";

import { api } from "./settings.js";

await init();

const store = new AsyncLocalStorage();
const clients = new Map();

/** The client of a situation: made with the module, or by the first request that needs it. */
function clientOf(situation) {
  if (!clients.has(situation)) {
    const accessToken = ({ refresh }) => `te-token-of-${store.getStore()}-${refresh ? 2 : 1}`;
    clients.set(situation, new UsersApi({ host: `${api}/${situation}/v7`, accessToken }));
  }
  return clients.get(situation);
}

const situations = ["answered", "refused", "limited", "spent", "silent", "left"];
for (const situation of situations) clientOf(`${situation}-made-with-the-module`);

export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    const [, situation, person] = pathname.split("/");
    const accessToken = ({ refresh }) => `te-token-of-${person}-${refresh ? 2 : 1}`;
    const tokens = { provider: undefined, call: accessToken, text: `te-token-of-${person}-1` };
    const options = { accessToken: tokens[searchParams.get("token")], timeout: Number(searchParams.get("timeout")) };
    return store.run(person, async () => {
      try {
        const { name } = await clientOf(situation).getUser(person, options);
        return Response.json({ name, context: store.getStore() });
      } catch (error) {
        return Response.json({ error: `${error.name}, ${error.outcome}: ${error.message}` });
      }
    });
  },
};
