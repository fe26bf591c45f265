import { bdi, button, el, fill, icon } from "../dom.js";
import { chip, chosen, legend, roleItem } from "../chips.js";
import { MANAGEMENT_LEGEND } from "./user.js";

/**
 * The roles of a user: those per account group, and set apart those in all of them.
 * @param {object} options
 * @param {{ accountGroupId: string, roleIds: string[] }[]} options.assigned
 * @param {string[]} options.everywhere
 * @param {object} options.names what account groups and roles are called; see names.js
 */
export function createRolePicker({ assigned, everywhere, names }) {
  const groups = el("div.role-groups");
  const adding = el("select", { id: "add-group", onchange: () => add(adding.value) });
  const everywhereBox = el(
    "fieldset.role-group.everywhere",
    { data: { property: "allAccountGroupRoleIds" } },
    el("legend", {}, icon("globe"), "In all account groups"),
    el("p.note.warning", {}, icon("warning"),
      "These roles hold in every account group, also in those that are created later. Choose none to keep roles where they are given."),
    chips(everywhere),
  );

  function chips(roleIds) {
    return el("div.chips", {}, names.roles.map((role) => chip(roleItem(role), roleIds.includes(role.roleId))));
  }

  function groupBox({ accountGroupId, roleIds }) {
    const name = names.group(accountGroupId);
    const box = el(
      "fieldset.role-group",
      { data: { aid: accountGroupId } },
      el("legend", {}, bdi(name)),
      chips(roleIds),
      button("Remove", {
        kind: "quiet",
        symbol: "close",
        "aria-label": `Remove all roles in ${name}`,
        onclick: () => {
          box.remove();
          offer();
          groups.dispatchEvent(new Event("input", { bubbles: true }));
          adding.focus();
        },
      }),
    );
    return box;
  }

  /** The account groups that are not there yet. */
  function offer() {
    const present = [...groups.children].map(({ dataset }) => dataset.aid);
    const free = names.groups.filter(({ aid }) => !present.includes(aid));
    fill(
      adding,
      el("option", { value: "" }, free.length > 0 ? "Choose an account group…" : "All account groups are above"),
      free.map(({ aid, accountGroupName }) => el("option", { value: aid }, accountGroupName ?? aid)),
    );
    adding.disabled = free.length === 0;
  }

  function add(accountGroupId) {
    if (!accountGroupId) return;
    const box = groupBox({ accountGroupId, roleIds: [] });
    groups.append(box);
    offer();
    box.querySelector("input")?.focus();
  }

  groups.append(...assigned.map(groupBox));
  offer();

  const place = el(
    "section.roles",
    { data: { property: "accountGroupRoles" } },
    el("h3", {}, "Roles per account group"),
    groups,
    el("label.field.add-group", { for: "add-group" }, "Roles in another account group", adding),
    legend(MANAGEMENT_LEGEND),
    everywhereBox,
  );

  /** An account group without a role is not sent: leaving it out is what takes its roles away. */
  const filled = () => [...groups.children].filter((box) => chosen(box).length > 0);

  return {
    place,
    value: () => ({
      accountGroupRoles: filled().map((box) => ({ accountGroupId: box.dataset.aid, roleIds: chosen(box) })),
      allAccountGroupRoleIds: chosen(everywhereBox),
    }),
    /** The box that an item of the request came from. */
    boxAt: (index) => filled()[index],
  };
}
