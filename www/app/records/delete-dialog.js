import { bdi, button, el, fill, freshId, icon } from "../dom.js";
import { facts, kindOf, outcomeOf, texts } from "../errors.js";
import { createModal } from "./modal.js";
import { outcomeCheck } from "./outcome-check.js";

const same = (left, right) => left.trim().toLowerCase() === right.trim().toLowerCase();

/**
 * Asks before a record is deleted: it names the record, and whoever confirms has to name it too.
 * @param {object} kind which records these are; see users/kind.js
 * @param {{ onDeleted: (record: object, records?: object[]) => void }} listeners
 */
export function createDeleteDialog(kind, { onDeleted }) {
  const label = `Delete ${kind.noun}`;
  const titleId = freshId("title");
  const textId = freshId("text");
  const dialog = el("dialog.alert", { role: "alertdialog", "aria-labelledby": titleId, "aria-describedby": textId });
  let isWriting = false;
  const modal = createModal(dialog, { mayClose: () => !isWriting, onClosed: () => fill(dialog) });

  async function open(record) {
    const id = kind.idOf(record);
    const phrase = kind.phraseOf(record);
    const trouble = el("div.trouble");
    const typed = el("input", { id: freshId("phrase"), autocomplete: "off", spellcheck: "false", oninput: refresh });
    const cancel = button("Cancel", { autofocus: true, onclick: modal.tryClose });
    const remove = button(label, { kind: "danger", symbol: "trash", type: "submit", disabled: true });
    const warning = el("div");

    function refresh() {
      remove.disabled = isWriting || !same(typed.value, phrase);
    }

    async function send(event) {
      event.preventDefault();
      if (remove.disabled) return;
      setWriting(true);
      fill(trouble);
      try {
        await kind.remove(id);
        setWriting(false);
        finish();
      } catch (error) {
        setWriting(false);
        fill(trouble, problem(error));
        trouble.firstChild.focus();
      }
    }

    function setWriting(is) {
      isWriting = is;
      cancel.disabled = is;
      typed.disabled = is;
      remove.lastChild.textContent = is ? "Deleting…" : label;
      refresh();
    }

    function problem(error) {
      if (outcomeOf(error) === "unknown") {
        return outcomeCheck(error, kind.looks.delete({ id }), ({ list }) => finish(list));
      }
      const { symbol, title } = kindOf(error);
      return el("div.problem", { role: "alert", tabindex: "-1" }, el("h3", {}, icon(symbol), title), ...texts(error), facts(error, { isWrite: true }));
    }

    function finish(records) {
      dialog.close();
      onDeleted(record, records);
    }

    fill(
      dialog,
      el(
        "form.alert-sheet",
        { novalidate: true, onsubmit: send },
        el("h2", { id: titleId }, "Delete ", bdi(kind.titleOf(record)), "?"),
        el(
          "div",
          { id: textId },
          el("p", {}, kind.consequenceOf(record), " This cannot be undone."),
          warning,
        ),
        el("label.field", { for: typed.id }, el("span", {}, "To confirm, type ", el("bdi.phrase", {}, phrase)), typed),
        trouble,
        el("div.actions", {}, cancel, remove),
      ),
    );
    dialog.showModal();
    cancel.focus();
    const danger = await kind.dangerOf(record);
    if (danger) fill(warning, el("p.note.danger", {}, icon("warning"), danger));
  }

  return { open };
}
