import { toRoleRequest } from "/pkg/index.js";

import { chip, chipList, chosen, legend } from "../chips.js";
import { isChange, isDone, listChange, requestOf, textChanges } from "../changes.js";
import { bdi, el, icon } from "../dom.js";
import { kindOf } from "../errors.js";
import { byText, count } from "../format.js";
import { factRow } from "../records/details.js";
import { field } from "../records/fields.js";
import { createLooks } from "../records/outcome-check.js";
import { createPlainView } from "../records/plain-view.js";
import { asSent, listMarks, nothingYet, replacesNote, textLine } from "../records/review.js";

const PROPERTIES = ["name", "permissions"];
const MANAGEMENT_LEGEND = "is a management permission: it manages users, roles or the organization.";

const idOf = ({ roleId }) => roleId;
const titleOf = ({ name, roleId }) => name || `role ${roleId}`;
const avatarOf = () => el("span.avatar", { "aria-hidden": "true" }, icon("shield"));
const marksOf = ({ isBuiltin }) => isBuiltin && el("span.mark.plain", {}, "Built-in");

const byLabel = (left, right) => byText(left.label ?? "", right.label ?? "");
const item = ({ permissionId, label, isManagementPermission }) => ({ id: permissionId, label, isManagement: isManagementPermission });

const differences = (before, after) => ({
  texts: textChanges(["name"], before, after),
  permissions: listChange(before.permissions, after.permissions),
});

function areEqual(before, after) {
  const { texts, permissions } = differences(before, after);
  return texts.length === 0 && !isChange(permissions);
}

const isAsAsked = (request, role) => isDone(request, toRoleRequest(role), areEqual);

const columns = [
  { label: "Role" },
  { label: "Management permissions", cell: ({ hasManagementPermissions }) => (hasManagementPermissions ? "Yes" : "–") },
  { label: "Role id", cell: ({ roleId }) => roleId ?? "–" },
];

/**
 * Roles: what there is to know and to do about them.
 * @param {(method: string, ...args: unknown[]) => Promise<any>} call
 * @param {object} lists see lists.js
 */
export function createRoleKind(call, lists) {
  const list = async (...options) => (await call("roles.getRoles", ...options)).roles;
  const read = (roleId, ...options) => call("roles.getRole", roleId, ...options);

  const kind = {
    name: "roles",
    noun: "role",
    what: "roles",
    title: "Roles",
    symbol: "shield",
    idOf,
    titleOf,
    phraseOf: titleOf,

    list,
    read,
    create: (request) => call("roles.createRole", request),
    update: (roleId, request) => call("roles.updateRole", roleId, request),
    remove: (roleId) => call("roles.deleteRole", roleId),
    looks: createLooks({ noun: "role", mark: "name", list, read, isAlike: ({ name }, request) => name === request.name, isAsAsked, idOf }),

    isFixed: ({ isBuiltin }) => isBuiltin === true,
    isWhole: ({ permissions }) => permissions !== undefined,
    areEqual,
    isAsAsked,

    /** A list tells of permissions only whether there are any that manage. */
    listed: ({ permissions, ...role }) =>
      permissions ? { ...role, hasManagementPermissions: permissions.some((it) => it.isManagementPermission) } : role,

    avatarOf,
    openerOf: (role) => el("span.clamp", {}, bdi(titleOf(role))),
    marksOf,
    heading: (role) => [avatarOf(), el("span.clamp", {}, bdi(titleOf(role))), marksOf(role)],
    details,
    createView: (listeners) => createPlainView(kind, columns, listeners),

    consequenceOf: ({ roleId }) =>
      `Role id ${roleId}: whoever has this role loses what it permits, unless the API refuses while a user has it.`,
    dangerOf: () => undefined,

    prepare: () => void lists.permissions().catch(() => {}),

    async form(role) {
      const found = await lists.permissions().then((permissions) => ({ permissions }), (error) => ({ error }));
      return roleForm({ role, ...found });
    },
  };
  return kind;
}

function details(role) {
  const permissions = (role.permissions ?? []).toSorted(byLabel);
  return [
    role.isBuiltin && el("p.note.warning", {}, icon("lock"), "This role is built in: it cannot be changed or deleted."),
    el("dl.facts", {}, factRow("Role id", role.roleId ?? "–"), factRow("Holds", count(permissions.length, "permission"))),
    el(
      "section",
      {},
      el("h3", {}, "Permissions"),
      chipList(permissions.map(item), "None"),
      permissions.some((it) => it.isManagementPermission) && legend(MANAGEMENT_LEGEND),
    ),
  ];
}

function roleForm({ role, permissions = [], error }) {
  const isNew = role === undefined;
  const before = isNew ? {} : toRoleRequest(role);
  const held = role?.permissions ?? [];
  const known = new Map([...permissions, ...held].map((it) => [it.permissionId, it]));
  const offered = [...known.values()].toSorted(byLabel);
  const name = el("input", { name: "name", value: before.name ?? "", autocomplete: "off", dir: "auto" });
  const picker = el(
    "fieldset.role-group",
    { data: { property: "permissions" } },
    el("legend", {}, "Permissions"),
    el("div.chips", {}, offered.map((it) => chip(item(it), before.permissions?.includes(it.permissionId)))),
    legend(MANAGEMENT_LEGEND),
  );
  const target = isNew ? "POST /roles" : `PUT /roles/${role.roleId}`;

  function review(request) {
    const { texts, permissions: change } = differences(before, request);
    const isNothing = texts.length === 0 && !isChange(change);
    return [
      isNothing && nothingYet(isNew),
      el(
        "ul.changes",
        {},
        texts.map((it) => textLine("Name", it)),
        isChange(change) && [
          !isNew && replacesNote("Replaces all permissions of the role: what is not in this list is taken away."),
          el("li", {}, el("strong", {}, "Permissions"), listMarks(change, (id) => known.get(id)?.label ?? `permission ${id}`)),
        ],
      ),
      asSent(target, request),
    ];
  }

  return {
    before,
    inputs: { name },
    fields: [
      error &&
        el("p.note.warning", {}, icon("warning"),
          `The permissions could not be read (${kindOf(error).title}): only those that the role has already can be chosen here.`),
      field("Name", name),
      picker,
    ],
    request: () => requestOf(PROPERTIES, before, { name: name.value, permissions: chosen(picker) }),
    review,
  };
}
