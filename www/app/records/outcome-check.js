/** After a write whose outcome is unknown: look what became of it, and send nothing again before. */
import { button, el, fill, icon } from "../dom.js";
import { facts, texts } from "../errors.js";

/**
 * How to look after each kind of write. Each gives what it found as `done`, or undefined there if the write was not done;
 * `sentence` then says so.
 * @param {object} options
 * @param {string} options.noun
 * @param {string} options.mark by what a new one is known, such as `name`; others that were there before are not it
 * @param {() => Promise<object[]>} options.list
 * @param {(id: string) => Promise<object>} options.read
 * @param {(record: object, request: object) => boolean} options.isAlike whether a record may be the one that was asked for
 * @param {(request: object, record: object) => boolean} options.isAsAsked
 * @param {(record: object) => string} options.idOf
 */
export const createLooks = ({ noun, mark, list, read, isAlike, isAsAsked, idOf }) => ({
  create: ({ request, known: before }) => ({
    question: `The ${noun} may have been created, or not.`,
    sentence: `There is no new ${noun} with this ${mark}: it was not created. You can send it again.`,
    async look() {
      const records = await list();
      return { list: records, done: records.find((record) => isAlike(record, request) && !before.has(idOf(record))) };
    },
  }),
  update: ({ id, request }) => ({
    question: "The change may have been made, or not.",
    sentence: `The ${noun} is not as it was to be: the change was not made. You can send it again.`,
    async look() {
      const record = await read(id);
      return { done: isAsAsked(request, record) ? record : undefined };
    },
  }),
  delete: ({ id }) => ({
    question: `The ${noun} may have been deleted, or not.`,
    sentence: `The ${noun} is still there: it was not deleted. You can try again.`,
    async look() {
      const records = await list();
      return { list: records, done: records.every((record) => idOf(record) !== id) };
    },
  }),
});

/**
 * @param {Error} error of the write
 * @param {{ question: string, sentence: string, look: () => Promise<{ done?: unknown, list?: object[] }> }} kind
 * @param {(found: { done: unknown, list?: object[] }) => void} onDone
 */
export function outcomeCheck(error, { question, sentence, look }, onDone) {
  const check = button("Reload and check", { kind: "primary", symbol: "reload", onclick: run });
  const answer = el("div", { role: "status" });

  async function run() {
    check.disabled = true;
    fill(answer, "Looking…");
    try {
      const found = await look();
      if (found.done) return onDone(found);
      fill(answer, sentence);
      check.remove();
    } catch (failed) {
      check.disabled = false;
      fill(answer, "It could not be found out yet. ", ...texts(failed));
    }
  }

  return el(
    "div.problem.unknown",
    { role: "alert", tabindex: "-1" },
    el("h4", {}, icon("question"), "The outcome is unknown"),
    el("p", {}, el("strong", {}, question), " Look before you send it again."),
    ...texts(error),
    facts(error, { isWrite: true }),
    answer,
    check,
  );
}
