import { bdi, button, el, icon } from "./dom.js";
import { count } from "./format.js";
import { avatar, groupNameOf, isPending, nameLine, pendingMark, titleOf, when } from "./user.js";
import { columns } from "./user-list.js";

/** More rows than this come when asked for: a long list stays quick. */
const PAGE = 200;

/**
 * The table. The roles are said again in it because on a phone its rows are laid out as cards, which takes them away.
 * @param {object[]} users
 * @param {{ sort: object, onSort: (key: string) => void, onOpen: (user: object) => void }} options
 */
export function usersTable(users, { sort, onSort, onOpen }) {
  const body = el("tbody", { role: "rowgroup", onkeydown: moveByKey });
  const more = button("", { kind: "more", onclick: addPage });
  let shown = 0;

  function addPage() {
    const page = users.slice(shown, shown + PAGE);
    body.append(...page.map((user, index) => row(user, shown + index === 0)));
    const hadFocus = document.activeElement === more;
    if (hadFocus) body.children[shown].querySelector("button").focus();
    shown += page.length;
    const left = users.length - shown;
    more.hidden = left === 0;
    more.textContent = `Show ${Math.min(PAGE, left)} more of ${count(left, "further user")}`;
  }

  /** One stop of the Tab key for all rows; the arrow keys go from one to the next. */
  function row(user, isFirst) {
    const open = el(
      "button.open",
      { type: "button", tabindex: isFirst ? "0" : "-1", data: { uid: user.uid ?? "" }, onfocus: makeStop },
      el("span.clamp", {}, nameLine(user)),
      !user.name && el("span.visually-hidden", {}, titleOf(user)),
    );
    const cell = (label, ...content) => el("td", { role: "cell", data: { label } }, ...content);
    return el(
      "tr",
      { role: "row", onclick: () => onOpen(user) },
      el("th", { role: "rowheader", scope: "row" }, el("div.who", {}, avatar(user), open, isPending(user) && pendingMark())),
      cell("E-mail", el("span.clamp", {}, bdi(user.email ?? "–"))),
      cell("Login account group", bdi(groupNameOf(user) || "–")),
      cell("Last login", when(user.lastLogin)),
    );
  }

  addPage();
  const header = columns.map((column) => headerCell(column, sort, onSort));
  const table = el(
    "table.users",
    { role: "table" },
    el("caption.visually-hidden", {}, "Users. Arrow keys go from one to the next, Enter opens."),
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...header)),
    body,
  );
  return [table, more];
}

function headerCell({ key, label }, sort, onSort) {
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
