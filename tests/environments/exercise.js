/**
 * What the package does in every environment: real calls, then the first job of administration, and what came of them as
 * plain data. Calls are made by the API class of the README's modules, the job by a client with the same settings.
 */
export async function exercise(users, { ApiClient, NotFoundException }, settings = settingsOfTheReadme()) {
  const { users: before } = await users.getUsers();
  const created = await users.createUser({ name: "Ümit Überall 山田", email: "uemit.ueberall@example.com" });
  const { users: after } = await users.getUsers();
  const aborted = await abort(users);
  const missing = await users.getUser("987654321").catch((error) => error);
  return {
    added: after.length - before.length,
    name: created.name,
    missing: missing.name,
    isNotFoundException: missing instanceof NotFoundException && missing instanceof Error,
    status: missing.status,
    aborted,
    ...(await jobs(new ApiClient(settings))),
  };
}

/** A page has the proxy of its origin, anything else the API itself. */
function settingsOfTheReadme() {
  if (globalThis.location) return { host: "/te-api/v7" };
  return { host: process.env.TE_API_ENDPOINT, accessToken: process.env.TE_TOKEN };
}

/** The test lets this one call hang, so nothing but the signal ends it: once it has come to the API, also on a busy machine. */
async function abort(users) {
  const leaving = new AbortController();
  const hanging = users.getCurrentUser({ signal: leaving.signal }).catch((reason) => reason);
  setTimeout(() => leaving.abort("left the page"), 300);
  return hanging;
}

/** What they are done by is loaded when the first one begins; here two begin at once, and none is tried again. */
async function jobs({ admin }) {
  const [found, nobody] = await Promise.all([
    admin.findUser("UEMIT.Ueberall@Example.com"),
    admin.findUser("nobody@example.com"),
  ]);
  return { found: found?.name, foundNobody: nobody === undefined };
}
