import { createDeleteDialog } from "./delete-dialog.js";
import { createRecordDialog } from "./dialog.js";

/**
 * The records of one kind: their list, and what can be done with each.
 * @param {object} kind which records these are; see users/kind.js
 * @param {{ onLoading: () => void, onLoaded: () => void, onChanged: () => void, say: (text: string, kind?: string) => void }} listeners
 */
export function createRecordsSection(kind, { onLoading, onLoaded, onChanged, say }) {
  const { idOf } = kind;
  let records = [];
  let flight;

  const view = kind.createView({
    onOpen: (record) => void dialog.open(record),
    onAdd: () => void dialog.create(),
    onReload: () => void load(),
  });
  const dialog = createRecordDialog(kind, {
    knownIds: () => new Set(records.map(idOf)),
    onSaved: (saved) => {
      const record = kind.listed(saved);
      const index = records.findIndex((other) => idOf(other) === idOf(record));
      show(index < 0 ? [...records, record] : records.with(index, record));
      onChanged();
    },
    onList: show,
    onDelete: (record) => void deleteDialog.open(record),
    onClosed: (id) => records.some((record) => idOf(record) === id) && view.focusRecord(id),
    say,
  });
  const deleteDialog = createDeleteDialog(kind, { onDeleted: forget });

  function show(list) {
    records = list;
    view.show(records);
  }

  function forget(record, list = records.filter((other) => idOf(other) !== idOf(record))) {
    const index = view.indexOf(idOf(record));
    dialog.close();
    show(list);
    onChanged();
    view.focusRecord(undefined, Math.max(index, 0));
    say(`${kind.titleOf(record)} was deleted.`);
  }

  async function load() {
    flight?.abort();
    flight = new AbortController();
    const { signal } = flight;
    view.showLoading(() => flight.abort());
    onLoading();
    try {
      const list = await kind.list({ signal });
      if (signal !== flight.signal) return;
      show(list);
      onLoaded();
    } catch (error) {
      if (signal === flight.signal) view.showError(error);
    }
  }

  return { place: view.place, load, focusSearch: view.focusSearch };
}
