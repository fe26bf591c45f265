// The error classes, as Rust makes them and as users meet them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { runInNewContext } from "node:vm";

import { install } from "./support.mjs";

const project = await install();
const { callersLine, createError, noteCaller, ...classes } = await import(pathToFileURL(project.packagePath("errors.js")));
const { ApiException, BadRequestException, NotFoundException, ThousandEyesError, TimeoutException } = classes;

const fields = { message: "There is no user 17.", code: "not-found", outcome: "rejected", retryable: false, status: 404 };

test("every class is an Error with its own name and code", () => {
  const errors = Object.values(classes).filter((Class) => Class !== ThousandEyesError && Class !== ApiException);
  assert.equal(new Set(errors.map((Class) => new Class("message").code)).size, errors.length);
  for (const [name, Class] of Object.entries(classes)) {
    const error = createError(name, { message: "message" });
    assert.equal(error.constructor, Class);
    assert.ok(error instanceof ThousandEyesError && error instanceof Error);
    assert.equal(String(error), `${name}: message`);
    assert.ok(error.stack.startsWith(`${name}: message\n`));
  }
});

test("createError gives the fields as own properties, and a cause only if there is one", () => {
  const error = createError("NotFoundException", fields);
  const { message, ...others } = fields;
  assert.deepEqual({ ...error }, { ...new NotFoundException(message), ...others });
  assert.equal(error.message, fields.message);
  assert.ok(!("cause" in error));
  assert.equal(createError("NotFoundException", fields, null).cause, null);
});

test("a class that is not known becomes the root class", () => {
  for (const name of ["TeapotException", "constructor", "__proto__"]) {
    assert.equal(createError(name, fields).constructor, ThousandEyesError);
  }
});

test("toJSON is plain data, and of a cause only what says what it was", () => {
  const details = { code: "ECONNREFUSED", request: { authorization: "secret" } };
  const cause = Object.assign(new TypeError("fetch failed"), details);
  assert.deepEqual(JSON.parse(JSON.stringify(createError("NotFoundException", fields, cause))), {
    name: "NotFoundException",
    ...createError("NotFoundException", fields),
    ...fields,
    cause: { name: "TypeError", message: "fetch failed", code: "ECONNREFUSED" },
  });
  assert.equal(createError("NotFoundException", fields, "gone").toJSON().cause, "gone");
  assert.ok(!("cause" in createError("NotFoundException", fields).toJSON()));
});

test("toJSON tells why a connection failed, which Node says behind the cause", () => {
  const cause = new TypeError("fetch failed", { cause: Object.assign(new Error("no"), { code: "ECONNREFUSED" }) });
  const { cause: told } = createError("ConnectionException", fields, cause).toJSON();
  assert.deepEqual(told.cause, { name: "Error", message: "no", code: "ECONNREFUSED" });
});

test("what cannot be looked at breaks neither toJSON nor a type guard", () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const error = createError("ConnectionException", fields, proxy);
  assert.equal(typeof JSON.parse(JSON.stringify(error)).cause, "string");
  assert.ok(!ThousandEyesError.is(proxy));
});

test("type guards follow the classes", () => {
  const error = createError("NotFoundException", fields);
  assert.ok([error].every(NotFoundException.is) && ApiException.is(error) && ThousandEyesError.is(error));
  assert.ok(!TimeoutException.is(error));
  for (const other of [undefined, null, 404, "NotFoundException", new Error("404"), { name: "NotFoundException" }]) {
    assert.ok(!ThousandEyesError.is(other));
  }
});

test("type guards know the errors of another realm", () => {
  const source = readFileSync(project.packagePath("errors.js"), "utf8");
  const elsewhere = runInNewContext(`${source.replace(/^export /gm, "")}; new NotFoundException("gone")`);
  assert.ok(!(elsewhere instanceof Error));
  assert.ok(NotFoundException.is(elsewhere) && !TimeoutException.is(elsewhere));
});

test("what is told of an error is its own, wherever it goes", () => {
  for (const Class of Object.values(classes)) {
    const error = new Class("message");
    assert.equal({ ...error }.code, error.code);
    assert.match(inspect(error), new RegExp(`code: '${error.code}'`));
  }
});

test("an error that is made by hand is whole, and shares nothing with another one", () => {
  const error = new BadRequestException("no");
  const { code, outcome, status, method, url, reason, body, headers, problem, fieldErrors, rateLimit } = error;
  assert.deepEqual(
    { code, outcome, status, method, url, reason, body, headers, problem, fieldErrors, rateLimit },
    {
      code: "bad-request", outcome: "rejected", status: 400, method: "GET", url: "", reason: "", body: "", headers: {},
      problem: {}, fieldErrors: [], rateLimit: { known: false },
    },
  );
  error.fieldErrors.push({ path: ["email"], message: "is taken" });
  assert.deepEqual(new BadRequestException("no").fieldErrors, []);
  assert.equal(new TimeoutException("late", { setting: "queueTimeout" }).setting, "queueTimeout");
});

test("toPublicJSON has what a page may show, and nothing else", () => {
  const secret = { headers: { "x-a": "b" }, body: "body", url: "/users/17", operation: "getUser", path: "p", reason: "r" };
  const shown = { hint: "Ask.", fieldErrors: [{ path: ["email"], message: "is taken" }], retryAt: 5 };
  const error = createError("TooManyRequestsException", { ...fields, ...secret, ...shown }, new Error("cause"));
  assert.deepEqual(error.toPublicJSON(), {
    name: "TooManyRequestsException", code: "too-many-requests", outcome: "rejected", message: fields.message, ...shown,
  });
  assert.deepEqual(Object.keys(new TimeoutException("late").toPublicJSON()), ["name", "code", "outcome", "message"]);
});

test("fromJSON gives the error again, be it for a log or for a page", () => {
  const error = createError("NotFoundException", { ...fields, fieldErrors: [{ path: ["roles", 0], code: "x", message: "y" }] });
  const again = ThousandEyesError.fromJSON(JSON.parse(JSON.stringify(error)));
  assert.ok(again instanceof NotFoundException);
  assert.deepEqual(again.toJSON(), error.toJSON());
  const shown = ThousandEyesError.fromJSON(error.toPublicJSON());
  assert.deepEqual(shown.toPublicJSON(), error.toPublicJSON());
});

test("fromJSON takes only what is known and of the right type, whatever the data are", () => {
  const odd = JSON.parse(`{
    "name": "NotFoundException", "message": "gone", "code": "evil", "status": "404", "attempts": 2, "evil": 1, "outcome": "done",
    "headers": { "x-a": "b", "x-b": 5 }, "fieldErrors": [{ "path": ["a", {}, 0], "message": "m", "evil": 1 }, 5], "toString": "evil",
    "__proto__": { "polluted": true }, "constructor": "evil", "retryable": 1, "rateLimit": { "known": true, "limit": "240" }
  }`);
  const error = ThousandEyesError.fromJSON(odd);
  assert.deepEqual({ ...error }, {
    ...new NotFoundException("gone"),
    attempts: 2,
    headers: { "x-a": "b" },
    fieldErrors: [{ path: ["a", 0], message: "m" }],
    rateLimit: { known: true },
  });
  assert.equal({}.polluted, undefined);
  assert.equal(error.toString(), "NotFoundException: gone");
  for (const name of ["TeapotException", "constructor", "__proto__", 5, undefined]) {
    assert.equal(ThousandEyesError.fromJSON({ name }).constructor, ThousandEyesError);
  }
  for (const none of [undefined, null, 5, "text", []]) assert.equal(ThousandEyesError.fromJSON(none).code, "unknown-error");
});

test("the stack of a call's error is that of where it was made", () => {
  const v8 = "Error\n    at new Context (core.cjs:1:1)\n    at wasm://wasm/000b7c82:wasm-function[5]:0x1\n    at UsersApi.getUser (core.cjs:2:2)\n    at mine (app.js:3:3)";
  const other = "Context@core.js:1:1\nf@core.js:wasm-function[5]:0x1\ngetUser@core.js:2:2\nmine@app.js:3:3";
  const stack = (origin) => createError("NotFoundException", fields, undefined, { stack: origin }).stack;
  assert.equal(stack(v8), "NotFoundException: There is no user 17.\n    at UsersApi.getUser (core.cjs:2:2)\n    at mine (app.js:3:3)");
  assert.equal(stack(other), "getUser@core.js:2:2\nmine@app.js:3:3");
});

const surroundings = {
  "as it is": "",
  "where nobody may change Error": "Object.freeze(Error);",
  "where frames cannot be left out": "delete Error.captureStackTrace;",
  "where there is little room": "Error.stackTraceLimit = 2;",
};

for (const [where, prepare] of Object.entries(surroundings)) {
  test(`the stack of every error begins with the method and the line that called it, ${where}`, async () => {
    await project.write(
      "stacks.mjs",
      `import { UsersApi } from "thousandeyes-admin";
${prepare}
const answer = async () => new Response("{}", { status: 404 });
const users = new UsersApi({ host: "https://te.example/v7", accessToken: "te-token", fetch: answer });
const callOfMine = (id, options) => users.getUserWithHttpInfo(id, options);
const other = users.getUser("2").catch(() => {});
const promises = [callOfMine("1"), callOfMine(""), callOfMine("1", { timeout: -1 })];
const errors = (await Promise.allSettled(promises)).map(({ reason }) => reason);
await other;
console.log(JSON.stringify(errors.map(({ name, stack }) => [name, stack.split("\\n").slice(0, 3)])));
`,
    );
    const { stdout } = await project.node(["stacks.mjs"]);
    const stacks = JSON.parse(stdout);
    assert.deepEqual(stacks.map(([name]) => name), ["NotFoundException", "ApiValueError", "ApiValueError"]);
    for (const [name, [title, method, line]] of stacks) {
      assert.ok(title.startsWith(`${name}: `), title);
      assert.match(method, /^ +at UsersApi\d*\.getUserWithHttpInfo /);
      assert.match(line, /^ +at callOfMine .*stacks\.mjs/);
    }
  });
}
