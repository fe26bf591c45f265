import { button, el, fill } from "../dom.js";
import { failure, loading } from "../states.js";

/**
 * A heading with its buttons, and below it a list, or what is to be seen in its place.
 * @param {object} options
 * @param {string} options.title
 * @param {string} options.what the records in a sentence: "users"
 * @param {() => void} options.onReload
 * @param {HTMLElement[]} [options.actions] more buttons
 * @param {HTMLElement} [options.toolbar]
 */
export function createView({ title, what, onReload, actions = [], toolbar }) {
  const total = el("output.total");
  const content = el("div.content");
  let stop = () => {};
  const place = el(
    "div.view",
    {},
    el("div.heading", {}, el("h1", {}, title), total, button("Reload", { kind: "quiet", symbol: "reload", onclick: onReload }), actions),
    toolbar,
    content,
  );
  const openers = () => [...content.querySelectorAll("button.open")];

  /** What is to be seen, and how much of it; `busy` while the list is on its way. */
  function put(nodes, { busy = false, text = "" } = {}) {
    stop();
    stop = () => {};
    content.setAttribute("aria-busy", String(busy));
    total.value = text;
    fill(content, nodes);
  }

  return {
    place,
    content,
    put,
    setTotal: (text) => (total.value = text),

    showLoading(onCancel) {
      const { place: bars, stop: end } = loading({ what, onCancel });
      put([bars], { busy: true });
      stop = end;
    },

    showError: (error) => put([failure(error, { what: `these ${what}`, onRetry: onReload })]),

    /** After a dialog: to the record that it was about, or to where that was. */
    focusRecord(id, index = 0) {
      const all = openers();
      const target = all.find(({ dataset }) => dataset.id === id) ?? all[Math.min(index, all.length - 1)];
      (target ?? place.querySelector("input, button")).focus();
    },

    indexOf: (id) => openers().findIndex(({ dataset }) => dataset.id === id),
  };
}
