/** What this page reads out of a user. */
import { bdi, el } from "../dom.js";
import { timeOf } from "../format.js";

const INACTIVE_AFTER = 90 * 86_400_000;

/** The API shows `--` as the name of somebody who has not registered. */
export const hasName = ({ name }) => Boolean(name) && name !== "--";
export const nameOf = (user) => (hasName(user) ? user.name : "--");
/** How to call a user in a sentence. */
export const titleOf = (user) => (hasName(user) ? user.name : (user.email ?? `user ${user.uid}`));
export const groupNameOf = ({ loginAccountGroup }) => loginAccountGroup?.accountGroupName ?? "";

/** Nothing in the API says it, so it is assumed of whoever has neither a date of registration nor a login. */
export const isPending = (user) => timeOf(user.dateRegistered) === undefined && timeOf(user.lastLogin) === undefined;
export const neverLoggedIn = (user) => !isPending(user) && timeOf(user.lastLogin) === undefined;
export const isInactive = (user) => timeOf(user.lastLogin) < Date.now() - INACTIVE_AFTER;

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

function initialsOf(user) {
  const words = (hasName(user) ? user.name : (user.email ?? "?")).trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => [...graphemes.segment(word)][0]?.segment ?? "").join("");
}

export const avatar = (user) => el("span.avatar", { "aria-hidden": "true" }, initialsOf(user));
export const pendingMark = () => el("span.mark.pending", {}, "Registration pending");

/** Name and mark, as the table and the dialog show them. */
export const nameLine = (user) => (hasName(user) ? bdi(user.name) : el("span.unnamed", {}, "--"));

export const MANAGEMENT_LEGEND = "has management permissions: it manages users, roles or the organization.";
