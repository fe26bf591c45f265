/** A proxy before the API: it adds the token, which no page may know, to requests that are known to be the portal's own. */
import { answerOf } from "./answer.mjs";
import { LimitedBody, hasBody, readText } from "./body.mjs";
import { addressOf, isId, readCall } from "./call.mjs";
import { Course, courses } from "./course.mjs";
import { isToken, readOptions } from "./options.mjs";
import { Refusal } from "./refusal.mjs";
import { checkSource } from "./source.mjs";

export { toNodeHandler } from "./node.mjs";
export { readOperations } from "./call.mjs";

const ACCEPT = "application/hal+json, application/json, application/problem+json";
const slow = (what) => new Refusal(504, `The proxy waited too long for ${what}.`);

/** A handler of the web's standards; proxy.d.ts says all of it. */
export function createProxy(options) {
  const settings = readOptions(options);
  return async function proxy(request) {
    const course = new Course(request.signal, settings.timeout);
    try {
      const answer = await forward(request, settings, course);
      courses.set(answer, course);
      return answer;
    } catch (error) {
      course.end();
      if (error instanceof Refusal) return error.toResponse();
      throw error;
    }
  };
}

async function forward(request, settings, course) {
  checkSource(request, settings.origins);
  const call = readCall(request, settings);
  if (!settings.allow.has(call.operation)) {
    throw new Refusal(403, `This proxy does not allow ${call.operation}: name it in \`allow\` if it shall.`);
  }
  checkBody(request, call, settings.bodyLimit);
  const limited = request.body ? new LimitedBody(request.body, settings.bodyLimit, course.signal) : undefined;
  const shown = limited ? withBody(request, limited.stream) : request;
  const { token, aid } = await checked(authorized(shown, call, settings, course), limited);
  const reading = call.isSent && limited ? checked(readText(shown.body), limited) : undefined;
  const body = await course.within(reading, tooSlow);
  const init = {
    method: call.method,
    headers: { accept: ACCEPT, authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }) },
    ...(body && { body }),
    redirect: "manual",
    signal: course.signal,
    // Next.js may keep what is read. Cloudflare Workers of before 2024-11-11 refuse to be told.
    ...("cache" in Request.prototype && { cache: "no-store" }),
  };
  const response = await course.within(ask(settings.fetch, addressOf(settings.host, call, aid), init), slow("the API"));
  return answerOf(response, { limit: settings.answerLimit, token, replaced: settings.replaced, course });
}

const tooSlow = new Refusal(408, "The body of the request did not come in time.");

/** The same request with another body. Some platforms' requests are no `Request` to its constructor, so it is made anew. */
const withBody = ({ url, method, headers, signal }, body) => new Request(url, { method, headers, signal, body, duplex: "half" });

/** A body that broke off decides, whatever its reader made of that. */
const checked = (reading, limited) =>
  reading.finally(() => {
    if (limited?.refusal) throw limited.refusal;
  });

/** Before anybody waits for a body: what its headers say already. */
function checkBody({ headers, body, bodyUsed }, call, limit) {
  if (bodyUsed) throw new TypeError("The body of the request was read before the proxy got it: let the proxy come first.");
  if (!call.isSent) {
    if (hasBody(headers)) throw new Refusal(400, `${call.operation} takes no body.`);
    return;
  }
  if (!body) return;
  // A form cannot send this type without that the browser asks for leave first.
  const [type] = (headers.get("content-type") ?? "").split(";");
  if (type.trim().toLowerCase() !== "application/json") throw new Refusal(415, "Send application/json.");
  const coding = headers.get("content-encoding") ?? "identity";
  if (coding.toLowerCase() !== "identity") throw new Refusal(415, "Send the body as it is, without Content-Encoding.");
  if (Number(headers.get("content-length")) > limit) throw new Refusal(413, `Send at most ${limit} bytes.`);
}

/** The token that the request goes with, and the account group that stands in for the page's. */
async function authorized(request, call, { authorize, accessToken }, course) {
  const { operation, method, params, aid } = call;
  const asked = (async () => authorize(request, { operation, method, params, aid }))();
  const grant = await course.within(asked, slow("`authorize`"));
  if (grant === false) throw new Refusal(403, `You are not permitted to use ${operation} like this.`);
  if (request.bodyUsed) throw new TypeError("`authorize` has read the body of the request: read that of request.clone().");
  if (grant === true) {
    const given = (async () => (typeof accessToken === "function" ? accessToken() : accessToken))();
    return { token: checkedToken(await course.within(given, slow("`accessToken`")), "`accessToken`"), aid };
  }
  if (typeof grant !== "object" || grant === null) {
    throw new TypeError("`authorize` must give false, true or { accessToken }.");
  }
  const token = checkedToken(grant.accessToken, "The `accessToken` that `authorize` gave");
  if (grant.aid === undefined) return { token, aid };
  const isPlain = typeof grant.aid === "string" || typeof grant.aid === "number";
  if (!isPlain || !isId(String(grant.aid))) throw new TypeError("The `aid` that `authorize` gave is no id.");
  if (params.useAllPermittedAids === "true") throw new Refusal(403, "You may read the events of one account group only.");
  return { token, aid: String(grant.aid) };
}

/** Names no token: what is thrown here may be shown. */
function checkedToken(token, name) {
  if (!isToken(token)) throw new TypeError(`${name} is no token: a string of visible ASCII characters.`);
  return token;
}

async function ask(fetch, address, init) {
  try {
    return await fetch(address, init);
  } catch (error) {
    const code = error?.cause?.code ?? error?.code;
    const known = typeof code === "string" && /^[A-Z][A-Z0-9_]+$/.test(code) ? ` (${code})` : "";
    throw new Refusal(502, `The proxy got no answer from the API${known}.`);
  }
}
