/** The API itself as a Hono application. Knows no faults and no log. */
import { Hono } from "hono";
import { accountGroupContext, createAuthentication, requirePermissions } from "./auth.mjs";
import { parseObject } from "./body.mjs";
import { isoDate } from "./clock.mjs";
import { accountGroupOperations } from "./endpoints/account-groups.mjs";
import { permissionOperations } from "./endpoints/permissions.mjs";
import { roleOperations } from "./endpoints/roles.mjs";
import { userEventOperations } from "./endpoints/user-events.mjs";
import { userOperations } from "./endpoints/users.mjs";
import { HAL_JSON, JSON_TYPE, negotiate } from "./media-types.mjs";
import { describe } from "./openapi/description.mjs";
import { operationsByPath } from "./openapi/operations.mjs";
import { Problem, invalid } from "./problem.mjs";
import { createRepresentation } from "./representation.mjs";
import { toResponse } from "./response.mjs";
import { createValidation } from "./validation.mjs";

export const VERSION = "/v7";
/** Not the vendor's: the description of what is served here. Needs no token and counts for no limit. */
const DESCRIPTION = `${VERSION}/openapi.json`;

/** What each operation does. */
export const endpoints = {
  ...userOperations,
  ...accountGroupOperations,
  ...roleOperations,
  ...permissionOperations,
  ...userEventOperations,
};

const WRITES = new Set(["POST", "PUT", "DELETE"]);

const routeOf = (path) => VERSION + path.replace(/\{(\w+)\}/g, ":$1");

/** HEAD comes with GET, and OPTIONS with everything. */
const allowed = (methods) => [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ");

/** Hono's own middleware for this says 405 without the token being looked at, and lists the methods otherwise. */
function refuseMethod(allow) {
  throw new Problem(405, `Use one of ${allow}.`, { headers: { allow } });
}

const nowhere = () => {
  throw new Problem(404, "There is nothing at this path.");
};

/** Any other version is answered as one that does not exist. */
function redirect({ req }) {
  const { pathname, search, origin } = new URL(req.url);
  const [, version, rest = ""] = /^(\/v\d+)(\/.*)?$/.exec(pathname) ?? [];
  if (!version) throw new Problem(404, `Begin the path with ${VERSION}.`);
  const headers = { location: `${origin}${VERSION}${rest}${search}` };
  throw new Problem(301, `There is no such version; use ${VERSION}.`, { title: "Moved", headers });
}

/** Hono takes the escapes of a path that are not UTF-8 as they are. */
async function requireDecodable({ req }, next) {
  try {
    decodeURIComponent(new URL(req.url).pathname);
  } catch {
    throw new Problem(400, "Send a path whose percent escapes are UTF-8.");
  }
  await next();
}

/** Which address a change came from: this machine, unless a proxy says where it got the request from. */
function addressOf({ headers }) {
  const [first] = (headers.get("x-forwarded-for") ?? "").split(",");
  return /^[\da-f.:]{2,45}$/i.test(first.trim()) ? first.trim() : "127.0.0.1";
}

function requireNone(errors) {
  if (errors.length > 0) throw invalid(errors);
}

/**
 * Its requests come with `{ bytes, entry }`: the body, undefined if that was too long, and the entry of the log.
 * @param {{ store: object, options: object, rateLimit: object, now: () => number }} parts
 */
export function createApp({ store, options, rateLimit, now }) {
  const authenticate = createAuthentication(options, now);
  const represent = createRepresentation({ store, options });
  const validation = createValidation({ store, options });

  /** What an endpoint works with. */
  function contextOf(c, operation) {
    const { caller } = c.var;
    const url = new URL(c.req.url);
    const names = operation.query.map(({ name }) => name);
    const askedAid = names.includes("aid") ? url.searchParams.get("aid") : null;
    const aid = accountGroupContext(caller, askedAid, options.unassignedAid);
    const base = url.origin + VERSION;
    return {
      operation, store, options, now, represent, caller, aid,
      params: c.req.param(),

      /** Refuses a caller without this permission. */
      require: (...labels) => requirePermissions(caller, aid, labels),

      /** Absolute, at the host that was asked, and in the same account group. */
      link(path) {
        const query = askedAid === null ? "" : `?aid=${encodeURIComponent(askedAid)}`;
        return { self: { href: base + path + query } };
      },

      /** To this very operation, with the same query and what is to be another one. */
      linkTo(others = {}) {
        const given = names.filter((name) => url.searchParams.has(name));
        const same = given.map((name) => [name, url.searchParams.getAll(name).join()]);
        const query = new URLSearchParams({ ...Object.fromEntries(same), ...others });
        return { href: base + operation.path + (query.size > 0 ? `?${query}` : "") };
      },

      /** Makes a change and writes it into the activity log. */
      change(event, resources, { put, remove }) {
        const { user } = caller;
        const entry = {
          eventId: store.nextId("events"),
          aid,
          accountGroupName: store.accountGroups.get(aid).accountGroupName,
          date: isoDate(now()),
          event,
          ipAddress: addressOf(c.req.raw),
          uid: user.uid,
          user: `${user.name ?? ""} (${user.email})`.trimStart(),
          resources,
        };
        store.commit({ put: { ...put, events: [entry] }, remove });
      },
    };
  }

  /** An operation, from the accepted media type to its answer. */
  function serve(operation) {
    const { permissions = [], authorize, queryComplaints, complaintsAbout, handle } = endpoints[operation.operationId];
    return (c) => {
      const mediaType = negotiate(c.req.header("accept"), [HAL_JSON, JSON_TYPE]);
      if (!mediaType) throw new Problem(406, `Accept ${HAL_JSON} or ${JSON_TYPE}.`);
      const context = contextOf(c, operation);
      context.require(...permissions);
      authorize?.(context);

      const query = validation.query(operation, new URL(c.req.url).searchParams);
      requireNone([...query.errors, ...(queryComplaints?.(query.values) ?? [])]);
      context.query = query.values;
      if (operation.body) {
        const given = parseObject(c.req.raw.headers, c.env.bytes);
        /** Read when it is needed: that something does not exist comes before what is wrong with its change. */
        context.body = () => {
          const { errors, values } = validation.body(operation, given);
          requireNone([...errors, ...(complaintsAbout?.(given, context) ?? [])]);
          return values;
        };
      }
      return toResponse({ mediaType, ...handle(context) });
    };
  }

  const app = new Hono();
  app.onError((error, c) => {
    const isPlanned = error instanceof Problem;
    if (!isPlanned) c.env.entry.error = String(error.stack);
    const problem = isPlanned ? error : new Problem(500, "This is a mistake in the sandbox.");
    return toResponse(problem.toResult(new URL(c.req.url).pathname));
  });
  app.use(async (c, next) => {
    await next();
    c.env.entry.executed = WRITES.has(c.req.method) && !c.error;
  });

  const ofDescription = allowed(["GET"]);
  app.get(DESCRIPTION, (c) =>
    toResponse({ status: 200, mediaType: JSON_TYPE, body: describe(options, new URL(c.req.url).origin + VERSION) }),
  );
  app.options(DESCRIPTION, () => toResponse({ status: 204, headers: { allow: ofDescription } }));
  app.all(DESCRIPTION, () => refuseMethod(ofDescription));

  app.use(`${VERSION}/*`, requireDecodable, async (c, next) => {
    if (options.rateLimitCounts === "all") rateLimit.consume();
    await next();
  });
  const paths = [...operationsByPath].map(([path, operations]) => ({
    route: routeOf(path),
    operations,
    allow: allowed(operations.map(({ method }) => method)),
  }));
  for (const { route, allow } of paths) app.options(route, () => toResponse({ status: 204, headers: { allow } }));
  app.options(`${VERSION}/*`, nowhere);

  app.use(`${VERSION}/*`, async (c, next) => {
    c.set("caller", authenticate(c.req.raw.headers, store));
    if (options.rateLimitCounts === "authenticated") rateLimit.consume();
    await next();
  });
  for (const { route, operations, allow } of paths) {
    for (const operation of operations) app.on(operation.method, route, serve(operation));
    app.all(route, () => refuseMethod(allow));
  }
  app.all(`${VERSION}/*`, nowhere);
  app.all("*", redirect);
  return app;
}

/** The path template that a request leads to, below the version; undefined if there is none. */
export function templateOf(app, request) {
  const [handlers] = app.router.match(request.method, app.getPath(request));
  const route = handlers.map(([[, { path }]]) => path).find((path) => !path.includes("*"));
  return route?.slice(VERSION.length).replace(/:(\w+)/g, "{$1}");
}
