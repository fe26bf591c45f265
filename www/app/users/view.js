import { button, el, icon } from "../dom.js";
import { count } from "../format.js";
import { recordTable } from "../records/table.js";
import { createView } from "../records/view.js";
import { empty, noResults } from "../states.js";
import { columns, filters, select } from "./list.js";

const option = ([value, label]) => el("option", { value }, label);

/**
 * The list of users with its search.
 * @param {{ onOpen: (user: object) => void, onAdd: () => void, onReload: () => void }} listeners
 */
export function createUsersView(kind, { onOpen, onAdd, onReload }) {
  const wanted = { query: "", filter: "all", sort: { key: "name", descending: false } };
  let users = [];

  const search = el("input", {
    id: "search",
    type: "search",
    placeholder: "Name, e-mail, account group, id",
    autocomplete: "off",
    spellcheck: "false",
    "aria-keyshortcuts": "/",
    oninput: () => change({ query: search.value }),
    onkeydown: (event) => {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      view.content.querySelector("button.open")?.focus();
    },
  });
  const filter = el(
    "select",
    { id: "filter", onchange: () => change({ filter: filter.value }) },
    Object.entries(filters).map(([value, { label }]) => option([value, label])),
  );
  const order = el(
    "select",
    {
      id: "order",
      onchange: () => {
        const [key, direction] = order.value.split(" ");
        change({ sort: { key, descending: direction === "descending" } });
      },
    },
    columns.flatMap(({ key, label }) => [`${key} ascending`, `${key} descending`].map((value, index) =>
      option([value, `${label}, ${index === 0 ? "ascending" : "descending"}`]),
    )),
  );
  const view = createView({
    title: kind.title,
    what: kind.what,
    onReload,
    actions: [button("Add user", { kind: "primary", symbol: "plus", onclick: onAdd })],
    toolbar: el(
      "div.toolbar",
      {},
      el("div.search", { role: "search" }, el("label.visually-hidden", { for: "search" }, "Search users"), icon("search"), search,
        el("kbd", { "aria-hidden": "true" }, "/")),
      el("label.choice", {}, "Show ", filter),
      el("label.choice.order", {}, "Sort by ", order),
    ),
  });

  function change(wish) {
    Object.assign(wanted, wish);
    draw();
  }

  function sortBy(key) {
    change({ sort: { key, descending: wanted.sort.key === key && !wanted.sort.descending } });
    view.content.querySelector(`button.sort[data-key="${key}"]`).focus();
  }

  function clear() {
    search.value = "";
    filter.value = "all";
    change({ query: "", filter: "all" });
    search.focus();
  }

  function draw() {
    const chosen = select(users, wanted);
    order.value = `${wanted.sort.key} ${wanted.sort.descending ? "descending" : "ascending"}`;
    if (users.length === 0) {
      const add = button("Add the first user", { kind: "primary", symbol: "plus", onclick: onAdd });
      const text = "This organization has no user that you can see from here.";
      return view.put([empty({ symbol: "people", title: "No users yet", text, action: add })], { text: "0 users" });
    }
    const all = count(users.length, "user");
    const text = chosen.length === users.length ? all : `${chosen.length} of ${all}`;
    if (chosen.length === 0) return view.put([noResults({ query: wanted.query.trim(), onClear: clear })], { text });
    view.put(recordTable(chosen, { kind, columns, sort: wanted.sort, onSort: sortBy, onOpen }), { text });
  }

  return {
    ...view,

    show(list) {
      users = list;
      draw();
    },

    focusSearch() {
      search.focus();
      search.select();
    },
  };
}
