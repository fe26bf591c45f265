import { Hono } from "hono";
import { Problem } from "./problem.mjs";
import { toResponse } from "./response.mjs";

export const CONTROL_PATH = "/__sandbox";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

const isLoopback = (address) => URL.canParse(address) && LOOPBACK.has(new URL(address).hostname);

/**
 * The control paths answer on this machine's own names only: a page elsewhere must not reach them by DNS. Nor may it
 * send to them without seeing the answer; a browser then names the page's origin.
 */
export const isFromHere = ({ url, headers }) => isLoopback(url) && isLoopback(headers.get("origin") ?? url);

async function parse({ req }) {
  try {
    return await req.json();
  } catch {
    throw new Problem(400, "Send a body that is JSON.");
  }
}

/** What the sandbox refuses with a TypeError is a mistake of whoever asked. */
function attempt(action) {
  try {
    return action();
  } catch (error) {
    if (error instanceof TypeError) throw new Problem(400, error.message);
    throw error;
  }
}

const isoTime = (sandbox) => new Date(sandbox.time).toISOString();

/** How things stand, and where to read and change more. The tokens are not shown. */
const overview = (sandbox) => ({
  time: isoTime(sandbox),
  users: sandbox.userCount,
  requests: sandbox.requests.length,
  faults: sandbox.faults.list().length,
  paths: Object.fromEntries(Object.entries(controls).map(([path, methods]) => [path, Object.keys(methods)])),
});

/** By path and method: what to do, and what to answer if anything. */
const controls = {
  [CONTROL_PATH]: { GET: overview },
  [`${CONTROL_PATH}/state`]: { GET: (sandbox) => sandbox.state },
  [`${CONTROL_PATH}/requests`]: {
    GET: (sandbox) => ({ requests: sandbox.requests }),
    DELETE: (sandbox) => sandbox.clearRequests(),
  },
  [`${CONTROL_PATH}/reset`]: { POST: (sandbox) => sandbox.reset() },
  [`${CONTROL_PATH}/clock`]: {
    GET: (sandbox) => ({ time: isoTime(sandbox) }),
    POST: async (sandbox, c) => {
      const body = await parse(c);
      attempt(() => sandbox.advance(body?.advance));
    },
  },
  [`${CONTROL_PATH}/faults`]: {
    GET: (sandbox) => ({ faults: sandbox.faults.list() }),
    POST: async (sandbox, c) => {
      const fault = await parse(c);
      return { id: attempt(() => sandbox.faults.add(fault)) };
    },
    DELETE: (sandbox) => sandbox.faults.clear(),
  },
};

/**
 * What a test in another process, or the demo page, uses in place of the object. Not logged and not limited.
 * @param {object} sandbox
 */
export function createControl(sandbox) {
  const app = new Hono();
  app.onError((error, c) => {
    if (!(error instanceof Problem)) throw error;
    return toResponse(error.toResult(c.req.path));
  });
  for (const [path, methods] of Object.entries(controls)) {
    for (const [method, act] of Object.entries(methods)) {
      app.on(method, path, async (c) => {
        const body = await act(sandbox, c);
        return body === undefined ? c.body(null, 204) : c.json(body, method === "POST" ? 201 : 200);
      });
    }
    const allow = Object.keys(methods).join(", ");
    app.all(path, () => {
      throw new Problem(405, `Use one of ${allow}.`, { headers: { allow } });
    });
  }
  app.all("*", () => {
    throw new Problem(404, `Use one of ${Object.keys(controls).join(", ")}.`);
  });
  return app;
}
