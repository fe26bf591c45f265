import { Problem } from "./problem.mjs";

export const CONTROL_PATH = "/__sandbox/";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** The control paths answer on this machine's own names only: a page elsewhere must not reach them by DNS. */
export const isLoopback = ({ hostname }) => LOOPBACK.has(hostname);

const json = (body, status = 200, headers = {}) => Response.json(body, { status, headers });

function parse(bytes) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new Problem(400, "Send a fault as JSON.");
  }
}

function addFault(sandbox, bytes) {
  try {
    return json({ id: sandbox.faults.add(parse(bytes)) }, 201);
  } catch (error) {
    if (error instanceof TypeError) throw new Problem(400, error.message);
    throw error;
  }
}

const nothing = () => new Response(null, { status: 204 });

const controls = {
  state: { GET: (sandbox) => json(sandbox.state) },
  requests: { GET: (sandbox) => json({ requests: sandbox.requests }) },
  reset: { POST: (sandbox) => (sandbox.reset(), nothing()) },
  faults: {
    GET: (sandbox) => json({ faults: sandbox.faults.list() }),
    POST: addFault,
    DELETE: (sandbox) => (sandbox.faults.clear(), nothing()),
  },
};

/**
 * What a test in another process, or the demo page, uses in place of the object. Not logged and not limited.
 * @param {object} sandbox
 * @param {Request} request
 * @param {Uint8Array | undefined} bytes
 */
export function answerControl(sandbox, request, bytes) {
  const { pathname } = new URL(request.url);
  const name = pathname.slice(CONTROL_PATH.length);
  try {
    if (!Object.hasOwn(controls, name)) {
      throw new Problem(404, `Use one of ${Object.keys(controls).map((key) => CONTROL_PATH + key).join(", ")}.`);
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
