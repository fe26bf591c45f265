/**
 * Whether the value that decoding made is what `JSON.parse` makes, exactly: numbers to the sign of zero, own properties
 * alone. The order of properties is that of the text, but for those that a model knows: they have the model's.
 */
export function same(made, parsed, model = null) {
  if (!isTree(made) || !isTree(parsed)) return Object.is(made, parsed);
  if (Array.isArray(made) !== Array.isArray(parsed)) return false;
  return Array.isArray(made) ? sameItems(made, parsed, model) : sameProperties(made, parsed, model);
}

function isTree(value) {
  return typeof value === "object" && value !== null;
}

function sameItems(made, parsed, model) {
  if (made.length !== parsed.length) return false;
  for (let index = 0; index < made.length; index += 1) {
    if (!same(made[index], parsed[index], model)) return false;
  }
  return true;
}

function sameProperties(made, parsed, model) {
  const names = Object.keys(made);
  const expected = Object.keys(parsed);
  if (names.length !== expected.length || Object.getPrototypeOf(made) !== Object.prototype) return false;
  let at = 0;
  for (const name of names) {
    const property = model?.known.get(name);
    if (property === undefined) {
      while (model?.known.has(expected[at])) at += 1;
      if (expected[at] !== name || !isOrdinary(made, name)) return false;
      at += 1;
    } else if (!Object.hasOwn(parsed, name)) {
      return false;
    }
    if (!same(made[name], parsed[name], property?.of)) return false;
  }
  return true;
}

function isOrdinary(object, name) {
  const { writable, configurable } = Object.getOwnPropertyDescriptor(object, name);
  return writable === true && configurable === true;
}
