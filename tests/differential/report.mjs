/** What is printed. */
import { outcomes } from "./promises.mjs";

/** A failure: all that it takes to see it again. */
export function describe({ seed, index, problem, model, windows, body, least }) {
  return [
    `seed ${seed}, body ${index}, read as ${model.name} in windows of ${windows}: ${problem}`,
    ...shown("the body", body),
    ...(least ? [`of it, this is enough: ${least.problem}`, ...shown("the least", least.body)] : []),
  ].join("\n");
}

function shown(what, bytes) {
  const body = Buffer.from(bytes);
  return [`${what} as base64: ${body.toString("base64")}`, `${what} as text: ${body}`];
}

/** How many bodies had which outcome: of all, of those that have a feature, and of those with objects of a model. */
export function table(counts) {
  const rows = Object.entries(counts).map(([name, row]) => [name, row.reduce((sum, count) => sum + count), ...row]);
  const cell = (text, at) => (at === 0 ? String(text).padEnd(20) : String(text).padStart(14));
  return [["", "bodies", ...outcomes], ...rows].map((row) => row.map(cell).join("")).join("\n");
}
