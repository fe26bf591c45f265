import { bdi, button, el, fill, freshId, icon } from "./dom.js";
import { facts, kindOf, outcomeOf, texts } from "./errors.js";
import { createModal } from "./modal.js";
import { looks, outcomeCheck } from "./outcome-check.js";
import { titleOf } from "./user.js";

const same = (left, right) => left.trim().toLowerCase() === right.trim().toLowerCase();

/**
 * Asks before a user is deleted: it names the user, and whoever confirms has to name the user too.
 * @param {{ call: Function, owner: () => Promise<string | undefined>, onDeleted: (user: object, users?: object[]) => void }} options
 */
export function createDeleteDialog({ call, owner, onDeleted }) {
  const titleId = freshId("title");
  const textId = freshId("text");
  const dialog = el("dialog.alert", { role: "alertdialog", "aria-labelledby": titleId, "aria-describedby": textId });
  let isWriting = false;
  const modal = createModal(dialog, { mayClose: () => !isWriting, onClosed: () => fill(dialog) });

  async function open(user) {
    const phrase = user.email ?? user.uid;
    const trouble = el("div.trouble");
    const typed = el("input", { id: freshId("phrase"), autocomplete: "off", spellcheck: "false", oninput: refresh });
    const cancel = button("Cancel", { autofocus: true, onclick: modal.tryClose });
    const remove = button("Delete user", { kind: "danger", symbol: "trash", type: "submit", disabled: true });
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
        await call("users.deleteUser", user.uid);
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
      remove.lastChild.textContent = is ? "Deleting…" : "Delete user";
      refresh();
    }

    function problem(error) {
      if (outcomeOf(error) === "unknown") {
        return outcomeCheck(error, looks.delete(call, { uid: user.uid }), ({ users }) => finish(users));
      }
      const { symbol, title } = kindOf(error);
      return el("div.problem", { role: "alert", tabindex: "-1" }, el("h3", {}, icon(symbol), title), ...texts(error), facts(error, { isWrite: true }));
    }

    function finish(users) {
      dialog.close();
      onDeleted(user, users);
    }

    fill(
      dialog,
      el(
        "form.alert-sheet",
        { novalidate: true, onsubmit: send },
        el("h2", { id: titleId }, "Delete ", bdi(titleOf(user)), "?"),
        el(
          "div",
          { id: textId },
          el("p", {}, bdi(user.email ?? ""), ", user id ", user.uid, ", loses access to all account groups. This cannot be undone."),
          warning,
        ),
        el("label.field", { for: typed.id }, el("span", {}, "To confirm, type ", el("bdi.phrase", {}, phrase)), typed),
        trouble,
        el("div.actions", {}, cancel, remove),
      ),
    );
    dialog.showModal();
    cancel.focus();
    if ((await owner()) === user.uid) {
      fill(warning, el("p.note.danger", {}, icon("warning"), "This user owns the access token of this page: it would stop working."));
    }
  }

  return { open };
}
