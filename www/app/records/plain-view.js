import { button } from "../dom.js";
import { byText, count } from "../format.js";
import { empty } from "../states.js";
import { recordTable } from "./table.js";
import { createView } from "./view.js";

/**
 * A list of records that is short enough to need no search: by name.
 * @param {object} kind which records these are; see users/kind.js
 * @param {object[]} columns as the table wants them
 * @param {{ onOpen: (record: object) => void, onAdd: () => void, onReload: () => void }} listeners
 */
export function createPlainView(kind, columns, { onOpen, onAdd, onReload }) {
  const { noun, what, title, symbol } = kind;
  const add = (label) => button(label, { kind: "primary", symbol: "plus", onclick: onAdd });
  const view = createView({ title, what, onReload, actions: [add(`Add ${noun}`)] });

  return {
    ...view,

    show(records) {
      const text = count(records.length, noun);
      const message = `There are no ${what} that you can see from here.`;
      const none = { symbol, title: `No ${what}`, text: message, action: add(`Add the first ${noun}`) };
      const sorted = records.toSorted((left, right) => byText(kind.titleOf(left), kind.titleOf(right)));
      view.put(records.length === 0 ? [empty(none)] : recordTable(sorted, { kind, columns, onOpen }), { text });
    },
  };
}
