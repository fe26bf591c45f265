/** What of the API's answer goes to the page. */
import { passedOn } from "./body.mjs";
import { Refusal, SAFE_HEADERS } from "./refusal.mjs";

/** The client's limiter, its errors and its methods go by these. Whatever else there is, a cookie too, is not the page's. */
const PASSED = [
  "date", "retry-after", "allow", "x-organization-rate-limit-limit", "x-organization-rate-limit-remaining",
  "x-organization-rate-limit-reset",
];
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json$/;
const WITHOUT_BODY = new Set([204, 205]);
/** A shorter token may be a part of any text. */
const SHORTEST_TOKEN = 8;

/** `replaced` has pairs of texts: the first one of each becomes the second. */
export function answerOf({ status, type, headers, body }, { limit, token, replaced, course }) {
  // Some platforms hide a redirect that is not followed.
  if (type === "opaqueredirect" || (status >= 300 && status < 400)) {
    throw new Refusal(502, "The API answered with a redirect, which is not followed: look at `host` of the proxy.");
  }
  // No Response can be made with another one. That of `Response.error()` is 0.
  if (!(status >= 200 && status <= 599)) {
    throw new Refusal(502, "The API answered with a status that is none.");
  }
  if (Number(headers.get("content-length")) > limit) {
    throw new Refusal(502, "The answer of the API is longer than the proxy passes on.");
  }
  const texts = token.length < SHORTEST_TOKEN ? replaced : [...replaced, [token, "(token)"]];
  const answer = new Headers(SAFE_HEADERS);
  const textOf = (name) => texts.reduce((text, [from, to]) => text.replaceAll(from, to), headers.get(name));
  const pass = (name) => headers.has(name) && answer.set(name, textOf(name));
  PASSED.forEach(pass);
  // Where something is that was created. No browser goes there by itself.
  if (status === 201) pass("location");
  if (WITHOUT_BODY.has(status) || !body) {
    course.end();
    return new Response(null, { status, headers: answer });
  }
  const [mediaType] = (headers.get("content-type") ?? "").toLowerCase().split(";");
  // A gateway's page is text: it must not run on the portal's own origin.
  answer.set("content-type", JSON_TYPE.test(mediaType.trim()) ? mediaType.trim() : "text/plain");
  return new Response(passedOn(body, { limit, replaced: texts, course }), { status, headers: answer });
}
