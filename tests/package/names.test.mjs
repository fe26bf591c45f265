// The page and the sandbox may name a property of a model only if it is declared. They are JavaScript without types, so this
// goes by names: each property that is read is declared, or the platform has it, or their own code gives it to something. And
// where a variable of the page is called like a model, only what that model has may be read of it.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";

import { root } from "../../toolchain.mjs";

const { schemas, operations } = JSON.parse(readFileSync(join(root, "www/sandbox/openapi/declared.json"), "utf8"));
const propertiesOf = (models) => models.flatMap((model) => Object.keys(schemas[model].properties));
const parameters = operations.flatMap(({ query }) => query.map(({ name }) => name));
const declared = new Set([...propertiesOf(Object.keys(schemas)), ...parameters]);

/** What one of these is called in the page, and the models that it may be of. */
const models = {
  user: ["UserDetail", "ExtendedUser", "CreatedUser", "UserAccountGroup"],
  role: ["Role", "RoleDetail"],
  group: ["AccountGroup", "AccountGroupInfo", "AccountGroupDetail"],
  accountGroup: ["AccountGroup", "AccountGroupInfo", "AccountGroupDetail"],
  permission: ["Permission"],
  agent: ["EnterpriseAgent"],
};

function walk(node, visit) {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

const textOf = (name) => (name && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? name.text : undefined);

/** The names that a file gives to properties, and to whatever else an object may be made of. */
function givenIn(source) {
  const names = new Set();
  walk(source, (node) => {
    if (ts.isPropertyAccessExpression(node)) return isAssigned(node) && names.add(node.name.text);
    // The package's declarations of models say again what is declared.
    const model = node.parent && ts.isInterfaceDeclaration(node.parent) && schemas[node.parent.name.text];
    const name = textOf(node.name);
    if (name && !model && !ts.isBindingElement(node)) names.add(name);
  });
  return names;
}

function isAssigned(node) {
  const { parent } = node;
  return ts.isBinaryExpression(parent) && parent.left === node && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
}

/** What a variable or property is called. */
const calledOf = (node) => textOf(node && (ts.isPropertyAccessExpression(node) ? node.name : node));

/** What an object is called that is taken apart: where it is an item that a method of a list hands over, one of that list. */
function takenApart({ parent }) {
  if (!ts.isParameter(parent)) return calledOf(parent.initializer);
  const call = parent.parent.parent;
  const isFirst = parent.parent.parameters[0] === parent;
  if (!isFirst || !ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return undefined;
  const list = calledOf(call.expression.expression);
  return list?.endsWith("s") ? list.slice(0, -1) : undefined;
}

/** The properties that a file reads: the name, what it is read of where that has a name, and where. */
function readIn(source) {
  const read = [];
  const add = (node, name, of) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    if (name) read.push({ name, of, place: `${source.fileName.slice(root.length + 1)}:${line + 1}: ${name}` });
  };
  walk(source, (node) => {
    if (ts.isPropertyAccessExpression(node) && !isAssigned(node)) add(node, node.name.text, calledOf(node.expression));
    if (!ts.isObjectBindingPattern(node)) return;
    const of = takenApart(node);
    for (const element of node.elements) {
      if (!element.dotDotDotToken) add(element, textOf(element.propertyName ?? element.name), of);
    }
  });
  return read;
}

function filesIn(folder) {
  const files = readdirSync(join(root, folder), { recursive: true }).filter((file) => /\.m?js$/.test(file));
  return files.map((file) => join(root, folder, file));
}

const modules = ["pkg/index.d.ts", "node_modules/node-sqlite3-wasm/node-sqlite3-wasm.d.ts"];
const program = ts.createProgram([...filesIn("www/app"), ...filesIn("www/sandbox"), ...modules.map((file) => join(root, file))], {
  allowJs: true,
  noEmit: true,
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.esnext.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  types: ["node"],
  typeRoots: [join(root, "node_modules/@types")],
});
program.getTypeChecker(); // from here on each node knows its parent

const sources = program.getSourceFiles();
const given = new Set(sources.flatMap((source) => [...givenIn(source)]));
const read = sources.filter(({ isDeclarationFile, fileName }) => !isDeclarationFile && fileName.includes("/www/")).flatMap(readIn);

test("each property that is read is declared, or the platform's, or their own", () => {
  assert.ok(read.length > 1000);
  // A column of SQLite has an underscore.
  const unknown = read.filter(({ name }) => !declared.has(name) && !given.has(name) && !name.includes("_"));
  assert.deepEqual(unknown.map(({ place }) => place), []);
});

test("whatever the page reads of a user, a role or the like, that has", () => {
  const ofModels = read.filter(({ of, place }) => Object.hasOwn(models, of ?? "") && place.startsWith("www/app/"));
  assert.ok(ofModels.length > 20);
  const wrong = ofModels.filter(({ of, name }) => !propertiesOf(models[of]).includes(name));
  assert.deepEqual(wrong.map(({ of, place }) => `${place} of ${of}`), []);
});

test("two letters in the wrong order are noticed in each declared property that is read", () => {
  const swapped = (name) => [...name].slice(1).map((letter, at) => name.slice(0, at) + letter + name[at] + name.slice(at + 2));
  const names = new Set(read.map(({ name }) => name).filter((name) => declared.has(name)));
  assert.ok(names.size > 20);
  const typos = [...names].flatMap((name) => swapped(name).filter((typo) => typo !== name));
  assert.deepEqual(typos.filter((typo) => given.has(typo) || declared.has(typo)), []);
});
