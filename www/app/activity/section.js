/** The activity log of the last days, page by page. */
import { bdi, button, el, fill, icon } from "../dom.js";
import { facts, kindOf, texts } from "../errors.js";
import { count } from "../format.js";
import { headerCell } from "../records/table.js";
import { createView } from "../records/view.js";
import { empty } from "../states.js";
import { when } from "../when.js";

const WINDOW = "7d";

const columns = [
  { label: "What", cell: ({ event }) => bdi(event ?? "–") },
  { label: "To what", cell: ({ resources = [] }) => resources.map(({ name }) => el("div.clamp", {}, bdi(name ?? "–"))) },
  { label: "Who", cell: ({ user }) => el("span.clamp", {}, bdi(user ?? "–")) },
  { label: "Where", cell: ({ accountGroupName }) => bdi(accountGroupName ?? "–") },
  { label: "From", cell: ({ ipAddress }) => ipAddress ?? "–" },
  { label: "When", cell: ({ date }) => when(date, "–") },
];

/** Where the next page begins; nothing else of the link is taken. */
const cursorOf = ({ _links: links }) => links?.next && new URL(links.next.href, location.href).searchParams.get("cursor");

/**
 * @param {(method: string, ...args: unknown[]) => Promise<any>} call
 * @param {{ onLoading: () => void, onLoaded: () => void }} listeners
 */
export function createActivitySection(call, { onLoading, onLoaded }) {
  const view = createView({ title: "Activity", what: "events", onReload: () => void load() });
  let flight;

  const read = (signal, cursor) => call("userEvents.getUserEvents", { window: WINDOW, ...(cursor && { cursor }), signal });

  async function load() {
    flight?.abort();
    flight = new AbortController();
    const { signal } = flight;
    view.showLoading(() => flight.abort());
    onLoading();
    try {
      const page = await read(signal);
      if (signal !== flight.signal) return;
      show(page, signal);
      onLoaded();
    } catch (error) {
      if (signal === flight.signal) view.showError(error);
    }
  }

  function show(first, signal) {
    if (first.auditEvents.length === 0 && !cursorOf(first)) {
      const text = "Nobody has done anything in the last 7 days that you can see from here.";
      return view.put([empty({ symbol: "clock", title: "No events", text })], { text: "0 events" });
    }
    const body = el("tbody", { role: "rowgroup" });
    const trouble = el("div.trouble");
    const more = button("Show more events", { kind: "more", onclick: () => void addPage() });
    let cursor;

    function add(page) {
      const rows = page.auditEvents.map(row);
      body.append(...rows);
      cursor = cursorOf(page);
      more.hidden = !cursor;
      const shown = count(body.children.length, "event");
      view.setTotal(cursor ? `${shown} and more` : `${shown} in the last 7 days`);
      return rows[0];
    }

    async function addPage() {
      more.disabled = true;
      fill(trouble);
      try {
        const page = await read(signal, cursor);
        more.disabled = false;
        (add(page) ?? body.lastElementChild)?.firstElementChild.focus();
      } catch (error) {
        more.disabled = false;
        if (signal === flight.signal) fill(trouble, problem(error)).firstChild.focus();
      }
    }

    view.put([table(body), trouble, more]);
    add(first);
  }

  return { place: view.place, load };
}

function row(event) {
  const [first, ...others] = columns;
  return el(
    "tr",
    { role: "row" },
    el("th", { role: "rowheader", scope: "row", tabindex: "-1" }, first.cell(event)),
    others.map(({ label, cell }) => el("td", { role: "cell", data: { label } }, cell(event))),
  );
}

const table = (body) =>
  el(
    "table.list.events",
    { role: "table" },
    el("caption.visually-hidden", {}, "Events of the last 7 days"),
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, columns.map((column) => headerCell(column)))),
    body,
  );

const problem = (error) =>
  el(
    "div.problem",
    { role: "alert", tabindex: "-1" },
    el("h3", {}, icon(kindOf(error).symbol), kindOf(error).title),
    ...texts(error),
    facts(error),
  );
