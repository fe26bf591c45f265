// What is handed in is read whole or refused: an object whose properties lie on its prototype, or are hidden accessors,
// would lose them silently, and with them the host that the token is for, or what an update changes.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runInNewContext } from "node:vm";

import { ApiClient, UsersApi } from "../../pkg/node.mjs";

const sent = [];

/** Notes what is sent, and answers. */
async function fetch(input, init) {
  const request = new Request(input, init);
  const { method, url, headers } = request;
  sent.push({ method, url, headers: Object.fromEntries(headers), body: await request.text() });
  return new Response('{"uid":"1"}');
}

// A configuration that loses its `fetch` shall not reach the vendor from here.
globalThis.fetch = fetch;

const role = { accountGroupId: "1", roleIds: ["2"] };
const request = { name: "Ada Example", email: "ada.example@example.com" };
const users = (settings) => new UsersApi({ fetch, ...settings });

/** Where an object is handed in: its path, one with all that matters, and what reads it. */
const places = [
  {
    what: "the configuration of a client",
    path: "configuration",
    good: { host: "https://proxy.example/v7", accessToken: () => "te-token-of-the-inputs", fetch },
    use: (settings) => new UsersApi(new ApiClient(settings)).getUser("1"),
  },
  {
    what: "the configuration of an API",
    path: "configuration",
    good: { host: "https://proxy.example/v7", accessToken: "te-token-of-the-inputs", fetch },
    use: (settings) => new UsersApi(settings).getUser("1"),
  },
  {
    what: "the headers of a configuration",
    path: "configuration.headers",
    good: { "X-First": "1", "X-Second": "2" },
    use: (headers) => users({ headers }).getUser("1"),
  },
  {
    what: "the options of a call",
    path: "options",
    good: { aid: "5", headers: { "X-First": "1" } },
    use: (options) => users().getUser("1", options),
  },
  {
    what: "the options of a call without account groups",
    path: "options",
    good: { headers: { "X-First": "1" }, maxRetries: 0 },
    use: (options) => users().getCurrentUser(options),
  },
  {
    what: "the headers of a call",
    path: "options.headers",
    good: { "X-First": "1", "X-Second": "2" },
    use: (headers) => users().getUser("1", { headers }),
  },
  { what: "a new user", path: "userRequest", good: request, use: (user) => users().createUser(user) },
  { what: "a changed user", path: "userRequest", good: request, use: (user) => users().updateUser("1", user) },
  {
    what: "a role in a list",
    path: "userRequest.accountGroupRoles[1]",
    good: role,
    use: (item) => users().updateUser("1", { accountGroupRoles: [role, item] }),
  },
];

const entries = Object.entries;
const defined = (target, good, describeProperty) =>
  entries(good).reduce((object, [name, value]) => Object.defineProperty(object, name, describeProperty(value)), target);
const getter = (value) => ({ get: () => value, enumerable: true });
const hiddenGetter = (value) => ({ get: () => value, enumerable: false });
const foreign = { Object: runInNewContext("Object"), Settings: runInNewContext("class Settings {}; Settings") };

/** What holds the same properties, but not as a plain object does. The path is that of the object. */
const refused = {
  "an instance of a class with fields": (good) => Object.assign(new (class Settings {})(), good),
  "an instance of a class with getters over private fields": (good) => {
    class Settings {
      #good = good;
      static {
        for (const name of Object.keys(good)) {
          Object.defineProperty(this.prototype, name, { get() { return this.#good[name]; } });
        }
      }
    }
    return new Settings();
  },
  "an instance of a class that calls itself an Object": (good) =>
    Object.assign(new (class { get [Symbol.toStringTag]() { return "Object"; } })(), good),
  "an instance of a subclass of Object": (good) => Object.assign(new (class extends Object {})(), good),
  "an instance of another realm's class": (good) => Object.assign(new foreign.Settings(), good),
  "an object that inherits the properties": (good) => Object.create(good),
  "an object that inherits them from one without a prototype": (good) => Object.create(Object.assign(Object.create(null), good)),
  "an object that inherits getters": (good) => Object.create(defined({}, good, getter)),
  "an object with some of its own, which inherits the others": (good) => {
    const [[name, value], ...others] = entries(good);
    return Object.assign(Object.create(Object.fromEntries(others)), { [name]: value });
  },
  "an object with the properties, and an empty prototype": (good) => Object.assign(Object.create({}), good),
};

/** Where a single property would be lost, the path goes on to that. */
const refusedByProperty = {
  "an object with hidden accessors": (good) => defined({}, good, hiddenGetter),
  "an object without a prototype, with hidden accessors": (good) => defined(Object.create(null), good, hiddenGetter),
};

const taken = {
  "a plain object": (good) => ({ ...good }),
  "a frozen object": (good) => Object.freeze({ ...good }),
  "an object without a prototype": (good) => Object.assign(Object.create(null), good),
  "a plain object of another realm": (good) => Object.assign(new foreign.Object(), good),
  "an object without a prototype, of another realm": (good) => Object.assign(foreign.Object.create(null), good),
  "a module": namespaceOf,
  "an object with getters of its own": (good) => defined({}, good, getter),
  "a proxy of a plain object": (good) => new Proxy({ ...good }, {}),
  "an object that a framework observes, by getters and a hidden mark": (good) =>
    Object.defineProperty(defined({}, good, getter), "__ob__", { value: {}, enumerable: false }),
};

/** What `import * as settings` gives. */
async function namespaceOf(good) {
  globalThis.handedIn = good;
  const exported = Object.keys(good).map((name, at) => {
    const quoted = JSON.stringify(name);
    return `const v${at} = globalThis.handedIn[${quoted}]; export { v${at} as ${quoted} };`;
  });
  // A module of the same text would be the same module.
  const code = `${exported.join(" ")} // ${performance.now()}`;
  return import(`data:text/javascript,${encodeURIComponent(code)}`);
}

async function sentBy(use) {
  sent.length = 0;
  await use();
  return [...sent];
}

async function assertRefused(use, path) {
  sent.length = 0;
  const error = await use().then(() => "taken", (reason) => reason);
  assert.deepEqual(sent, [], "nothing is sent");
  assert.deepEqual([error?.name, error?.path, error?.outcome], ["ApiTypeError", path, "not-sent"], `${error?.message ?? error}`);
  assert.doesNotMatch(error.message, /is missing/);
}

for (const { what, path, good, use } of places) {
  describe(what, () => {
    for (const [kind, make] of entries(refused)) {
      test(`${kind} is refused`, () => assertRefused(async () => use(make(good)), path));
    }

    for (const [kind, make] of entries(refusedByProperty)) {
      test(`${kind} is refused`, () => assertRefused(async () => use(make(good)), `${path}.${Object.keys(good)[0]}`));
    }

    for (const [kind, make] of entries(taken)) {
      test(`${kind} is taken, with all its properties`, async () => {
        const expected = await sentBy(async () => use(good));
        const given = await make(good);
        assert.deepEqual(await sentBy(async () => use(given)), expected);
      });
    }
  });
}
