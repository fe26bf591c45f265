/** After a write whose outcome is unknown: look what became of it, and send nothing again before. */
import { toUserRequest } from "/pkg/index.js";

import { button, el, fill, icon } from "./dom.js";
import { facts, texts } from "./errors.js";
import { areEqual } from "./user-request.js";

const sameEmail = (left, right) => left?.toLowerCase() === right?.toLowerCase();

/** Each gives the user it found, or undefined if the write was not done; `sentence` then says so. */
export const looks = {
  create: (call, { request }) => ({
    question: "The user may have been created, or not.",
    sentence: "There is no user with this e-mail address: it was not created. You can send it again.",
    async look() {
      const { users } = await call("users.getUsers");
      return { users, done: users.find(({ email }) => sameEmail(email, request.email)) };
    },
  }),
  update: (call, { uid, request }) => ({
    question: "The change may have been made, or not.",
    sentence: "The user is not as it was to be: the change was not made. You can send it again.",
    async look() {
      const user = await call("users.getUser", uid);
      return { done: areEqual(request, toUserRequest(user)) ? user : undefined };
    },
  }),
  delete: (call, { uid }) => ({
    question: "The user may have been deleted, or not.",
    sentence: "The user is still there: it was not deleted. You can try again.",
    async look() {
      const { users } = await call("users.getUsers");
      return { users, done: users.every((user) => user.uid !== uid) };
    },
  }),
};

/**
 * @param {Error} error of the write
 * @param {{ question: string, sentence: string, look: () => Promise<{ done?: unknown, users?: object[] }> }} kind
 * @param {(found: { done: unknown, users?: object[] }) => void} onDone
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
