import { button, el } from "../dom.js";
import { outcomeOf } from "../errors.js";
import { failure, loading } from "../states.js";
import { createDrawer } from "./drawer.js";
import { createRecordForm } from "./form.js";
import { outcomeCheck } from "./outcome-check.js";

/**
 * One record in its drawer: read, changed or made.
 * @param {object} kind which records these are; see users/kind.js
 * @param {object} listeners
 * @param {() => Set<string>} listeners.knownIds the records that are there
 * @param {(record: object) => void} listeners.onSaved
 * @param {(records: object[]) => void} listeners.onList gets a list that was read on the way
 * @param {(record: object) => void} listeners.onDelete
 * @param {(id: string | undefined) => void} listeners.onClosed
 * @param {(text: string, kind?: string) => void} listeners.say
 */
export function createRecordDialog(kind, listeners) {
  let id;
  let form;
  let flight;
  let isWriting = false;
  const drawer = createDrawer({ isWriting: () => isWriting, isChanged: () => form?.isChanged() ?? false, onClosed });

  function onClosed() {
    flight?.abort();
    form = undefined;
    listeners.onClosed(id);
  }

  function note(text, symbol = "good") {
    if (drawer.isOpen) drawer.note(text, symbol);
    else listeners.say(text, symbol);
  }

  async function open(record) {
    id = kind.idOf(record);
    form = undefined;
    drawer.clearNote();
    flight = new AbortController();
    const { signal } = flight;
    const { place, stop } = loading({
      what: `the ${kind.noun}`,
      onCancel: () => flight.abort(new DOMException("Cancelled.", "AbortError")),
    });
    drawer.show(kind.heading(record), place);
    drawer.focus();
    kind.prepare();
    try {
      showDetails(await kind.read(id, { signal }));
    } catch (error) {
      const retry = { what: `this ${kind.noun}`, onRetry: () => open(record) };
      if (drawer.isOpen) drawer.show(kind.heading(record), failure(error, retry));
    } finally {
      stop();
    }
  }

  function showDetails(record) {
    if (!drawer.isOpen || kind.idOf(record) !== id) return;
    form = undefined;
    const remove = button("Delete…", { kind: "danger-quiet", symbol: "trash", onclick: () => listeners.onDelete(record) });
    const change = button("Edit", { kind: "primary", symbol: "pen", onclick: () => void edit(record) });
    drawer.show(kind.heading(record), ...kind.details(record), !kind.isFixed(record) && el("div.actions", {}, remove, change));
  }

  async function edit(record) {
    drawer.clearNote();
    const parts = await kind.form(record);
    if (!drawer.isOpen) return;
    showForm(kind.heading(record), parts, {
      onSubmit: (request) => void write("update", "Saving…", request),
      onCancel: () => showDetails(record),
    });
  }

  async function create() {
    id = undefined;
    const parts = await kind.form();
    drawer.clearNote();
    showForm([`New ${kind.noun}`], parts, {
      onSubmit: (request) => void write("create", "Creating…", request),
      onCancel: () => drawer.tryClose(),
    });
  }

  function showForm(heading, parts, listenersOfForm) {
    form = createRecordForm({ ...parts, noun: kind.noun, isNew: id === undefined, areEqual: kind.areEqual, ...listenersOfForm });
    drawer.show(heading, form.place);
    form.place.querySelector("input").focus();
  }

  async function write(what, label, request) {
    const sending = form;
    isWriting = true;
    sending.setBusy(true, label);
    drawer.clearNote();
    try {
      const record = await (what === "create" ? kind.create(request) : kind.update(id, request));
      isWriting = false;
      finish(what, request, record);
    } catch (error) {
      isWriting = false;
      sending.setBusy(false);
      if (outcomeOf(error) !== "unknown") return sending.showError(error);
      const look = kind.looks[what]({ id, request, known: listeners.knownIds() });
      sending.showTrouble(outcomeCheck(error, look, ({ done, list }) => {
        if (list) listeners.onList(list);
        finish(what, request, done);
      }));
    }
  }

  /** The API's answer is compared with what it was asked for: rights are too important to be taken on trust. */
  function finish(what, request, record) {
    form = undefined;
    id = kind.idOf(record);
    listeners.onSaved(record);
    const isWhole = kind.isWhole(record);
    const done = `${kind.titleOf(record)} ${what === "create" ? "was created" : "was saved"}`;
    if (isWhole) showDetails(record);
    else void open(record).then(() => note(`${done}.`));
    const isAsAsked = !isWhole || kind.isAsAsked(request, record);
    note(isAsAsked ? `${done}.` : `${done}, but is not quite as asked: look at it once more.`, isAsAsked ? "good" : "warning");
    drawer.focus();
  }

  return { open, create, close: drawer.close };
}
