import { el } from "../dom.js";

/** A row of a `dl.facts`. */
export const factRow = (term, ...description) => el("div", {}, el("dt", {}, term), el("dd", {}, ...description));
