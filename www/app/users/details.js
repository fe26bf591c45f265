/** One user with roles, to be read. */
import { chipList, legend, roleItem } from "../chips.js";
import { bdi, el, icon } from "../dom.js";
import { exactUtc, timeOf } from "../format.js";
import { factRow as row } from "../records/details.js";
import { when } from "../when.js";
import { MANAGEMENT_LEGEND, groupNameOf, isPending, pendingMark } from "./user.js";

const roleList = (roles = []) => chipList(roles.map(roleItem), "No role");

const date = (text, otherwise) => {
  const time = timeOf(text);
  return [when(text, otherwise), time !== undefined && el("small", {}, exactUtc(time))];
};

export function userDetails(user) {
  const assigned = user.accountGroupRoles ?? [];
  const everywhere = user.allAccountGroupRoles ?? [];
  return [
    el(
      "dl.facts",
      {},
      row("E-mail", bdi(user.email ?? "–")),
      row("User id", user.uid ?? "–"),
      row("Login account group", bdi(groupNameOf(user) || "–")),
      row("Registered", isPending(user) ? pendingMark() : date(user.dateRegistered, "Unknown")),
      row("Last login", ...date(user.lastLogin)),
    ),
    everywhere.length > 0 &&
      el(
        "section.role-group.everywhere",
        {},
        el("h3", {}, icon("globe"), "In all account groups"),
        el("p.note.warning", {}, icon("warning"), "These roles hold in every account group, also in those that are created later."),
        roleList(everywhere),
      ),
    el(
      "section",
      {},
      el("h3", {}, "Roles per account group"),
      assigned.length === 0 && el("p.nothing", {}, "None"),
      assigned.map(({ accountGroup, roles }) =>
        el("section.role-group", {}, el("h4", {}, bdi(accountGroup?.accountGroupName ?? accountGroup?.aid ?? "–")), roleList(roles)),
      ),
      [...everywhere, ...assigned.flatMap(({ roles }) => roles ?? [])].some((role) => role.hasManagementPermissions) &&
        legend(MANAGEMENT_LEGEND),
    ),
  ];
}
