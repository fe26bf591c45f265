import { Problem } from "./problem.mjs";

function decode(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Problem(400, "Send a path whose percent escapes are UTF-8.");
  }
}

/** The parameters of `template` in `segments`, or undefined if they do not match. */
function matchTemplate(template, segments) {
  const parts = template.split("/");
  if (parts.length !== segments.length) return undefined;
  const params = {};
  for (const [index, part] of parts.entries()) {
    if (part.startsWith("{")) params[part.slice(1, -1)] = segments[index];
    else if (part !== segments[index]) return undefined;
  }
  return params;
}

/** HEAD comes with GET, and OPTIONS with everything. */
function allowedMethods(methods) {
  return [...Object.keys(methods), ...(methods.GET ? ["HEAD"] : []), "OPTIONS"].join(", ");
}

/**
 * Finds the endpoint. The path is split before it is decoded, so an id may contain an escaped slash.
 * @param {Record<string, Record<string, object>>} routes methods by path template; the first match wins
 */
export function createRouter(routes) {
  /** @param {string} path below the version */
  return function route(path) {
    const segments = path.split("/").map(decode);
    for (const [template, methods] of Object.entries(routes)) {
      const params = matchTemplate(template, segments);
      if (params) return { template, params, methods, allow: allowedMethods(methods) };
    }
    throw new Problem(404, "There is nothing at this path.");
  };
}
