/** What is to be seen in place of users. */
import { button, el, icon } from "./dom.js";
import { details, facts, kindOf, texts } from "./errors.js";

const SKELETON_ROWS = 8;
const SLOW_AFTER = 4000;

const state = (symbol, title, ...children) =>
  el("section.state", {}, el("span.state-icon", {}, icon(symbol)), el("h2", {}, title), ...children);

/** Bars where users will be; after a while it says that it takes long and lets the person give up. */
export function loading({ onCancel }) {
  const rows = Array.from({ length: SKELETON_ROWS }, () => el("div.skeleton-row", {}, el("i"), el("i"), el("i"), el("i")));
  const slow = el("p.slow", { role: "status" });
  const place = el("section.loading", {}, el("p.visually-hidden", { role: "status" }, "Loading users"), slow, ...rows);
  const timer = setTimeout(() => {
    slow.append(icon("clock"), "The API takes its time. ", button("Cancel", { kind: "quiet", onclick: onCancel }));
  }, SLOW_AFTER);
  return { place, stop: () => clearTimeout(timer) };
}

export const empty = ({ onAdd }) =>
  state(
    "people",
    "No users yet",
    el("p", {}, "This organization has no user that you can see from here."),
    button("Add the first user", { kind: "primary", symbol: "plus", onclick: onAdd }),
  );

export const noResults = ({ query, onClear }) =>
  state(
    "search",
    "No such user",
    el("p", {}, query ? ["Nobody’s name, e-mail address, account group or id has “", el("bdi", {}, query), "”."] : "Nobody is like that."),
    button("Clear search and filter", { onclick: onClear }),
  );

export function failure(error, { onRetry }) {
  const { symbol, title } = kindOf(error);
  const place = state(
    symbol,
    error?.code === "forbidden" ? "You may not see these users" : title,
    ...texts(error),
    facts(error),
    button("Try again", { kind: "primary", symbol: "reload", onclick: onRetry }),
    details(error),
  );
  place.classList.add("failure");
  place.setAttribute("role", "alert");
  return place;
}
