import { isoDate } from "../clock.mjs";
import { createRandom, pick } from "./random.mjs";

const MINUTE = 60_000;
const DAYS = 90;
const COUNT = 120;

/** What was done before the sandbox began: the event, what sort of thing it was done to, and the names of some. */
const kinds = [
  ["User logged in."],
  ["User logged in."],
  ["Login failed."],
  ["Test created.", "testName", ["Intranet", "Shop checkout", "VoIP Köln"]],
  ["Test updated.", "testName", ["Intranet", "Shop checkout", "VoIP Köln"]],
  ["Alert rule updated.", "alertRuleName", ["Loss above 5 %", "Certificate expires"]],
  ["Report created.", "reportTitle", ["Weekly availability", "四半期レポート"]],
];

/**
 * Some history, oldest first, with two equal events in it. It has a generator of its own, so that the users of a seed
 * stay who they are.
 * @param {number} seed
 * @param {object[]} users
 * @param {object[]} accountGroups
 * @param {number} now what the dates are counted back from
 */
export function seedEvents(seed, users, accountGroups, now) {
  const random = createRandom(seed);
  const active = users.slice(0, 40).filter(({ lastLogin, loginAid }) => lastLogin && loginAid);
  if (active.length === 0) return [];
  const ages = Array.from({ length: COUNT }, () => MINUTE + Math.floor(random() * DAYS * 1440) * MINUTE);
  const events = ages.toSorted((one, other) => other - one).map((age) => {
    const user = pick(random, active);
    const [event, type, names] = pick(random, kinds);
    return {
      aid: user.loginAid,
      accountGroupName: accountGroups.find(({ aid }) => aid === user.loginAid).accountGroupName,
      date: isoDate(now - age),
      event,
      ipAddress: `203.0.113.${1 + Math.floor(random() * 250)}`,
      uid: user.uid,
      user: `${user.name} (${user.email})`,
      resources: type ? [{ type, name: pick(random, names) }] : [],
    };
  });
  return [...events, events.at(-1)].map((event, index) => ({ eventId: String(index + 1), ...event }));
}
