/** What is to be seen in place of a list, or of one thing. */
import { button, el, icon } from "./dom.js";
import { details, facts, kindOf, texts } from "./errors.js";

const SKELETON_ROWS = 8;
const SLOW_AFTER = 4000;

const state = (symbol, title, ...children) =>
  el("section.state", {}, el("span.state-icon", {}, icon(symbol)), el("h2", {}, title), ...children);

/** Bars where the content will be; after a while it says that it takes long and lets the person give up. */
export function loading({ what, onCancel }) {
  const rows = Array.from({ length: SKELETON_ROWS }, () => el("div.skeleton-row", {}, el("i"), el("i"), el("i"), el("i")));
  const slow = el("p.slow", { role: "status" });
  const place = el("section.loading", {}, el("p.visually-hidden", { role: "status" }, `Loading ${what}`), slow, ...rows);
  const timer = setTimeout(() => {
    slow.append(icon("clock"), "The API takes its time. ", button("Cancel", { kind: "quiet", onclick: onCancel }));
  }, SLOW_AFTER);
  return { place, stop: () => clearTimeout(timer) };
}

/** @param {{ symbol: string, title: string, text: string, action?: HTMLElement }} what */
export const empty = ({ symbol, title, text, action }) => state(symbol, title, el("p", {}, text), action);

export const noResults = ({ query, onClear }) =>
  state(
    "search",
    "No such user",
    el("p", {}, query ? ["Nobody’s name, e-mail address, account group or id has “", el("bdi", {}, query), "”."] : "Nobody is like that."),
    button("Clear search and filter", { onclick: onClear }),
  );

/** @param {{ what: string, onRetry: () => void }} options `what` with its article or pronoun: "these users" */
export function failure(error, { what, onRetry }) {
  const { symbol, title } = kindOf(error);
  const place = state(
    symbol,
    error?.code === "forbidden" ? `You may not see ${what}` : title,
    ...texts(error),
    facts(error),
    button("Try again", { kind: "primary", symbol: "reload", onclick: onRetry }),
    details(error),
  );
  place.classList.add("failure");
  place.setAttribute("role", "alert");
  return place;
}
