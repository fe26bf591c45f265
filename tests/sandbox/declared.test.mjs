// The sandbox serves what the client declares: it names no property, parameter or operation that is not declared.
import assert from "node:assert/strict";
import { test } from "node:test";
import declared from "../../www/sandbox/openapi/declared.json" with { type: "json" };
import { endpoints } from "../../www/sandbox/app.mjs";
import { inRoutingOrder } from "../../www/sandbox/openapi/operations.mjs";
import { namedProperties } from "../../www/sandbox/openapi/schemas.mjs";
import { collectionOf } from "../../www/sandbox/validation.mjs";
import { open } from "./support.mjs";

const { schemas, operations } = declared;
const properties = new Set(Object.values(schemas).flatMap((schema) => Object.keys(schema.properties)));

/** What a request is called in the description, where more depends on the operation than its name. */
const formsOf = { UserRequest: ["NewUser", "UserChanges"], RoleRequestBody: ["NewRole", "RoleChanges"] };

test("there is an endpoint for each declared operation, and for no other", () => {
  assert.deepEqual(Object.keys(endpoints).toSorted(), operations.map(({ operationId }) => operationId).toSorted());
  assert.equal(operations.length, 18);
});

test("whatever the order of the declarations, a path without parameters is looked at first, and GET before DELETE", () => {
  for (const list of [operations, operations.toReversed()]) {
    const order = inRoutingOrder(list).map(({ operationId }) => operationId);
    assert.ok(order.indexOf("getCurrentUser") < order.indexOf("getUser"));
    assert.ok(order.indexOf("getUser") < order.indexOf("updateUser"));
    assert.ok(order.indexOf("updateUser") < order.indexOf("deleteUser"));
  }
});

test("what the sandbox knows of single properties is of declared ones", () => {
  for (const name of Object.keys(collectionOf)) assert.ok(properties.has(name), name);
  const { anywhere, ofModels } = namedProperties;
  assert.ok(anywhere.length > 10);
  for (const name of anywhere) assert.ok(properties.has(name), name);
  for (const [model, names] of Object.entries(ofModels)) {
    for (const name of names) assert.ok(Object.hasOwn(schemas[model].properties, name), `${model}.${name}`);
  }
});

test("the description has every model and property, with the types and sentences that are declared", async () => {
  const { body } = await open().call("GET", "/v7/openapi.json", { token: "" });
  const described = body.components.schemas;
  for (const [model, { description, properties: own }] of Object.entries(schemas)) {
    const forms = formsOf[model] ?? [model];
    for (const form of forms) {
      assert.equal(described[form].description, description, form);
      assert.deepEqual(Object.keys(described[form].properties), Object.keys(own), form);
      for (const [name, schema] of Object.entries(own)) {
        const served = described[form].properties[name];
        assert.equal(served.description, schema.description, `${form}.${name}`);
        assert.equal(served.$ref, schema.$ref, `${form}.${name}`);
        if (schema.type) assert.ok([served.type].flat().includes(schema.type), `${form}.${name}`);
      }
    }
  }
  for (const { method, path, operationId, summary, query, status } of operations) {
    const operation = body.paths[path][method.toLowerCase()];
    assert.deepEqual([operation.operationId, operation.summary], [operationId, summary]);
    assert.deepEqual(operation.parameters.map(({ name }) => name), query.map(({ name }) => name));
    assert.ok(operation.responses[status], operationId);
  }
});
