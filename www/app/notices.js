import { button, el, icon } from "./dom.js";

const LASTS = 8000;
const symbols = { good: "check", warning: "warning" };

/** A short message that goes away by itself. Its place is a live region, so it is read out as well. */
export function createNotices(place) {
  return function say(text, kind = "good") {
    const notice = el(
      `p.notice.${kind}`,
      {},
      icon(symbols[kind]),
      el("span", {}, text),
      button("", { kind: "icon-only", symbol: "close", "aria-label": "Dismiss", onclick: () => notice.remove() }),
    );
    place.replaceChildren(notice);
    setTimeout(() => notice.remove(), LASTS);
  };
}
