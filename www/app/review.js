/** Says in words, before anything is sent, what a request will do. */
import { bdi, el, icon } from "./dom.js";
import { differences } from "./user-request.js";

const labels = { name: "Name", email: "E-mail", loginAccountGroupId: "Login account group" };

const added = (text) => el("ins", {}, el("span.sign", { "aria-hidden": "true" }, "+"), el("span.visually-hidden", {}, "gets "), bdi(text));
const removed = (text) => el("del", {}, el("span.sign", { "aria-hidden": "true" }, "−"), el("span.visually-hidden", {}, "loses "), bdi(text));
const kept = (text) => el("span.kept", {}, bdi(text), " stays");

function textLine({ property, from, to }, names) {
  const shown = (value) => (property === "loginAccountGroupId" ? names.group(value) : value);
  return el(
    "li",
    {},
    el("strong", {}, labels[property]),
    el("div.marks", {}, from !== undefined && removed(shown(from)), to !== undefined && added(shown(to))),
  );
}

const roleMarks = (change, names) =>
  el(
    "div.marks",
    {},
    change.added.map((id) => added(names.role(id))),
    change.removed.map((id) => removed(names.role(id))),
    change.kept.map((id) => kept(names.role(id))),
  );

const note = (kind, text) => el(`p.note.${kind}`, {}, icon("warning"), text);

/**
 * @param {object} options
 * @param {object} options.before the request that would leave the user as it is; empty for a new user
 * @param {object} options.after the request to be sent
 * @param {string} options.target such as `PUT /users/17`
 * @param {object} options.names
 * @param {boolean} options.isNew
 * @param {boolean} options.isOwner whether the user owns the access token of this page
 */
export function review({ before, after, target, names, isNew, isOwner }) {
  const { texts, groups, everywhere } = differences(before, after);
  const isNothing = texts.length === 0 && groups.length === 0 && !everywhere;
  const changesEmail = !isNew && texts.some(({ property }) => property === "email");
  return [
    isNothing && el("p.nothing", {}, isNew ? "Nothing is filled in yet." : "Nothing has changed yet."),
    el(
      "ul.changes",
      {},
      texts.map((change) => textLine(change, names)),
      groups.length > 0 && groupLines(groups, names, isNew),
      everywhere &&
        el("li.everywhere", {}, el("strong", {}, "In all account groups, also future ones"), roleMarks(everywhere, names)),
    ),
    changesEmail && note("warning", "With a new e-mail address the user has to confirm it before logging in or using the API."),
    changesEmail && isOwner &&
      note("danger", "This user owns the access token of this page: until the address is confirmed, this page is locked out."),
    isOwner && !isNew && (groups.some((change) => change.removed.length > 0) || everywhere?.removed.length > 0) &&
      note("danger", "This user owns the access token of this page: without these roles it may no longer manage users."),
    el(
      "details.raw",
      {},
      el("summary", {}, "The request as it is sent"),
      el("pre", { tabindex: "0" }, `${target}\n\n${JSON.stringify(after, null, 2)}`),
    ),
  ];
}

function groupLines(groups, names, isNew) {
  return [
    !isNew &&
      el("li.replaces", {}, note("warning", "Replaces all roles per account group: what is not in this list is taken away.")),
    ...groups.map((change) => el("li", {}, el("strong", {}, bdi(names.group(change.aid))), roleMarks(change, names))),
  ];
}
