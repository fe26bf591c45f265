import { toAccountGroupRequest } from "/pkg/index.js";

import { isChange, isDone, listChange, requestOf, textChanges } from "../changes.js";
import { chipList, roleItem } from "../chips.js";
import { bdi, el, icon } from "../dom.js";
import { byText, count } from "../format.js";
import { factRow } from "../records/details.js";
import { field } from "../records/fields.js";
import { createLooks } from "../records/outcome-check.js";
import { createPlainView } from "../records/plain-view.js";
import { asSent, nothingYet, textLine } from "../records/review.js";
import { titleOf as titleOfUser } from "../users/user.js";

/** Without its agents an account group cannot be changed: the request would take them away. */
const WHOLE = { expand: ["user", "agent"] };

const idOf = ({ aid }) => aid;
const titleOf = ({ accountGroupName, aid }) => accountGroupName || `account group ${aid}`;
const avatarOf = () => el("span.avatar", { "aria-hidden": "true" }, icon("people"));
const marksOf = ({ isDefaultAccountGroup }) => isDefaultAccountGroup && el("span.mark.plain", {}, "Default");

function areEqual(before, after) {
  return textChanges(["accountGroupName"], before, after).length === 0 && !isChange(listChange(before.agents, after.agents));
}

const isAsAsked = (request, accountGroup) => isDone(request, toAccountGroupRequest(accountGroup), areEqual);

const columns = [
  { label: "Account group" },
  { label: "Organization", cell: ({ organizationName }) => bdi(organizationName ?? "–") },
  { label: "Account group id", cell: ({ aid }) => aid ?? "–" },
];

/**
 * Account groups: what there is to know and to do about them.
 * @param {(method: string, ...args: unknown[]) => Promise<any>} call
 */
export function createAccountGroupKind(call) {
  const list = async (...options) => (await call("accountGroups.getAccountGroups", ...options)).accountGroups;
  const read = (aid, options) => call("accountGroups.getAccountGroup", aid, { ...WHOLE, ...options });

  const kind = {
    name: "account-groups",
    noun: "account group",
    what: "account groups",
    title: "Account groups",
    symbol: "people",
    idOf,
    titleOf,
    phraseOf: titleOf,

    list,
    read,
    create: (request) => call("accountGroups.createAccountGroup", request),
    update: (aid, request) => call("accountGroups.updateAccountGroup", aid, request, WHOLE),
    remove: (aid) => call("accountGroups.deleteAccountGroup", aid),
    looks: createLooks({
      noun: "account group",
      mark: "name",
      list,
      read,
      isAlike: ({ accountGroupName }, request) => accountGroupName === request.accountGroupName,
      isAsAsked,
      idOf,
    }),

    isFixed: () => false,
    isWhole: ({ agents }) => agents !== undefined,
    areEqual,
    isAsAsked,
    listed: ({ users, agents, ...accountGroup }) => accountGroup,

    avatarOf,
    openerOf: (accountGroup) => el("span.clamp", {}, bdi(titleOf(accountGroup))),
    marksOf,
    heading: (accountGroup) => [avatarOf(), el("span.clamp", {}, bdi(titleOf(accountGroup))), marksOf(accountGroup)],
    details,
    createView: (listeners) => createPlainView(kind, columns, listeners),

    consequenceOf: ({ aid }) => `Account group id ${aid}: its members lose their roles in it, unless the API refuses while it has members.`,
    dangerOf: ({ isDefaultAccountGroup }) =>
      isDefaultAccountGroup && "Whoever owns the access token of this page lands here after logging in.",

    prepare: () => {},
    form: (accountGroup) => accountGroupForm(accountGroup),
  };
  return kind;
}

const member = (user) =>
  el(
    "li",
    {},
    el("strong", {}, bdi(titleOfUser(user))),
    el("small", {}, bdi(user.email ?? "")),
    chipList((user.roles ?? []).map(roleItem), "No role"),
  );

const agent = ({ agentName, agentId, agentState }) =>
  el("li", {}, el("strong", {}, bdi(agentName ?? `agent ${agentId}`)), agentState && el("small", {}, agentState));

const rows = (items, otherwise) => (items.length > 0 ? el("ul.rows", {}, items) : el("p.nothing", {}, otherwise));

function details(accountGroup) {
  const users = (accountGroup.users ?? []).toSorted((left, right) => byText(titleOfUser(left), titleOfUser(right)));
  const agents = accountGroup.agents ?? [];
  return [
    el(
      "dl.facts",
      {},
      factRow("Account group id", accountGroup.aid ?? "–"),
      factRow("Organization", bdi(accountGroup.organizationName ?? "–")),
    ),
    el("section", {}, el("h3", {}, count(users.length, "member")), rows(users.map(member), "Nobody has a role in it.")),
    el("section", {}, el("h3", {}, count(agents.length, "Enterprise Agent")), rows(agents.map(agent), "No agent belongs to it.")),
  ];
}

function accountGroupForm(accountGroup) {
  const isNew = accountGroup === undefined;
  const before = isNew ? {} : toAccountGroupRequest(accountGroup);
  const agents = before.agents?.length ?? 0;
  const name = el("input", { name: "accountGroupName", value: before.accountGroupName ?? "", autocomplete: "off", dir: "auto" });

  return {
    before,
    inputs: { accountGroupName: name },
    fields: [field("Name", name, isNew ? "Everyone who has roles in all account groups has access to it at once." : undefined)],
    request: () => requestOf(["accountGroupName", "agents"], before, { ...before, accountGroupName: name.value }),
    review(request) {
      const texts = textChanges(["accountGroupName"], before, request);
      return [
        texts.length === 0 && nothingYet(isNew),
        el("ul.changes", {}, texts.map((change) => textLine("Name", change))),
        agents > 0 && el("p.field-hint", {}, `Sent along: its ${count(agents, "agent")}, which it would lose without that.`),
        asSent(isNew ? "POST /account-groups" : `PUT /account-groups/${accountGroup.aid}`, request),
      ];
    },
  };
}
