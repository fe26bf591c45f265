import { button, el, fill, icon } from "./dom.js";
import { count } from "./format.js";
import { empty, failure, loading, noResults } from "./states.js";
import { columns, filters, select } from "./user-list.js";
import { usersTable } from "./users-table.js";

const option = ([value, label]) => el("option", { value }, label);

/**
 * The list of users with its search.
 * @param {HTMLElement} place
 * @param {{ onOpen: (user: object) => void, onAdd: () => void, onReload: () => void }} listeners
 */
export function createUsersView(place, { onOpen, onAdd, onReload }) {
  const wanted = { query: "", filter: "all", sort: { key: "name", descending: false } };
  let users = [];
  let stop = () => {};

  const total = el("output.total", { for: "search" });
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
      content.querySelector("button.open")?.focus();
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
  const content = el("div.content");

  fill(
    place,
    el(
      "div.heading",
      {},
      el("h1", {}, "Users"),
      total,
      button("Reload", { kind: "quiet", symbol: "reload", onclick: onReload }),
      button("Add user", { kind: "primary", symbol: "plus", onclick: onAdd }),
    ),
    el(
      "div.toolbar",
      {},
      el("div.search", { role: "search" }, el("label.visually-hidden", { for: "search" }, "Search users"), icon("search"), search,
        el("kbd", { "aria-hidden": "true" }, "/")),
      el("label.choice", {}, "Show ", filter),
      el("label.choice.order", {}, "Sort by ", order),
    ),
    content,
  );

  function change(wish) {
    Object.assign(wanted, wish);
    draw();
  }

  function sortBy(key) {
    change({ sort: { key, descending: wanted.sort.key === key && !wanted.sort.descending } });
    content.querySelector(`button.sort[data-key="${key}"]`).focus();
  }

  function clear() {
    search.value = "";
    filter.value = "all";
    change({ query: "", filter: "all" });
    search.focus();
  }

  /** What is to be seen; `busy` while the list is on its way. */
  function put(nodes, { busy = false, text = "" } = {}) {
    stop();
    stop = () => {};
    content.setAttribute("aria-busy", String(busy));
    total.value = text;
    fill(content, ...nodes);
  }

  function draw() {
    const chosen = select(users, wanted);
    order.value = `${wanted.sort.key} ${wanted.sort.descending ? "descending" : "ascending"}`;
    if (users.length === 0) return put([empty({ onAdd })], { text: "0 users" });
    const all = count(users.length, "user");
    const text = chosen.length === users.length ? all : `${chosen.length} of ${all}`;
    if (chosen.length === 0) return put([noResults({ query: wanted.query.trim(), onClear: clear })], { text });
    put(usersTable(chosen, { sort: wanted.sort, onSort: sortBy, onOpen }), { text });
  }

  const openers = () => [...content.querySelectorAll("button.open")];

  return {
    showUsers(list) {
      users = list;
      draw();
    },

    showLoading(onCancel) {
      const { place: bars, stop: end } = loading({ onCancel });
      put([bars], { busy: true });
      stop = end;
    },

    showError(error) {
      put([failure(error, { onRetry: onReload })]);
    },

    focusSearch() {
      search.focus();
      search.select();
    },

    /** After a dialog: to the user that it was about, or where that user was. */
    focusUser(uid, index = 0) {
      const all = openers();
      const target = all.find(({ dataset }) => dataset.uid === uid) ?? all[Math.min(index, all.length - 1)] ?? search;
      target.focus();
    },

    indexOf: (uid) => openers().findIndex(({ dataset }) => dataset.uid === uid),
  };
}
