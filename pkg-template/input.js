/** What a caller hands in, as JSON. What JSON cannot say is refused, with its path. */
import { ApiTypeError, ApiValueError } from "./errors.js";

/** Deeper input is a cycle or a mistake. */
const DEPTH = 16;

/** What a signal is, and else a function, is no matter of JSON. */
const isApart = (name, value) => typeof (name === "signal" ? value?.addEventListener : value) === "function";

export class Input {
  apart = {};

  /** Functions and signals are set apart where they are properties with the given names. */
  constructor(path, value, names) {
    const setApart = (name, item) => {
      const fits = names && names.split(" ").includes(name) && look(`${path}.${name}`, () => isApart(name, item));
      if (fits) this.apart[name] = item;
      return fits;
    };
    this.json = write(path, value, DEPTH, setApart);
  }

  take(name) {
    return this.apart[name];
  }
}

function write(path, value, depth, setApart) {
  switch (typeof value) {
    case "string":
      if (/\p{Surrogate}/u.test(value)) {
        refuse(ApiValueError, path, "holds half of a surrogate pair, which cannot be sent.");
      }
      return JSON.stringify(value);
    case "number":
      if (!Number.isFinite(value)) refuse(ApiValueError, path, "must be a finite number.");
      return `${value}`;
    case "boolean":
      return `${value}`;
    case "undefined":
      return "null";
    case "object":
      return value === null ? "null" : writeObject(path, value, depth, setApart);
    default:
      refuse(ApiTypeError, path, `must not be a ${typeof value}.`);
  }
}

function writeObject(path, value, depth, setApart) {
  if (depth === 0) refuse(ApiTypeError, path, "is nested too deeply, or refers to itself.");
  const items = look(path, () => Array.isArray(value) && [...value]);
  if (items) return `[${items.map((item, index) => write(`${path}[${index}]`, item, depth - 1))}]`;
  // The same in every realm; `import * as settings` gives a Module.
  const type = look(path, () => Object.prototype.toString.call(value).slice(8, -1));
  if (!["Object", "Module"].includes(type)) refuse(ApiTypeError, path, `is of the type ${type}, which is not taken here.`);
  // A property that is undefined counts as left out.
  const properties = look(path, () => Object.entries(value))
    .filter(([name, item]) => item !== undefined && !setApart?.(name, item))
    .map(([name, item]) => `${JSON.stringify(name)}:${write(`${path}.${name}`, item, depth - 1)}`);
  return `{${properties}}`;
}

function look(path, read) {
  try {
    return read();
  } catch {
    refuse(ApiTypeError, path, "cannot be read.");
  }
}

function refuse(Class, path, problem) {
  throw new Class(`${path} ${problem}`, { outcome: "not-sent", retryable: false, path });
}
