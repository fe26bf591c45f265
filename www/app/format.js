const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const units = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["week", 7 * 86_400],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** Milliseconds since the epoch; undefined for a date that is missing or that nobody can read. */
export function timeOf(text) {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? undefined : time;
}

export function ago(time, now = Date.now()) {
  const seconds = (time - now) / 1000;
  const [unit, length] = units.find(([, size]) => Math.abs(seconds) >= size) ?? [];
  return unit ? relative.format(Math.trunc(seconds / length), unit) : "just now";
}

/** `2026-06-12 08:30:00 UTC` */
export const exactUtc = (time) => new Date(time).toISOString().replace("T", " ").replace(/\.\d+Z$/, " UTC");

export const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

const marks = /\p{M}/gu;

/** For comparing what people type with what is stored: without case, accents and half-width forms. */
export const folded = (text) => (text ?? "").normalize("NFKD").replace(marks, "").toLowerCase().replaceAll("ł", "l");

export const byText = new Intl.Collator("en", { sensitivity: "base", numeric: true }).compare;
