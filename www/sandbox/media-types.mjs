export const JSON_TYPE = "application/json";
export const HAL_JSON = "application/hal+json";
export const PROBLEM_JSON = "application/problem+json";

/** A media type without its parameters. */
export const essence = (value) => value.split(";", 1)[0].trim().toLowerCase();

/** How much the range is wanted, from 0 to 1. */
function qualityOf(range) {
  const [, text] = /;\s*q\s*=\s*([\d.]+)\s*(?:;|$)/i.exec(range) ?? [];
  return text === undefined ? 1 : Number(text) || 0;
}

/**
 * The one of `offered` that an Accept header wants most, or undefined. For each of them the range that names it most
 * exactly decides.
 * @param {string | null} accept
 * @param {string[]} offered best first
 */
export function negotiate(accept, offered) {
  if (accept === null || accept.trim() === "") return offered[0];
  const qualities = new Map(accept.split(",").map((range) => [essence(range), qualityOf(range)]));
  const wish = (type) => [type, `${type.split("/")[0]}/*`, "*/*"].find((range) => qualities.has(range));
  const wanted = offered.map((type) => ({ type, quality: qualities.get(wish(type)) ?? 0 }));
  const [best] = wanted.toSorted((one, other) => other.quality - one.quality);
  return best.quality > 0 ? best.type : undefined;
}
