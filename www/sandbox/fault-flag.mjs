import { resolveFault } from "./faults/kinds.mjs";

const MATCHES = new Set(["method", "path"]);
const LISTS = new Set(["kinds"]);

function readValue(name, text) {
  if (LISTS.has(name)) return text.split(",");
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/**
 * Reads a fault such as `error status=503 when=after count=2 method=POST`.
 * @param {string} text
 */
export function parseFault(text) {
  const [fault, ...pairs] = text.trim().split(/\s+/);
  const parameters = {};
  const match = {};
  for (const pair of pairs) {
    const [name, ...rest] = pair.split("=");
    if (rest.length === 0) throw new TypeError(`Write the fault parameter ${name} as ${name}=VALUE.`);
    const value = rest.join("=");
    if (MATCHES.has(name)) match[name] = value;
    else parameters[name] = readValue(name, value);
  }
  return resolveFault({ fault, ...parameters, ...(Object.keys(match).length > 0 && { match }) });
}
