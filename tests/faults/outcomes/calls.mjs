// Runs where the package is installed, in any runtime: a read and a create for each host, and what they reject with.
import { ApiClient, UsersApi, init } from "thousandeyes-admin";

const situations = JSON.parse(process.argv[2]);
await init();
if (situations.some(({ addresses }) => addresses)) await nameSeveralAddresses();

async function failureOf(call) {
  try {
    await call();
    return { class: "none" };
  } catch (error) {
    const { code, outcome, attempts, message } = error;
    return { class: error.constructor.name, code, outcome, attempts, message };
  }
}

const reports = situations.map(async ({ host }) => {
  const users = new UsersApi(new ApiClient({ host, accessToken: "te-token-of-the-outcomes" }));
  const [read, create] = await Promise.all([
    failureOf(() => users.getUsers()),
    failureOf(() => users.createUser({ name: "Ada Example", email: "ada@example.com" })),
  ]);
  return { read, create };
});
console.log(JSON.stringify(await Promise.all(reports)));

/** Node alone: names that stand for several addresses, which no name server is needed for. */
async function nameSeveralAddresses() {
  const { default: dns } = await import("node:dns");
  const { lookup } = dns;
  const named = new Map(situations.map(({ host, addresses }) => [new URL(host).hostname, addresses]));
  dns.lookup = (name, options, done) => {
    const addresses = named.get(name);
    if (!addresses || !options.all) return lookup(name, options, done);
    process.nextTick(done, null, addresses.map((address) => ({ address, family: 4 })));
  };
}
