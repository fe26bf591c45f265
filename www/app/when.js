import { el } from "./dom.js";
import { ago, exactUtc, timeOf } from "./format.js";

/** A date in the past in words, with the exact one in its title. */
export function when(text, otherwise = "Never") {
  const time = timeOf(text);
  if (time === undefined) return el("span.never", {}, otherwise);
  return el("time", { datetime: new Date(time).toISOString(), title: exactUtc(time) }, ago(time));
}
