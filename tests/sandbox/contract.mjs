// Whether an answer of the sandbox is one that its own OpenAPI description allows.
import assert from "node:assert/strict";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const essence = (type) => type?.split(";")[0] ?? null;
/** What may be answered beside the operations: nothing there, another method, another version, OPTIONS. */
const ELSEWHERE = new Set([301, 400, 401, 404, 405, 429]);

/** The path of the description that a URL leads to; `{id}` stands for anything but a slash that is not escaped. */
function templateOf({ pathname }, paths) {
  const isOne = (template) => new RegExp(`^/v7${template.replace("{id}", "[^/]+")}$`).test(pathname);
  return Object.keys(paths).find((path) => `/v7${path}` === pathname) ?? Object.keys(paths).find(isOne);
}

/** @param {object} description an OpenAPI 3.1 document */
export function createContract(description) {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema(description, "description");
  const validators = new Map();

  function validatorAt(...path) {
    const pointer = path.map((part) => String(part).replaceAll("~", "~0").replaceAll("/", "~1")).join("/");
    if (!validators.has(pointer)) validators.set(pointer, ajv.compile({ $ref: `description#/${pointer}` }));
    return validators.get(pointer);
  }

  function requireValid(value, where, ...path) {
    const validate = validatorAt(...path);
    assert.ok(validate(value), `${where}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(value)?.slice(0, 300)}`);
  }

  function checkHeaders({ headers: answered }, headers, where, path) {
    for (const [name, { schema }] of Object.entries(headers)) {
      const text = answered.get(name);
      assert.notEqual(text, null, `${where}: without the header ${name}`);
      requireValid(schema.type === "integer" ? Number(text) : text, `${where}, ${name}`, ...path, "headers", name, "schema");
    }
  }

  /** An answer to something that is no operation. Its body is a problem, like every other. */
  function checkElsewhere({ status, headers, body }, method, where) {
    const methods = headers.get("allow") ?? headers.get("access-control-allow-methods");
    if (method === "OPTIONS" && status === 204) return assert.ok(methods, where);
    assert.ok(ELSEWHERE.has(status), `${where} is answered although it is not described`);
    if (status === 405) assert.ok(headers.get("allow"), `${where}: without Allow`);
    assert.equal(headers.get("content-type"), "application/problem+json", where);
    if (method !== "HEAD" && status !== 401) requireValid(body, where, "components", "schemas", "Error");
  }

  /**
   * Throws if the answer is not as described.
   * @param {{ method: string, url: string }} request
   * @param {{ status: number, headers: Headers, text: string, body: unknown }} answer
   */
  return function check({ method, url }, answer) {
    const { status, headers, text, body } = answer;
    const { pathname } = new URL(url);
    const where = `${method} ${pathname} ${status}`.slice(0, 200);
    if (pathname === "/v7/openapi.json") return;
    const template = templateOf(new URL(url), description.paths);
    const verb = method === "HEAD" ? "get" : method.toLowerCase();
    const operations = description.paths[template] ?? {};
    const operation = Object.hasOwn(operations, verb) ? operations[verb] : undefined;
    if (!operation) return checkElsewhere(answer, method, where);

    const response = operation.responses[status];
    assert.ok(response, `${where} is not described`);
    const path = ["paths", template, verb, "responses", status];
    checkHeaders(answer, response.headers, where, path);
    const type = essence(headers.get("content-type"));
    if (!response.content) return assert.deepEqual([type, text], [null, ""], where);
    assert.ok(response.content[type], `${where} comes as ${type}`);
    if (method !== "HEAD") requireValid(body, where, ...path, "content", type, "schema");
  };
}
