/** Says in words, before anything is sent, what a request will do to a user. */
import { bdi, el } from "../dom.js";
import { asSent, listMarks, note, nothingYet, replacesNote, textLine } from "../records/review.js";
import { differences } from "./request.js";

const labels = { name: "Name", email: "E-mail", loginAccountGroupId: "Login account group" };

function named({ property, from, to }, names) {
  const shown = (value) => (property === "loginAccountGroupId" && value !== undefined ? names.group(value) : value);
  return { from: shown(from), to: shown(to) };
}

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
    isNothing && nothingYet(isNew),
    el(
      "ul.changes",
      {},
      texts.map((change) => textLine(labels[change.property], named(change, names))),
      groups.length > 0 && groupLines(groups, names, isNew),
      everywhere &&
        el("li.everywhere", {}, el("strong", {}, "In all account groups, also future ones"), listMarks(everywhere, names.role)),
    ),
    changesEmail && note("warning", "With a new e-mail address the user has to confirm it before logging in or using the API."),
    changesEmail && isOwner &&
      note("danger", "This user owns the access token of this page: until the address is confirmed, this page is locked out."),
    isOwner && !isNew && (groups.some((change) => change.removed.length > 0) || everywhere?.removed.length > 0) &&
      note("danger", "This user owns the access token of this page: without these roles it may no longer manage users."),
    asSent(target, after),
  ];
}

function groupLines(groups, names, isNew) {
  return [
    !isNew && replacesNote("Replaces all roles per account group: what is not in this list is taken away."),
    ...groups.map((change) => el("li", {}, el("strong", {}, bdi(names.group(change.aid))), listMarks(change, names.role))),
  ];
}
