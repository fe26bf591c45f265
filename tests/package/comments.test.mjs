// The comments of the packed declarations, as TypeScript reads them: each says what its Rust says, and nothing has none.
// What the Rust says comes by another way, in the description that the sandbox serves.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";

import { root } from "../../toolchain.mjs";
import { install } from "./support.mjs";

const project = await install();
const { schemas, operations } = JSON.parse(readFileSync(join(root, "www/sandbox/openapi/declared.json"), "utf8"));
const file = project.packagePath("index.d.ts");
const { statements } = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);

const byName = ([one], [other]) => (one < other ? -1 : 1);
const isExported = ({ modifiers = [] }) => modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
const declarations = statements.filter(isExported);
const kinds = { [ts.SyntaxKind.Constructor]: "constructor", [ts.SyntaxKind.IndexSignature]: "[index]" };
const nameOf = ({ name, kind }) => name?.getText() ?? kinds[kind];

/** A comment as text: its paragraphs, each in one line. */
function commentOf(node) {
  const text = (node.jsDoc ?? []).map(({ comment }) => ts.getTextOfJSDocComment(comment)).join("\n\n");
  return text.replace(/(?<!\n)\n(?!\n)/g, " ");
}

const find = (name, isOne) => declarations.find((declaration) => isOne(declaration) && nameOf(declaration) === name);
const commentsOf = ({ members }) => members.map((member) => [nameOf(member), commentOf(member)]).sort(byName);

test("the interface of each model and request has the comments that were declared", () => {
  assert.ok(Object.keys(schemas).length > 20);
  for (const [name, { description, properties }] of Object.entries(schemas)) {
    const declaration = find(name, ts.isInterfaceDeclaration);
    assert.equal(commentOf(declaration), description, name);
    const expected = Object.entries(properties).map(([property, schema]) => [property, schema.description]);
    assert.deepEqual(commentsOf(declaration), expected.sort(byName), name);
  }
});

for (const { operationId, api, method, path, query, summary, permissions } of operations) {
  test(`${operationId}, its variant and its options have the comments that were declared`, () => {
    const members = find(api, ts.isClassDeclaration).members;
    const [plain, variant] = ["", "WithHttpInfo"].map((end) => members.find((it) => nameOf(it) === operationId + end));
    const needs = permissions ? ` Needs ${permissions}.` : "";
    assert.equal(commentOf(plain), `${summary}\n\n\`${method} ${path}\`.${needs}`);
    assert.equal(commentOf(variant), `Like \`${operationId}\`, with status, headers and rate limit.`);
    for (const { parameters } of [plain, variant]) {
      const options = find(parameters.at(-1).type.getText(), ts.isInterfaceDeclaration);
      const added = nameOf(options) === "RequestOptions" ? [] : commentsOf(options);
      assert.deepEqual(added, query.map(({ name, description }) => [name, description]).sort(byName));
    }
  });
}

test("a class and the property of a client that gives it say the same", () => {
  const client = declarations.filter((declaration) => nameOf(declaration) === "ApiClient").flatMap(({ members }) => [...members]);
  for (const api of new Set(operations.map((operation) => operation.api))) {
    const property = client.find(({ type }) => type?.getText() === api);
    assert.ok(commentOf(property).length > 0, api);
    assert.ok(commentOf(find(api, ts.isClassDeclaration)).startsWith(`${commentOf(property)} A method rejects with`), api);
  }
});

/** The members that a declaration has from elsewhere; tools show their comments. */
function inherited({ heritageClauses = [] }) {
  const bases = heritageClauses.flatMap(({ types }) => types.map(({ expression }) => expression.getText()));
  const declared = declarations.filter((declaration) => bases.includes(nameOf(declaration)));
  return declared.flatMap((base) => [...base.members.map(nameOf), ...inherited(base)]);
}

test("everything that is exported, and each member of it, has a comment", () => {
  // TypeScript merges what has one name: one comment will do.
  const documented = new Set(declarations.filter(commentOf).map(nameOf));
  const missing = declarations.filter((it) => !ts.isExportDeclaration(it)).flatMap((declaration) => {
    const name = nameOf(declaration);
    const members = (declaration.members ?? []).filter((it) => !commentOf(it) && !inherited(declaration).includes(nameOf(it)));
    return [...(documented.has(name) ? [] : [name]), ...members.map((it) => `${name}.${nameOf(it)}`)];
  });
  assert.deepEqual(missing, []);
});
