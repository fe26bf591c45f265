import { button, el, icon } from "../dom.js";
import { count } from "../format.js";

/** More rows than this come when asked for: a long list stays quick. */
const PAGE = 200;

/**
 * The table. Its roles are said again because on a phone its rows are laid out as cards, which takes them away.
 * @param {object[]} records
 * @param {object} options
 * @param {object} options.kind which records these are; see users/kind.js
 * @param {{ key: string, label: string, cell?: (record: object) => Node }[]} options.columns the first one opens a record
 * @param {(record: object) => void} options.onOpen
 * @param {{ key: string, descending: boolean }} [options.sort]
 * @param {(key: string) => void} [options.onSort] where the columns can be sorted by
 */
export function recordTable(records, { kind, columns, onOpen, sort, onSort }) {
  const body = el("tbody", { role: "rowgroup", onkeydown: moveByKey });
  const more = button("", { kind: "more", onclick: addPage });
  let shown = 0;

  function addPage() {
    const page = records.slice(shown, shown + PAGE);
    body.append(...page.map((record, index) => row(record, shown + index === 0)));
    const hadFocus = document.activeElement === more;
    if (hadFocus) body.children[shown].querySelector("button").focus();
    shown += page.length;
    const left = records.length - shown;
    more.hidden = left === 0;
    more.textContent = `Show ${Math.min(PAGE, left)} more of ${count(left, `further ${kind.noun}`)}`;
  }

  /** One stop of the Tab key for all rows; the arrow keys go from one to the next. */
  function row(record, isFirst) {
    const open = el(
      "button.open",
      { type: "button", tabindex: isFirst ? "0" : "-1", data: { id: kind.idOf(record) ?? "" }, onfocus: makeStop },
      kind.openerOf(record),
    );
    const [, ...others] = columns;
    return el(
      "tr",
      { role: "row", onclick: () => onOpen(record) },
      el("th", { role: "rowheader", scope: "row" }, el("div.who", {}, kind.avatarOf(record), open, kind.marksOf(record))),
      others.map(({ label, cell }) => el("td", { role: "cell", data: { label } }, cell(record))),
    );
  }

  addPage();
  const table = el(
    `table.list.${kind.name}`,
    { role: "table" },
    el("caption.visually-hidden", {}, `${kind.title}. Arrow keys go from one to the next, Enter opens.`),
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, columns.map((column) => headerCell(column, sort, onSort)))),
    body,
  );
  return [table, more];
}

export function headerCell({ key, label }, sort, onSort) {
  if (!onSort) return el("th", { role: "columnheader", scope: "col" }, el("span.column", {}, label));
  const isSorted = sort.key === key;
  const direction = sort.descending ? "descending" : "ascending";
  return el(
    "th",
    { role: "columnheader", scope: "col", "aria-sort": isSorted && direction },
    el("button.sort", { type: "button", data: { key }, onclick: () => onSort(key) }, label, icon(isSorted ? direction : "sort")),
  );
}

const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };

function moveByKey(event) {
  const step = steps[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  const stops = [...event.currentTarget.querySelectorAll("button.open")];
  const from = stops.indexOf(event.target.closest("tr")?.querySelector("button.open"));
  const to = Math.min(Math.max(from + step, 0), stops.length - 1);
  event.preventDefault();
  stops[to]?.focus();
}

function makeStop({ currentTarget }) {
  const body = currentTarget.closest("tbody");
  for (const stop of body.querySelectorAll('button.open[tabindex="0"]')) stop.setAttribute("tabindex", "-1");
  currentTarget.setAttribute("tabindex", "0");
}
