export const JSON_TYPE = "application/json";
export const HAL_JSON = "application/hal+json";
export const PROBLEM_JSON = "application/problem+json";

/** A media type without its parameters. */
export const essence = (value) => value.split(";", 1)[0].trim().toLowerCase();

const isRefused = (range) => /;\s*q=0(\.0*)?\s*(;|$)/i.test(range);

/**
 * The first of `offered` that an Accept header admits, or undefined.
 * @param {string | null} accept
 * @param {string[]} offered best first
 */
export function negotiate(accept, offered) {
  if (accept === null || accept.trim() === "") return offered[0];
  const ranges = accept.split(",").filter((range) => !isRefused(range)).map(essence);
  const admits = (range, type) => range === type || range === "*/*" || range === `${type.split("/")[0]}/*`;
  return offered.find((type) => ranges.some((range) => admits(range, type)));
}
