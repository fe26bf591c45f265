// The error classes, as Rust makes them and as users meet them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { runInNewContext } from "node:vm";

import { install } from "./support.mjs";

const project = await install();
const { createError, ...classes } = await import(pathToFileURL(project.packagePath("errors.js")));
const { ApiException, NotFoundException, ThousandEyesError, TimeoutException } = classes;

const fields = { message: "There is no user 17.", code: "not-found", outcome: "rejected", retryable: false, status: 404 };

test("every class is an Error with its own name and code", () => {
  const errors = Object.values(classes).filter((Class) => Class !== ThousandEyesError && Class !== ApiException);
  assert.equal(new Set(errors.map((Class) => new Class("message").code)).size, errors.length);
  for (const [name, Class] of Object.entries(classes)) {
    const error = createError(name, JSON.stringify({ message: "message" }));
    assert.equal(error.constructor, Class);
    assert.ok(error instanceof ThousandEyesError && error instanceof Error);
    assert.equal(String(error), `${name}: message`);
    assert.ok(error.stack.startsWith(`${name}: message\n`));
  }
});

test("createError gives the fields as own properties, and a cause only if there is one", () => {
  const error = createError("NotFoundException", JSON.stringify(fields));
  assert.deepEqual({ ...error }, { code: "not-found", outcome: "rejected", retryable: false, status: 404 });
  assert.equal(error.message, fields.message);
  assert.ok(!("cause" in error));
  assert.equal(createError("NotFoundException", JSON.stringify(fields), null).cause, null);
});

test("a class that is not known becomes the root class", () => {
  for (const name of ["TeapotException", "constructor", "__proto__"]) {
    assert.equal(createError(name, JSON.stringify(fields)).constructor, ThousandEyesError);
  }
});

test("toJSON is plain data, and of a cause only what says what it was", () => {
  const details = { code: "ECONNREFUSED", request: { authorization: "secret" } };
  const cause = Object.assign(new TypeError("fetch failed"), details);
  assert.deepEqual(JSON.parse(JSON.stringify(createError("NotFoundException", JSON.stringify(fields), cause))), {
    name: "NotFoundException",
    ...fields,
    cause: { name: "TypeError", message: "fetch failed", code: "ECONNREFUSED" },
  });
  assert.equal(createError("NotFoundException", JSON.stringify(fields), "gone").toJSON().cause, "gone");
  assert.ok(!("cause" in createError("NotFoundException", JSON.stringify(fields)).toJSON()));
});

test("toJSON tells why a connection failed, which Node says behind the cause", () => {
  const cause = new TypeError("fetch failed", { cause: Object.assign(new Error("no"), { code: "ECONNREFUSED" }) });
  const { cause: told } = createError("ConnectionException", JSON.stringify(fields), cause).toJSON();
  assert.deepEqual(told.cause, { name: "Error", message: "no", code: "ECONNREFUSED" });
});

test("what cannot be looked at breaks neither toJSON nor a type guard", () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const error = createError("ConnectionException", JSON.stringify(fields), proxy);
  assert.equal(typeof JSON.parse(JSON.stringify(error)).cause, "string");
  assert.ok(!ThousandEyesError.is(proxy));
});

test("type guards follow the classes", () => {
  const error = createError("NotFoundException", JSON.stringify(fields));
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
