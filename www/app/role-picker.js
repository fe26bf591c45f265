import { bdi, button, el, fill, icon } from "./dom.js";

/** A role as a switch; the sign tells of management permissions, which the legend below the roles explains. */
function chip(role, isOn, onChange) {
  const box = el("input", { type: "checkbox", value: role.roleId, onchange: onChange });
  box.checked = isOn;
  return el(
    "label.chip",
    {},
    box,
    el("span.chip-face", {}, icon("check"), bdi(role.name ?? role.roleId), role.hasManagementPermissions && managementSign()),
  );
}

export const managementSign = () =>
  el("span.management", { title: "has management permissions" }, icon("shield"),
    el("span.visually-hidden", {}, " (has management permissions)"));

const chosen = (fieldset) => [...fieldset.querySelectorAll("input:checked")].map(({ value }) => value);

/**
 * The roles of a user: those per account group, and set apart those in all of them.
 * @param {object} options
 * @param {{ accountGroupId: string, roleIds: string[] }[]} options.assigned
 * @param {string[]} options.everywhere
 * @param {object} options.names what account groups and roles are called; see names.js
 * @param {() => void} options.onChange
 */
export function createRolePicker({ assigned, everywhere, names, onChange }) {
  const groups = el("div.role-groups");
  const adding = el("select", { id: "add-group", onchange: () => add(adding.value) });
  const everywhereBox = el(
    "fieldset.role-group.everywhere",
    { data: { property: "allAccountGroupRoleIds" } },
    el("legend", {}, icon("globe"), "In all account groups"),
    el("p.note.warning", {}, icon("warning"),
      "These roles hold in every account group, also in those that are created later. Choose none to keep roles where they are given."),
    el("div.chips", {}, names.roles.map((role) => chip(role, everywhere.includes(role.roleId), onChange))),
  );

  function groupBox({ accountGroupId, roleIds }) {
    const name = names.group(accountGroupId);
    const box = el(
      "fieldset.role-group",
      { data: { aid: accountGroupId } },
      el("legend", {}, bdi(name)),
      el("div.chips", {}, names.roles.map((role) => chip(role, roleIds.includes(role.roleId), onChange))),
      button("Remove", {
        kind: "quiet",
        symbol: "close",
        "aria-label": `Remove all roles in ${name}`,
        onclick: () => {
          box.remove();
          offer();
          onChange();
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
    el("p.legend", {}, icon("shield"), "has management permissions: it manages users, roles or the organization."),
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
