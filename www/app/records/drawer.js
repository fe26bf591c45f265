import { button, el, fill, freshId, icon } from "../dom.js";
import { createModal } from "./modal.js";

/**
 * The drawer in which one thing is read, changed or made. It keeps what was typed: the first try to close asks, and the
 * question has the buttons.
 * @param {{ isWriting: () => boolean, isChanged: () => boolean, onClosed: () => void }} listeners
 */
export function createDrawer({ isWriting, isChanged, onClosed }) {
  const titleId = freshId("title");
  const title = el("h2", { id: titleId, tabindex: "-1" });
  const body = el("div.drawer-body");
  const status = el("div.drawer-status", { role: "status" });
  const close = button("", { kind: "icon-only", symbol: "close", "aria-label": "Close" });
  const dialog = el(
    "dialog.drawer",
    { "aria-labelledby": titleId },
    el("div.drawer-sheet", {}, el("header.drawer-head", {}, title, close), status, body),
  );
  const modal = createModal(dialog, {
    mayClose,
    onClosed: () => {
      fill(body);
      onClosed();
    },
  });
  close.addEventListener("click", modal.tryClose);

  function mayClose() {
    if (isWriting()) return false;
    if (!isChanged()) return true;
    ask();
    return false;
  }

  function ask() {
    const keep = button("Keep editing", { kind: "primary", onclick: () => fill(status) });
    const discard = button("Discard changes", { kind: "danger-quiet", onclick: () => dialog.close() });
    fill(status, el("div.note.warning.question", {}, icon("warning"), el("span", {}, "Your changes are not saved."), keep, discard));
    keep.focus();
  }

  return {
    get isOpen() {
      return dialog.open;
    },

    show(heading, ...content) {
      fill(title, heading);
      fill(body, ...content);
      if (!dialog.open) dialog.showModal();
      body.scrollTop = 0;
    },

    note: (text, kind) => fill(status, el(`p.note.${kind}`, {}, icon(kind === "good" ? "check" : "warning"), text)),
    clearNote: () => fill(status),
    focus: () => title.focus(),
    close: () => dialog.close(),
    tryClose: modal.tryClose,
  };
}
