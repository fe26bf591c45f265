import { Problem } from "./problem.mjs";

const CONTROL_PATH = "/__sandbox";

export const isControlPath = (pathname) => pathname === CONTROL_PATH || pathname.startsWith(`${CONTROL_PATH}/`);

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

const isLoopback = (address) => URL.canParse(address) && LOOPBACK.has(new URL(address).hostname);

/**
 * The control paths answer on this machine's own names only: a page elsewhere must not reach them by DNS. Nor may it
 * send to them without seeing the answer; a browser then names the page's origin.
 */
export const isFromHere = ({ url, headers }) => isLoopback(url) && isLoopback(headers.get("origin") ?? url);

const json = (body, status = 200, headers = {}) => Response.json(body, { status, headers });

function parse(bytes) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
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

const nothing = () => new Response(null, { status: 204 });

/** How things stand, and where to read and change more. The tokens are not shown. */
const overview = (sandbox) => ({
  time: new Date(sandbox.time).toISOString(),
  users: sandbox.userCount,
  requests: sandbox.requests.length,
  faults: sandbox.faults.list().length,
  paths: Object.fromEntries(Object.entries(controls).map(([name, methods]) => [pathOf(name), Object.keys(methods)])),
});

const controls = {
  "": { GET: (sandbox) => json(overview(sandbox)) },
  state: { GET: (sandbox) => json(sandbox.state) },
  requests: {
    GET: (sandbox) => json({ requests: sandbox.requests }),
    DELETE: (sandbox) => (sandbox.clearRequests(), nothing()),
  },
  reset: { POST: (sandbox) => (sandbox.reset(), nothing()) },
  clock: {
    GET: (sandbox) => json({ time: new Date(sandbox.time).toISOString() }),
    POST: (sandbox, bytes) => (attempt(() => sandbox.advance(parse(bytes)?.advance)), nothing()),
  },
  faults: {
    GET: (sandbox) => json({ faults: sandbox.faults.list() }),
    POST: (sandbox, bytes) => json({ id: attempt(() => sandbox.faults.add(parse(bytes))) }, 201),
    DELETE: (sandbox) => (sandbox.faults.clear(), nothing()),
  },
};

const pathOf = (name) => (name === "" ? CONTROL_PATH : `${CONTROL_PATH}/${name}`);

/**
 * What a test in another process, or the demo page, uses in place of the object. Not logged and not limited.
 * @param {object} sandbox
 * @param {Request} request
 * @param {Uint8Array | undefined} bytes
 */
export function answerControl(sandbox, request, bytes) {
  const { pathname } = new URL(request.url);
  const name = pathname.slice(CONTROL_PATH.length + 1);
  try {
    if (!Object.hasOwn(controls, name)) {
      throw new Problem(404, `Use one of ${Object.keys(controls).map(pathOf).join(", ")}.`);
    }
    const methods = controls[name];
    const allow = Object.keys(methods).join(", ");
    if (!Object.hasOwn(methods, request.method)) {
      throw new Problem(405, `Use one of ${allow}.`, { headers: { allow } });
    }
    return methods[request.method](sandbox, bytes);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { status, body, headers, mediaType } = error.toResult(pathname);
    return json(body, status, { ...headers, "content-type": mediaType });
  }
}
