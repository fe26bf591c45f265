// `accessToken` in the options of a call: for this call alone.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";

import { UsersApi } from "../../pkg/node.mjs";

const user = { name: "Ada Example", email: "ada.example@example.com" };
const operations = {
  createUser: [user],
  deleteUser: ["1"],
  getCurrentUser: [],
  getUser: ["1"],
  getUsers: [],
  updateUser: ["1", user],
};

/** A client whose server takes what `accepts` says, and what the two have seen of tokens. */
function office(configuration = {}, accepts = () => true) {
  const [sent, asked] = [[], []];
  const users = new UsersApi({
    accessToken({ refresh }) {
      asked.push(refresh);
      return "te-token-of-the-client";
    },
    ...configuration,
    async fetch(input, init) {
      const { headers } = new Request(input, init);
      const token = headers.get("authorization")?.replace("Bearer te-token-of-", "");
      sent.push(token);
      const body = { uid: "1", users: [], title: `te-token-of-${token} was refused` };
      return new Response(JSON.stringify(body), { status: accepts(token) ? 200 : 401 });
    },
  });
  return { users, sent, asked };
}

const accessToken = "te-token-of-the-call";

/** A function that gives one token, and another one for a refused one, and what it was called with. */
function source(first, second) {
  const calls = [];
  const give = function (...given) {
    calls.push({ given, self: this });
    return given[0].refresh ? second : first;
  };
  return { calls, give };
}

describe("a token of the call's own", () => {
  for (const [name, given] of Object.entries(operations)) {
    for (const method of [name, `${name}WithHttpInfo`]) {
      test(`${method} sends it in place of the client's`, async () => {
        const { users, sent, asked } = office();
        await users[method](...given, { accessToken });
        await users[method](...given, { accessToken: async () => accessToken });
        assert.deepEqual([sent, asked], [["the-call", "the-call"], []]);
      });
    }
  }

  test("the next call has the client's again", async () => {
    for (const configuration of [{}, { accessToken: "te-token-of-the-client" }]) {
      const { users, sent } = office(configuration);
      await users.getUser("1", { accessToken });
      await users.getUser("1");
      await users.getUser("1", { accessToken: () => accessToken });
      await users.getUser("1", { accessToken: undefined });
      assert.deepEqual(sent, ["the-call", "the-client", "the-call", "the-client"]);
    }
  });

  test("a client without a token sends none for the next call", async () => {
    const { users, sent } = office({ accessToken: undefined });
    await users.getUser("1", { accessToken });
    await users.getUser("1");
    assert.deepEqual(sent, ["the-call", undefined]);
  });

  test("calls at once, each with its own, behind one permit", async () => {
    const { users, sent } = office({ maxConcurrency: 1 });
    const own = Array.from({ length: 20 }, (_, index) => `te-token-of-${index}`);
    await Promise.all(own.map((token, index) => users.getUser("1", { accessToken: index % 2 ? token : () => token })));
    assert.deepEqual(sent, own.map((_, index) => String(index)));
  });

  test("a function is asked before each request, with { refresh }, and sees nothing else", async () => {
    const { users } = office();
    const { calls, give } = source(accessToken);
    await users.getUser("1", { accessToken: give });
    await users.getUser("1", { accessToken: give });
    assert.deepEqual(calls, Array(2).fill({ given: [{ refresh: false }], self: undefined }));
  });
});

describe("a token of the call's own that is refused", () => {
  const accepts = (token) => token.endsWith("-2");

  test("the call's function is asked for another one, and the client's is not", async () => {
    const { users, sent, asked } = office({}, accepts);
    const { calls, give } = source("te-token-of-ann-1", "te-token-of-ann-2");
    assert.equal((await users.getUser("1", { accessToken: give })).uid, "1");
    assert.deepEqual([sent, asked], [["ann-1", "ann-2"], []]);
    assert.deepEqual(calls.map(({ given }) => given), [[{ refresh: false }], [{ refresh: true }]]);
  });

  test("one that is a string is not sent again, and the client's is not asked", async () => {
    const { users, sent, asked } = office({}, accepts);
    await assert.rejects(users.getUser("1", { accessToken }), { name: "UnauthorizedException", outcome: "rejected" });
    assert.deepEqual([sent, asked], [["the-call"], []]);
  });

  test("a function that gives the same again is not sent again", async () => {
    const { users, sent } = office({}, accepts);
    await assert.rejects(users.getUser("1", { accessToken: () => accessToken }), { name: "UnauthorizedException" });
    assert.deepEqual(sent, ["the-call"]);
  });

  test("a function is not asked again where no retries are allowed", async () => {
    const { users } = office({}, accepts);
    const { calls, give } = source("te-token-of-ann-1", "te-token-of-ann-2");
    await assert.rejects(users.getUser("1", { accessToken: give, maxRetries: 0 }), { name: "UnauthorizedException" });
    assert.equal(calls.length, 1);
  });

  test("what a function gave in its place is for no other call", async () => {
    const { users, sent } = office({}, accepts);
    const { calls, give } = source("te-token-of-ann-1", "te-token-of-ann-2");
    await users.getUser("1", { accessToken: give });
    await users.getUser("1", { accessToken: give });
    await assert.rejects(users.getUser("1"), { name: "UnauthorizedException" });
    assert.equal(calls.length, 4);
    assert.deepEqual(sent, ["ann-1", "ann-2", "ann-1", "ann-2", "the-client"]);
  });

  test("functions of calls at once are asked each, even where the same token was refused", async () => {
    const { users, sent, asked } = office({ accessToken: undefined }, accepts);
    const people = ["ann", "bob", "cem"];
    const sources = people.map((person) => source("te-token-of-all", `te-token-of-${person}-2`));
    await Promise.all(sources.map(({ give }) => users.getUser("1", { accessToken: give })));
    assert.deepEqual(sources.map(({ calls }) => calls.length), [2, 2, 2]);
    assert.deepEqual(sent.toSorted(), ["all", "all", "all", ...people.map((person) => `${person}-2`)]);
    assert.deepEqual(asked, []);
  });

  test("the client's refresh, for the same refused token at the same time, is not the call's", async () => {
    const provider = source("te-token-of-all", "te-token-of-the-client-2");
    const { users, sent } = office({ accessToken: provider.give }, accepts);
    const own = source("te-token-of-all", "te-token-of-the-call-2");
    await Promise.all([users.getUser("1"), users.getUser("1", { accessToken: own.give }), users.getUser("1")]);
    const refreshes = ({ calls }) => calls.filter(({ given: [{ refresh }] }) => refresh).length;
    assert.deepEqual([refreshes(provider), refreshes(own)], [1, 1]);
    assert.deepEqual(sent.toSorted(), ["all", "all", "all", "the-call-2", "the-client-2", "the-client-2"]);
  });

  test("the error does not show it, though the answer repeats it", async () => {
    for (const given of [accessToken, () => accessToken]) {
      const { users } = office({}, accepts);
      const error = await users.getUser("1", { accessToken: given }).catch((reason) => reason);
      assert.equal(error.name, "UnauthorizedException");
      assert.match(error.problem.title, /was refused$/);
      const shown = [inspect(error, { depth: Infinity, showHidden: true }), JSON.stringify(error), error.stack].join();
      assert.ok(!shown.includes(accessToken), shown);
    }
  });
});

describe("what is no token is refused before anything is sent", () => {
  const wrongType = { name: "ApiTypeError", code: "invalid-type" };
  const wrongValue = { name: "ApiValueError", code: "invalid-value" };
  const wrong = {
    "a number": [5, wrongType],
    "a bigint": [5n, wrongType],
    "a boolean": [false, wrongType],
    "a symbol": [Symbol("token"), wrongType],
    "a list": [[accessToken], wrongType],
    "an object": [{ token: accessToken }, wrongType],
    "a promise": [Promise.resolve(accessToken), wrongType],
    "a String object": [new String(accessToken), wrongType],
    nothing: ["", wrongValue],
    "a token with a space": [`${accessToken} two`, wrongValue],
    "a token with a line break": [`${accessToken}\r\nX-Injected: 1`, wrongValue],
    "a function that gives a number": [() => 5, wrongType],
    "a function that gives undefined": [() => undefined, wrongType],
    "a function that gives nothing": [() => "", wrongValue],
    "a function that gives a line break": [async () => `${accessToken}\n`, wrongValue],
    "a function that throws": [() => { throw new Error("none"); }, wrongValue],
    "a function that rejects": [() => Promise.reject(new Error("none")), wrongValue],
  };

  for (const [what, [given, expected]] of Object.entries(wrong)) {
    test(what, async () => {
      const { users, sent, asked } = office();
      const error = await users.getUser("1", { accessToken: given }).catch((reason) => reason);
      const { name, message, code, path, outcome } = error;
      const refusal = { ...expected, path: "options.accessToken", outcome: "not-sent" };
      assert.deepEqual({ name, code, path, outcome }, refusal);
      assert.doesNotMatch(message, /not a known property|te-token/);
      assert.deepEqual([sent, asked], [[], []]);
    });
  }

  test("an Authorization header, also beside a token", async () => {
    const { users, sent } = office();
    const headers = { Authorization: `Bearer ${accessToken}` };
    for (const options of [{ headers }, { headers, accessToken }]) {
      await assert.rejects(users.getUser("1", options), { name: "ApiValueError", path: "options.headers.Authorization" });
    }
    assert.deepEqual(sent, []);
  });
});
