/** The parts of a review: in words, before anything is sent, what a request will do. */
import { bdi, el, icon } from "../dom.js";

const added = (text) => el("ins", {}, el("span.sign", { "aria-hidden": "true" }, "+"), el("span.visually-hidden", {}, "gets "), bdi(text));
const removed = (text) => el("del", {}, el("span.sign", { "aria-hidden": "true" }, "−"), el("span.visually-hidden", {}, "loses "), bdi(text));
const kept = (text) => el("span.kept", {}, bdi(text), " stays");

export const textLine = (label, { from, to }) =>
  el(
    "li",
    {},
    el("strong", {}, label),
    el("div.marks", {}, from !== undefined && removed(from), to !== undefined && added(to)),
  );

/** @param {(id: string) => string} nameOf what the ids of the list are called */
export const listMarks = (change, nameOf) =>
  el(
    "div.marks",
    {},
    change.added.map((id) => added(nameOf(id))),
    change.removed.map((id) => removed(nameOf(id))),
    change.kept.map((id) => kept(nameOf(id))),
  );

export const note = (kind, text) => el(`p.note.${kind}`, {}, icon("warning"), text);

export const replacesNote = (text) => el("li.replaces", {}, note("warning", text));

export const nothingYet = (isNew) => el("p.nothing", {}, isNew ? "Nothing is filled in yet." : "Nothing has changed yet.");

/** @param {string} target such as `PUT /users/17` */
export const asSent = (target, body) =>
  el(
    "details.raw",
    {},
    el("summary", {}, "The request as it is sent"),
    el("pre", { tabindex: "0" }, `${target}\n\n${JSON.stringify(body, null, 2)}`),
  );
