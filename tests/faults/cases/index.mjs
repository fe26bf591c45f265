/**
 * The fault matrix: plain data and small functions, for Node and for a browser. Of each case:
 *
 * - `name`
 * - `server`: what the server does to each request of the call, or a list of it, one for each request (the last for all
 *   further ones; see server/behaviours.mjs), or `isRefused`, where nobody listens; or `fetch`, which makes the injected
 *   `fetch` out of the tools of run-case.mjs
 * - `configuration` of the client beside its host and token, or a function of the tools that gives it
 * - `clock`: milliseconds by which the local clock is wrong
 * - `call`: what is called, with `{ users, client }` and the tools
 * - `expected`: `result` (the class of the error, "success", or "the reason" of a signal), `code`, `outcome`, `requests`
 *   on the wire, `value` of a success, `gap`: at least so many milliseconds between the last two requests. What differs
 *   in a browser is under `chromium`.
 * - `after`: the good call right after, with the same client, where it is not a plain one; `expected.after` what it gives
 */
import { aborts } from "./aborts.mjs";
import { clients } from "./clients.mjs";
import { errorBodies } from "./error-bodies.mjs";
import { fetches } from "./fetches.mjs";
import { hooks } from "./hooks.mjs";
import { rateLimits } from "./rate-limits.mjs";
import { successBodies } from "./success-bodies.mjs";
import { tokens } from "./tokens.mjs";
import { wire } from "./wire.mjs";

export const cases = [
  ...wire,
  ...successBodies,
  ...errorBodies,
  ...rateLimits,
  ...fetches,
  ...aborts,
  ...tokens,
  ...hooks,
  ...clients,
];
