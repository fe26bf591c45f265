/** The package's errors in words for a person. The code decides; the message and the hint are the package's own. */
import { bdi, el } from "./dom.js";

const kinds = {
  unauthorized: { symbol: "key", title: "The access token is not accepted" },
  forbidden: { symbol: "lock", title: "No permission" },
  "not-found": { symbol: "question", title: "Not found" },
  "bad-request": { symbol: "warning", title: "The API does not accept this" },
  "invalid-type": { symbol: "warning", title: "This cannot be sent" },
  "invalid-value": { symbol: "warning", title: "This cannot be sent" },
  "too-many-requests": { symbol: "gauge", title: "The organization has used up its requests" },
  "service-error": { symbol: "plug", title: "The API has a problem" },
  "connection-failed": { symbol: "plug", title: "No connection to the API" },
  timeout: { symbol: "clock", title: "No answer in time" },
  "invalid-response": { symbol: "question", title: "The answer cannot be read" },
  "not-initialized": { symbol: "bolt", title: "The package did not start" },
};
const cancelled = { symbol: "clock", title: "Cancelled" };
const other = { symbol: "warning", title: "Something went wrong" };

const outcomes = {
  "not-sent": "nothing was sent",
  rejected: "the API refused it, so nothing was changed",
  unknown: "nobody knows whether it was done",
};

const isCancelled = (error) => error?.name === "AbortError";

/** A call that was cancelled on its way may have been done all the same. */
export const outcomeOf = (error) => (isCancelled(error) ? "unknown" : (error?.outcome ?? "not-sent"));

export const kindOf = (error) => (isCancelled(error) ? cancelled : (kinds[error?.code] ?? other));

/** Code, outcome and whatever else helps to find the cause. */
export function facts(error, { isWrite = false } = {}) {
  const outcome = outcomeOf(error);
  const meaning = isWrite || outcome !== "unknown" ? outcomes[outcome] : "this only reads, so nothing was changed";
  const rows = [
    ["Code", error?.code],
    ["HTTP status", error?.status],
    ["Outcome", error?.code && [outcome, el("span.meaning", {}, meaning)]],
    ["Tries", error?.attempts],
  ];
  const shown = rows.filter(([, value]) => value !== undefined);
  return el("dl.error-facts", {}, shown.map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, value))));
}

export function texts(error) {
  const message = isCancelled(error) ? "The call was ended before it was answered." : (error?.message ?? String(error));
  return [el("p.message", {}, bdi(message)), error?.hint && el("p.hint", {}, error.hint)];
}

/** What belongs into a log. The package keeps the token out of it. */
export function details(error) {
  const text = JSON.stringify(error?.toJSON?.() ?? { name: error?.name, message: error?.message }, null, 2);
  return el("details.raw", {}, el("summary", {}, "Details for a log"), el("pre", { tabindex: "0" }, text));
}
