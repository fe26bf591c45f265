/** One self-contained declaration file: init() and the errors from pkg-template, the rest from wasm-bindgen. */
export function declarations({ loader, errors, generated }) {
  const end = generated.indexOf("export type InitInput");
  if (end < 0) throw new Error("wasm-bindgen writes its types differently: adapt pkg-template/build/declarations.mjs.");
  const api = generated
    .slice(0, end)
    .replace(/^\/\* (?:tslint:disable|eslint-disable) \*\/\n/gm, "")
    .replace(/^ +free\(\): void;\n/gm, "")
    .replace(/^( +)(?=\[Symbol\.dispose\]\(\): void;$)/gm, "$1/** What `using` calls: the same as `close`. */\n$1")
    .replace(/^(?: {4})+/gm, (indent) => "  ".repeat(indent.length / 4))
    .replace(/\/\*\*\n +\* (.+)\n +\*\//g, "/** $1 */")
    .replace(/^export class .+ \{\n[^]*?^\}$/gm, inReadingOrder)
    .replace(/\n{3,}/g, "\n\n");
  return [loader, api, errors].map((part) => part.trim()).join("\n\n") + "\n";
}

/** wasm-bindgen sorts members as Rust does. A reader wants the constructor first, a method before its variant, the end last. */
function inReadingOrder(declaration) {
  const [head, ...lines] = declaration.split("\n");
  const body = lines.slice(0, -1).join("\n");
  // Written by hand, in its order.
  if (body.includes("\n\n")) return declaration;
  const members = body.match(/^ {2}(?:\/\*\*[^]*?\*\/\n {2})?[^\s/].*;$/gm);
  if (members.join("\n") !== body) throw new Error(`Adapt inReadingOrder in pkg-template/build/declarations.mjs to ${body}`);
  const sorted = members.toSorted((a, b) => place(a) - place(b) || (nameOf(a) < nameOf(b) ? -1 : 1));
  return [head, sorted.join("\n\n"), "}"].join("\n");
}

/** -1 for the constructor, 0 for what a class is there for, more for what ends it. */
const place = (member) =>
  nameOf(member) === "constructor" ? -1 : ["close", "[Symbol.dispose]"].indexOf(nameOf(member)) + 1;
const nameOf = (member) => /^ {2}(?:static |readonly )*(\w+|\[.+?\])/m.exec(member)[1];
