import { connect } from "./api.js";
import { createCallLog } from "./calls.js";
import { createDeleteDialog } from "./delete-dialog.js";
import { el, fill, icon } from "./dom.js";
import { createFaultMenu } from "./faults.js";
import { count } from "./format.js";
import { createLists } from "./lists.js";
import { createNotices } from "./notices.js";
import { findPlace } from "./place.js";
import { createRateMeter } from "./rate-meter.js";
import { titleOf } from "./user.js";
import { createUserDialog } from "./user-dialog.js";
import { createUsersView } from "./users-view.js";

const byId = (id) => document.getElementById(id);

const demo = await findPlace();
const isSandbox = demo.mode === "sandbox";
const say = createNotices(byId("notices"));

showPlace();
const view = createUsersView(byId("users"), {
  onOpen: (user) => void userDialog?.open(user),
  onAdd: () => void userDialog?.create(),
  onReload: () => void reload(),
});

let users = [];
let flight;
let call;
const lists = createLists((...args) => call(...args));
let userDialog;
let deleteDialog;

/** Twice only if it failed: the package starts once. */
async function start() {
  call ??= await connect(demo, {
    onCall: createCallLog(byId("calls")),
    onRateLimit: createRateMeter(byId("rate")),
    onWait: (milliseconds) => {
      const seconds = count(Math.ceil(milliseconds / 1000), "second");
      say(`The organization has no requests left in this minute: going on in ${seconds}.`, "warning");
    },
  });
  userDialog ??= createUserDialog({
    call,
    choices: lists.choices,
    owner: lists.owner,
    listeners: {
      onSaved: replace,
      onUsers: showUsers,
      onDelete: (user) => void deleteDialog.open(user),
      onClosed: (uid) => users.some((user) => user.uid === uid) && view.focusUser(uid),
      say,
    },
  });
  deleteDialog ??= createDeleteDialog({ call, owner: lists.owner, onDeleted: forget });
}

async function reload() {
  flight?.abort();
  flight = new AbortController();
  const { signal } = flight;
  view.showLoading(() => flight.abort());
  lists.forget();
  try {
    await start();
    const list = (await call("users.getUsers", { signal })).users;
    if (signal !== flight.signal) return;
    showUsers(list);
    showOrganization((await lists.choices()).accountGroups);
  } catch (error) {
    if (signal === flight.signal) view.showError(error);
  }
}

function showUsers(list) {
  users = list;
  view.showUsers(users);
}

function replace(user) {
  const index = users.findIndex(({ uid }) => uid === user.uid);
  showUsers(index < 0 ? [...users, user] : users.with(index, user));
}

function forget(user, list = users.filter(({ uid }) => uid !== user.uid)) {
  const index = view.indexOf(user.uid);
  userDialog.close();
  showUsers(list);
  view.focusUser(undefined, Math.max(index, 0));
  say(`${titleOf(user)} was deleted.`);
}

function showOrganization(accountGroups) {
  const name = accountGroups.find(({ organizationName }) => organizationName)?.organizationName;
  if (name) byId("organization").textContent = name;
}

/** Which API this is must be plain before anything is clicked. */
function showPlace() {
  document.documentElement.dataset.mode = demo.mode;
  const where = demo.isInPage ? "in this page, " : "";
  const text = isSandbox ? `${where}all users are invented` : `${new URL(demo.endpoint).host}: changes are real`;
  fill(byId("place"), icon(isSandbox ? "flask" : "warning"), el("strong", {}, isSandbox ? "Sandbox" : "Live organization"), el("span", {}, text));
  if (isSandbox) createFaultMenu(byId("faults"), { faults: demo.faults, onChange: () => void reload() });
}

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest?.("input, select, textarea");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  view.focusSearch();
});

await reload();
