/** What the package does in every environment: real calls, and what came of them as plain data. */
export async function exercise(users, { NotFoundException }) {
  const { users: before } = await users.getUsers();
  const created = await users.createUser({ name: "Ümit Überall 山田", email: "uemit.ueberall@example.com" });
  const { users: after } = await users.getUsers();
  const missing = await users.getUser("987654321").catch((error) => error);
  return {
    added: after.length - before.length,
    name: created.name,
    missing: missing.name,
    isNotFoundException: missing instanceof NotFoundException && missing instanceof Error,
    status: missing.status,
    aborted: await abort(users),
  };
}

/** The test lets this one call hang, so nothing but the signal ends it: once it has come to the API, also on a busy machine. */
async function abort(users) {
  const leaving = new AbortController();
  const hanging = users.getCurrentUser({ signal: leaving.signal }).catch((reason) => reason);
  setTimeout(() => leaving.abort("left the page"), 300);
  return hanging;
}
