/** Roles and permissions as chips: to be read, or as switches. The sign tells of management, and the legend explains it. */
import { bdi, el, icon } from "./dom.js";

const managementSign = () =>
  el("span.management", { title: "management" }, icon("shield"), el("span.visually-hidden", {}, " (management)"));

/** @param {{ id: string, label?: string, isManagement?: boolean }[]} items */
export const chipList = (items, otherwise) =>
  items.length > 0
    ? el("ul.chips", {}, items.map(({ id, label, isManagement }) => el("li.role", {}, bdi(label ?? id), isManagement && managementSign())))
    : el("p.nothing", {}, otherwise);

/** One that is on or off. */
export function chip({ id, label, isManagement }, isOn) {
  const box = el("input", { type: "checkbox", value: id });
  box.checked = isOn;
  return el("label.chip", {}, box, el("span.chip-face", {}, icon("check"), bdi(label ?? id), isManagement && managementSign()));
}

/** The ids of those that are on. */
export const chosen = (place) => [...place.querySelectorAll("input:checked")].map(({ value }) => value);

export const legend = (text) => el("p.legend", {}, icon("shield"), text);

export const roleItem = ({ roleId, name, hasManagementPermissions }) =>
  ({ id: roleId, label: name, isManagement: hasManagementPermissions });
