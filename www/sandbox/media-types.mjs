import { parseAccept } from "hono/utils/accept";

export const JSON_TYPE = "application/json";
export const HAL_JSON = "application/hal+json";
export const PROBLEM_JSON = "application/problem+json";

/** A media type without its parameters. */
export const essence = (value) => value.split(";", 1)[0].trim().toLowerCase();

/**
 * The one of `offered` that an Accept header wants most, or undefined. For each of them the range that names it most
 * exactly decides; to Hono's own choice a range of lower quality is none.
 * @param {string | undefined} accept
 * @param {string[]} offered best first
 */
export function negotiate(accept, offered) {
  const ranges = parseAccept(accept ?? "");
  if (ranges.length === 0) return offered[0];
  const qualities = new Map(ranges.map(({ type, q }) => [type.toLowerCase(), q]));
  const wish = (type) => [type, `${type.split("/")[0]}/*`, "*/*"].find((range) => qualities.has(range));
  const wanted = offered.map((type) => ({ type, quality: qualities.get(wish(type)) ?? 0 }));
  const [best] = wanted.toSorted((one, other) => other.quality - one.quality);
  return best.quality > 0 ? best.type : undefined;
}
