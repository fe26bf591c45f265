import { createAccountGroupKind } from "./account-groups/kind.js";
import { createActivitySection } from "./activity/section.js";
import { connect } from "./api.js";
import { createCallLog } from "./calls.js";
import { el, fill, icon } from "./dom.js";
import { createFaultMenu } from "./faults.js";
import { count } from "./format.js";
import { createLists } from "./lists.js";
import { createNotices } from "./notices.js";
import { findPlace } from "./place.js";
import { createRateMeter } from "./rate-meter.js";
import { createRecordsSection } from "./records/section.js";
import { createRoleKind } from "./roles/kind.js";
import { createUserKind } from "./users/kind.js";

const byId = (id) => document.getElementById(id);
const main = byId("main");

const demo = await findPlace();
const isSandbox = demo.mode === "sandbox";
const say = createNotices(byId("notices"));
const listeners = {
  onCall: createCallLog(byId("calls")),
  onRateLimit: createRateMeter(byId("rate")),
  onWait: (milliseconds) => {
    const seconds = count(Math.ceil(milliseconds / 1000), "second");
    say(`The organization has no requests left in this minute: going on in ${seconds}.`, "warning");
  },
};

let connecting;

/** A second time only if the package did not start. */
function connected() {
  connecting ??= connect(demo, listeners).catch((error) => {
    connecting = undefined;
    throw error;
  });
  return connecting;
}

const call = async (...args) => (await connected())(...args);
const lists = createLists(call);

const events = { onLoading: lists.forget, onLoaded: () => void showOrganization(), onChanged: forgetOthers, say };
const sections = {
  users: createRecordsSection(createUserKind(call, lists), events),
  roles: createRecordsSection(createRoleKind(call, lists), events),
  "account-groups": createRecordsSection(createAccountGroupKind(call), events),
  activity: createActivitySection(call, events),
};
const fresh = new Set();
let shown;

/** What was changed in one view may be told by another: that one is read again when it is opened. */
function forgetOthers() {
  lists.forget();
  fresh.clear();
  fresh.add(shown);
}

/** The view that the address names; one that nobody knows changes nothing. */
function showSection() {
  const name = location.hash.slice(1);
  shown = Object.hasOwn(sections, name) ? name : (shown ?? "users");
  for (const link of document.querySelectorAll(".views a")) {
    const isCurrent = link.hash === `#${shown}`;
    if (isCurrent) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    if (isCurrent) document.title = `${link.textContent} · thousandeyes-admin`;
  }
  fill(main, sections[shown].place);
  if (!fresh.has(shown)) void reload();
}

function reload() {
  fresh.add(shown);
  return sections[shown].load();
}

async function showOrganization() {
  const { accountGroups } = await lists.choices();
  const name = accountGroups.find(({ organizationName }) => organizationName)?.organizationName;
  if (name) byId("organization").textContent = name;
}

/** Which API this is must be plain before anything is clicked. */
function showPlace() {
  document.documentElement.dataset.mode = demo.mode;
  const where = demo.isInPage ? "in this page, " : "";
  const text = isSandbox ? `${where}all users are invented` : `${new URL(demo.endpoint).host}: changes are real`;
  fill(byId("place"), icon(isSandbox ? "flask" : "warning"), el("strong", {}, isSandbox ? "Sandbox" : "Live organization"), el("span", {}, text));
  if (!isSandbox) return;
  createFaultMenu(byId("faults"), {
    faults: demo.faults,
    onChange: () => {
      fresh.clear();
      void reload();
    },
  });
}

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest?.("input, select, textarea");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping || document.querySelector("dialog[open]")) return;
  if (!sections[shown].focusSearch) return;
  event.preventDefault();
  sections[shown].focusSearch();
});

// Not by its address: that names the view.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});

showPlace();
window.addEventListener("hashchange", showSection);
showSection();
