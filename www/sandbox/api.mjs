import { accountGroupContext, createAuthentication, requirePermissions } from "./auth.mjs";
import { parseObject } from "./body.mjs";
import { accountGroupRoutes } from "./endpoints/account-groups.mjs";
import { permissionRoutes } from "./endpoints/permissions.mjs";
import { roleRoutes } from "./endpoints/roles.mjs";
import { userRoutes } from "./endpoints/users.mjs";
import { HAL_JSON, JSON_TYPE, negotiate } from "./media-types.mjs";
import { describe } from "./openapi/description.mjs";
import { Problem } from "./problem.mjs";
import { createRepresentation } from "./representation.mjs";
import { createRouter } from "./router.mjs";

export const VERSION = "/v7";
/** Not the vendor's: the description of what is served here. Needs no token and counts for no limit. */
const DESCRIPTION = "/openapi.json";
const WITH_BODY = new Set(["POST", "PUT"]);

const route = createRouter({ ...userRoutes, ...accountGroupRoutes, ...roleRoutes, ...permissionRoutes });

/** The path below the version. Any other version is answered as one that does not exist. */
export function pathBelowVersion({ pathname, search, origin }) {
  const [, version, rest] = /^(\/v\d+)(\/.*)?$/.exec(pathname) ?? [];
  if (version === VERSION) return rest ?? "/";
  if (!version) throw new Problem(404, `Begin the path with ${VERSION}.`);
  const location = `${origin}${VERSION}${rest ?? ""}${search}`;
  throw new Problem(301, `There is no such version; use ${VERSION}.`, { title: "Moved", headers: { location } });
}

/** The path template that a URL leads to, or undefined. */
export function templateOf(url) {
  try {
    return route(pathBelowVersion(url)).template;
  } catch {
    return undefined;
  }
}

function describeApi({ method }, { origin }, options) {
  const allow = "GET, HEAD, OPTIONS";
  if (method === "OPTIONS") return { status: 204, headers: { allow } };
  if (method !== "GET" && method !== "HEAD") throw new Problem(405, `Use one of ${allow}.`, { headers: { allow } });
  return { status: 200, headers: {}, mediaType: JSON_TYPE, body: describe(options, origin + VERSION) };
}

/**
 * The API itself: from a request to a result or a thrown Problem. Knows no faults and no log.
 * @param {{ store: object, options: object, rateLimit: object, now: () => number }} parts
 */
export function createApi({ store, options, rateLimit, now }) {
  const authenticate = createAuthentication(options, now);
  const represent = createRepresentation({ store, options });

  /**
   * @param {Request} request
   * @param {Uint8Array | undefined} bytes its body; undefined if that was too long
   */
  return function answer(request, bytes) {
    const url = new URL(request.url);
    const path = pathBelowVersion(url);
    if (path === DESCRIPTION) return describeApi(request, url, options);
    if (options.rateLimitCounts === "all") rateLimit.consume();
    if (request.method === "OPTIONS") return { status: 204, headers: { allow: route(path).allow } };

    const caller = authenticate(request.headers, store);
    if (options.rateLimitCounts === "authenticated") rateLimit.consume();

    const { methods, params, allow } = route(path);
    const method = request.method === "HEAD" ? "GET" : request.method;
    if (!Object.hasOwn(methods, method)) throw new Problem(405, `Use one of ${allow}.`, { headers: { allow } });
    const endpoint = methods[method];
    const mediaType = negotiate(request.headers.get("accept"), [HAL_JSON, JSON_TYPE]);
    if (!mediaType) throw new Problem(406, `Accept ${HAL_JSON} or ${JSON_TYPE}.`);

    const askedAid = endpoint.aid ? url.searchParams.get("aid") : null;
    const aid = accountGroupContext(caller, askedAid, options.unassignedAid);
    requirePermissions(caller, aid, endpoint.permissions ?? []);

    /** Absolute, at the host that was asked, and in the same account group. */
    const link = (target) => {
      const query = askedAid === null ? "" : `?aid=${encodeURIComponent(askedAid)}`;
      return { self: { href: `${url.origin}${VERSION}${target}${query}` } };
    };
    const context = { store, options, now, represent, caller, aid, params, url, link };
    endpoint.authorize?.(context);
    if (WITH_BODY.has(method)) context.body = parseObject(request.headers, bytes);
    const result = endpoint.handle(context);
    return result.body === undefined ? result : { ...result, mediaType };
  };
}
