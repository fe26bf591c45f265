/** Which users are shown, in which order, and what of each. */
import { bdi, el } from "../dom.js";
import { byText, folded, timeOf } from "../format.js";
import { when } from "../when.js";
import { groupNameOf, hasName, isInactive, isPending, neverLoggedIn } from "./user.js";

export const filters = {
  all: { label: "Everyone", accepts: () => true },
  pending: { label: "Registration pending", accepts: isPending },
  never: { label: "Never logged in", accepts: neverLoggedIn },
  inactive: { label: "No login for 90 days", accepts: isInactive },
};

/** The person reads "ascending" of dates as the longest ago first; never is before all of them. */
const columnKeys = {
  name: (user) => (hasName(user) ? user.name : ""),
  email: (user) => user.email ?? "",
  group: groupNameOf,
  lastLogin: (user) => timeOf(user.lastLogin) ?? -Infinity,
};

export const columns = [
  { key: "name", label: "User" },
  { key: "email", label: "E-mail", cell: ({ email }) => el("span.clamp", {}, bdi(email ?? "–")) },
  { key: "group", label: "Login account group", cell: (user) => bdi(groupNameOf(user) || "–") },
  { key: "lastLogin", label: "Last login", cell: ({ lastLogin }) => when(lastLogin) },
];

const compare = (left, right) => (typeof left === "number" ? Math.sign(left - right) || 0 : byText(left, right));

/**
 * @param {object[]} users
 * @param {{ query: string, filter: keyof filters, sort: { key: string, descending: boolean } }} wanted
 */
export function select(users, { query, filter, sort }) {
  const words = folded(query).split(/\s+/).filter(Boolean);
  const has = (user) => {
    const text = folded([user.name, user.email, groupNameOf(user), user.uid].join("\n"));
    return words.every((word) => text.includes(word));
  };
  const keyOf = columnKeys[sort.key];
  const order = (left, right) => compare(keyOf(left), keyOf(right)) * (sort.descending ? -1 : 1);
  return users.filter((user) => filters[filter].accepts(user) && has(user)).sort(order);
}
