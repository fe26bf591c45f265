/** Lets the sandbox misbehave, so that the page and the package can show what they make of it. Sandbox mode only. */
import { el, fill, icon } from "./dom.js";

const FOR_LONG = 1_000_000;
const lists = ["/users", "/roles", "/account-groups", "/audit-user-events"];

/** The same fault for whatever list is read. */
const reading = (fault) => lists.map((path) => ({ ...fault, count: FOR_LONG, match: { method: "GET", path } }));

const choices = {
  none: { label: "No fault" },
  slow: { label: "Slow answers", faults: [{ fault: "latency", ms: 6000, count: FOR_LONG }] },
  unauthorized: {
    label: "401: wrong token",
    faults: reading({ fault: "error", status: 401, body: "oauth" }),
  },
  forbidden: { label: "403: no permission", faults: reading({ fault: "error", status: 403 }) },
  limited: { label: "429: rate limit used up", faults: reading({ fault: "too-many-requests", resetIn: 20 }) },
  broken: { label: "503: gateway page", faults: reading({ fault: "error", status: 503, body: "html" }) },
  lost: {
    label: "Writes lose their answer",
    faults: ["POST", "PUT", "DELETE"].map((method) => ({
      fault: "connection-reset", when: "after", count: FOR_LONG, match: { method },
    })),
  },
  hidden: { label: "No rate limit headers", faults: [{ fault: "hidden-rate-limit", count: FOR_LONG }] },
};

/** @param {{ faults: { clear: () => unknown, add: (fault: object) => unknown }, onChange: () => void }} how */
export function createFaultMenu(place, { faults, onChange }) {
  const choice = el(
    "select",
    { id: "fault", onchange: () => void change() },
    Object.entries(choices).map(([value, { label }]) => el("option", { value }, label)),
  );

  async function change() {
    await faults.clear();
    for (const fault of choices[choice.value].faults ?? []) await faults.add(fault);
    place.classList.toggle("is-on", choice.value !== "none");
    onChange();
  }

  place.classList.add("fault-menu");
  fill(place, el("label", { for: "fault" }, icon("bolt"), "Try a fault"), choice);
}
