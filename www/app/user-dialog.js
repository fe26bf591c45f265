import { toUserRequest } from "/pkg/index.js";

import { button, el, fill, freshId, icon } from "./dom.js";
import { isCancelled, outcomeOf } from "./errors.js";
import { createModal } from "./modal.js";
import { namesFor } from "./names.js";
import { looks, outcomeCheck } from "./outcome-check.js";
import { failure, loading } from "./states.js";
import { avatar, isPending, nameLine, pendingMark, titleOf } from "./user.js";
import { userDetails } from "./user-details.js";
import { createUserForm } from "./user-form.js";
import { areEqual } from "./user-request.js";

/**
 * The drawer in which one user is read, changed or made.
 * @param {object} options
 * @param {(method: string, ...args: unknown[]) => Promise<any>} options.call
 * @param {() => Promise<object>} options.choices account groups and roles
 * @param {() => Promise<string | undefined>} options.owner the id of the user who owns the access token
 * @param {{ onSaved: Function, onUsers: Function, onDelete: Function, onClosed: Function, say: Function }} options.listeners
 */
export function createUserDialog({ call, choices, owner, listeners }) {
  const titleId = freshId("title");
  const title = el("h2", { id: titleId, tabindex: "-1" });
  const body = el("div.drawer-body");
  const status = el("div.drawer-status", { role: "status" });
  const close = button("", { kind: "icon-only", symbol: "close", "aria-label": "Close" });
  const dialog = el(
    "dialog.drawer",
    { "aria-labelledby": titleId },
    el("div.drawer-sheet", {}, el("header.drawer-head", {}, title, close), status, body),
  );
  const modal = createModal(dialog, { mayClose, onClosed });
  close.addEventListener("click", modal.tryClose);

  let uid;
  let form;
  let flight;
  let isWriting = false;

  /** Keeps what was typed: the first try to close asks, and the question has the buttons. */
  function mayClose() {
    if (isWriting) return false;
    if (!form?.isChanged()) return true;
    ask();
    return false;
  }

  function ask() {
    const keep = button("Keep editing", { kind: "primary", onclick: () => fill(status) });
    const discard = button("Discard changes", { kind: "danger-quiet", onclick: () => dialog.close() });
    fill(status, el("div.note.warning.question", {}, icon("warning"), el("span", {}, "Your changes are not saved."), keep, discard));
    keep.focus();
  }

  function onClosed() {
    flight?.abort();
    form = undefined;
    fill(body);
    listeners.onClosed(uid);
  }

  function show(heading, ...content) {
    fill(title, heading);
    fill(body, ...content);
    if (!dialog.open) dialog.showModal();
    body.scrollTop = 0;
  }

  function note(text, kind = "good") {
    if (!dialog.open) return listeners.say(text, kind);
    fill(status, el(`p.note.${kind}`, {}, icon(kind === "good" ? "check" : "warning"), text));
  }

  async function open(user) {
    uid = user.uid;
    form = undefined;
    fill(status);
    flight = new AbortController();
    const { signal } = flight;
    const { place, stop } = loading({ onCancel: () => flight.abort(new DOMException("Cancelled.", "AbortError")) });
    show(heading(user), place);
    title.focus();
    // The form needs these: read now, it opens at once also where the API is slow.
    void choices();
    void owner();
    try {
      showDetails(await call("users.getUser", uid, { signal }));
    } catch (error) {
      if (dialog.open) show(heading(user), failure(error, { onRetry: () => open(user) }));
    } finally {
      stop();
    }
  }

  function showDetails(user) {
    if (!dialog.open || user.uid !== uid) return;
    form = undefined;
    show(
      heading(user),
      ...userDetails(user),
      el(
        "div.actions",
        {},
        button("Delete…", { kind: "danger-quiet", symbol: "trash", onclick: () => listeners.onDelete(user) }),
        button("Edit", { kind: "primary", symbol: "pen", onclick: () => void edit(user) }),
      ),
    );
  }

  async function edit(user) {
    fill(status);
    const [lists, ownerUid] = await Promise.all([choices(), owner()]);
    if (!dialog.open) return;
    showForm(heading(user), {
      before: toUserRequest(user),
      uid: user.uid,
      names: namesFor(lists, user),
      missing: lists.missing,
      isOwner: ownerUid === user.uid,
      onSubmit: (request) => void write("update", "Saving…", request, ["users.updateUser", user.uid, request]),
      onCancel: () => showDetails(user),
    });
  }

  async function create() {
    uid = undefined;
    const lists = await choices();
    fill(status);
    showForm(["New user"], {
      before: {},
      names: namesFor(lists),
      missing: lists.missing,
      onSubmit: (request) => void write("create", "Creating…", request, ["users.createUser", request]),
      onCancel: () => modal.tryClose(),
    });
  }

  function showForm(headingNodes, options) {
    form = createUserForm(options);
    show(headingNodes, form.place);
    form.place.querySelector("input").focus();
  }

  async function write(kind, label, request, [method, ...args]) {
    const sending = form;
    isWriting = true;
    sending.setBusy(true, label);
    fill(status);
    try {
      const user = await call(method, ...args);
      isWriting = false;
      finish(kind, request, user);
    } catch (error) {
      isWriting = false;
      sending.setBusy(false);
      if (outcomeOf(error) !== "unknown") return sending.showError(error);
      const look = looks[kind](call, { uid, request });
      sending.showTrouble(outcomeCheck(error, look, ({ done, users }) => {
        if (users) listeners.onUsers(users);
        finish(kind, request, done);
      }));
    }
  }

  /** The API's answer is compared with what it was asked for: roles are too important to be taken on trust. */
  function finish(kind, request, user) {
    form = undefined;
    uid = user.uid;
    listeners.onSaved(user);
    const isWhole = user.accountGroupRoles !== undefined;
    const isAsAsked = !isWhole || areEqual(request, { ...toUserRequest(user), ...left(request, user) });
    if (isWhole) showDetails(user);
    else void open(user).then(() => note(`${titleOf(user)} was created.`));
    const done = kind === "create" ? "was created" : "was saved";
    note(
      isAsAsked ? `${titleOf(user)} ${done}.` : `${titleOf(user)} ${done}, but is not quite as asked: look at it once more.`,
      isAsAsked ? "good" : "warning",
    );
    title.focus();
  }

  const heading = (user) => [avatar(user), el("span.clamp", {}, nameLine(user)), isPending(user) && pendingMark()];

  return { open, create, close: () => dialog.close(), isOpen: () => dialog.open };
}

/** What the request left to the API cannot differ from it. */
function left(request, user) {
  const answered = toUserRequest(user);
  const absent = Object.keys(answered).filter((name) => request[name] === undefined);
  return Object.fromEntries(absent.map((name) => [name, undefined]));
}
