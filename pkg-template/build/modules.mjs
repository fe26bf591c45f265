/** What each module of src/ weighs in the WebAssembly: the code of its functions, whose names say where they are from. */

const IMPORTS = 2;
const CODE = 10;
const DATA = 11;
const CUSTOM = 0;
const FUNCTION_NAMES = 1;

/** For people: a line for each module and for what was linked to them, in bytes before compression. */
export function modules(wasm) {
  const sizes = new Map();
  const add = (module, bytes) => sizes.set(module, (sizes.get(module) ?? 0) + bytes);
  const { code, names, data } = read(wasm);
  code.forEach((bytes, index) => add(moduleOf(names.get(index) ?? ""), bytes));
  add("texts and tables", data);
  const sorted = [...sizes].sort(([, a], [, b]) => b - a);
  const total = sorted.reduce((sum, [, bytes]) => sum + bytes, 0);
  return sorted.map(([module, bytes]) => `${module.padEnd(34)}${String(bytes).padStart(7)}${percent(bytes / total)}`).join("\n");
}

const percent = (share) => `${(share * 100).toFixed(1)} %`.padStart(8);

/** The compiler puts functions that are called once into their callers, so a module may hold parts of those before it. */
function moduleOf(name) {
  const own = /\bthousandeyes_admin(?:\[\w+\])?::(\w+)/.exec(name)?.[1];
  if (own) return `src/${own}`;
  const crate = /^[<&\[(*]*(?:(?:mut|dyn) )*(\w+)(?:\[\w+\])?::/.exec(name)?.[1];
  return ["core", "alloc", "std"].includes(crate) ? "Rust's standard library" : (crate ?? "the boundary's glue");
}

function read(wasm) {
  const bytes = Buffer.from(wasm);
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const next = bytes[at++];
      value += (next & 0x7f) * 2 ** shift;
      if (next < 0x80) return value;
    }
  };
  const text = () => {
    const length = number();
    return bytes.toString("utf8", at, (at += length));
  };
  const names = new Map();
  const code = [];
  let [imported, data] = [0, 0];
  while (at < bytes.length) {
    const section = bytes[at++];
    const size = number();
    const end = at + size;
    if (section === IMPORTS) imported = number();
    if (section === DATA) data = size;
    if (section === CODE) {
      code.length = imported;
      for (let count = number(); count > 0; count -= 1) {
        const length = number();
        code.push(length);
        at += length;
      }
    }
    if (section === CUSTOM && text() === "name") {
      while (at < end) {
        const subsection = bytes[at++];
        const next = number() + at;
        if (subsection === FUNCTION_NAMES) for (let count = number(); count > 0; count -= 1) names.set(number(), text());
        at = next;
      }
    }
    at = end;
  }
  return { code, names, data };
}
