import { el, fill, icon } from "./dom.js";

const KEPT = 30;
const bodies = { users: "userRequest", roles: "roleRequestBody", accountGroups: "accountGroupRequest" };
const options = new Set(["signal", "expand", "window", "cursor"]);

function argument(value, method) {
  if (typeof value !== "object") return JSON.stringify(value);
  const names = Object.keys(value);
  const areOptions = names.length > 0 && names.every((name) => options.has(name));
  return areOptions ? `{ ${names.join(", ")} }` : bodies[method.split(".")[0]];
}

const line = ({ method, args, result, succeeded, milliseconds }) =>
  el(
    "li",
    {},
    icon(succeeded ? "check" : "warning"),
    el("code", {}, `${method}(${args.map((value) => argument(value, method)).join(", ")})`),
    el("span.result", {}, `${succeeded ? "" : "failed: "}${result}`),
    el("span.duration", {}, `${Math.round(milliseconds)} ms`),
  );

/** Shows which methods of the package this page has called: the last one, and the others on demand. */
export function createCallLog(place) {
  const last = el("ol.call", {});
  const earlier = el("ol.call.earlier", { reversed: true });
  fill(
    place,
    el(
      "details",
      {},
      el("summary", {}, el("span", {}, "Last call of ", el("code", {}, "thousandeyes-admin")), last),
      earlier,
    ),
  );
  return function log(call) {
    if (last.firstChild) earlier.prepend(last.firstChild);
    fill(last, line(call));
    while (earlier.children.length > KEPT) earlier.lastChild.remove();
  };
}
