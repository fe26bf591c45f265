import { isoDate } from "../clock.mjs";
import { Problem, hal, invalid } from "../problem.mjs";
import { VIEW_ACTIVITY_OF_ALL } from "../seed/permissions.mjs";

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const DAY = 86_400_000;

/** What no schema says of the query: complaints about it. */
function complaintsAbout({ window, startDate, endDate }) {
  if (window === undefined || (startDate ?? endDate) === undefined) return [];
  return [{ code: "excluded", field: "window", message: "Send either `window` or dates." }];
}

/** The vendor's Python client writes UTC in a way that `Date` does not read. A leap second is none to it, either. */
function timeOf(field, text) {
  if (text === undefined) return undefined;
  const time = Date.parse(`${text.replace(/Z$|\+00:?00$/, "")}Z`.replace(/:60(?=\.|Z)/, ":59"));
  if (Number.isNaN(time)) throw invalid([{ code: "invalid", field, message: "Send a day and time that exist." }]);
  return time;
}

/** The time that is asked for, with the ends that were named; both are in it. */
function rangeOf({ window, startDate, endDate }, now, options) {
  if (window !== undefined) {
    const [, count, unit = "s"] = /^(\d+)(\D)?$/.exec(window);
    // Events have no milliseconds, either.
    return { from: Math.max(0, Math.floor(now / 1000) - Number(count) * SECONDS[unit]) * 1000, to: now };
  }
  const dates = { from: timeOf("startDate", startDate), to: timeOf("endDate", endDate) };
  if ((startDate ?? endDate) !== undefined) return dates;
  return options.eventRange === "day" ? { from: now - DAY } : {};
}

/** A cursor holds all that a page depends on, so that the pages are of one time although the clock goes on. */
const write = (cursor) => btoa(JSON.stringify(cursor)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function read(text) {
  try {
    const { after, from, to, at } = JSON.parse(atob(text.replaceAll("-", "+").replaceAll("_", "/")));
    const isOurs = [after, at, from ?? 0, to ?? 0].every(Number.isSafeInteger);
    return isOurs ? { after, from, to, at } : undefined;
  } catch {
    return undefined;
  }
}

/** Where to go on, or undefined for the first page. */
function continuation({ query, options, now }) {
  if (query.cursor === undefined) return undefined;
  const cursor = read(query.cursor);
  if (cursor && now() - cursor.at <= options.cursorLifetime) return cursor;
  if (options.expiredCursor === "first-page") return undefined;
  const message = "Begin again with the first page: this cursor has expired.";
  if (options.expiredCursor === "not-found") throw new Problem(404, message);
  throw invalid([{ code: "expired", field: "cursor", message }]);
}

/** Whether the caller may see an event. */
function visibility({ caller, aid, query, options, require }) {
  const seesAll = caller.can(VIEW_ACTIVITY_OF_ALL, aid);
  const wantsEverywhere = query.useAllPermittedAids === true;
  const { othersEvents, allPermittedAids } = options;
  if (othersEvents === "forbidden" || (wantsEverywhere && allPermittedAids === "forbidden")) {
    require(VIEW_ACTIVITY_OF_ALL);
  }
  const isInReach = (event) => (wantsEverywhere && seesAll ? caller.isAssignedTo(event.aid) : event.aid === aid);
  const isShown = ({ uid }) => seesAll || othersEvents === "show" || uid === caller.user.uid;
  return (event) => isInReach(event) && isShown(event);
}

const isWithin = ({ date }, { from = -Infinity, to = Infinity }) => {
  const time = Date.parse(date);
  return time >= from && time <= to;
};

function listEvents(context) {
  const { store, options, query, now, represent, linkTo } = context;
  const isVisible = visibility(context);
  const cursor = continuation(context);
  const range = cursor ?? rangeOf(query, now(), options);
  if (range.from > range.to && options.reversedDates === "reject") {
    const message = "Send a `startDate` that is not after the `endDate`.";
    throw invalid([{ code: "reversed", field: "startDate", message }]);
  }

  const isNewestFirst = options.eventOrder === "newest-first";
  const isAhead = ({ eventId }) =>
    !cursor || (isNewestFirst ? Number(eventId) < cursor.after : Number(eventId) > cursor.after);
  const isMeant = (event) => isAhead(event) && isWithin(event, range) && isVisible(event);
  const ahead = [...store.events.values()].filter(isMeant);
  if (isNewestFirst) ahead.reverse();
  const page = ahead.slice(0, options.eventsPerPage);
  const isLast = page.length === ahead.length;
  const next = () => write({ after: Number(page.at(-1).eventId), from: range.from, to: range.to, at: now() });

  const isAsked = { from: query.window ?? query.startDate, to: query.window ?? query.endDate };
  return hal(200, {
    auditEvents: page.map(represent.event),
    ...(isAsked.from !== undefined && range.from !== undefined && { startDate: isoDate(range.from) }),
    ...(isAsked.to !== undefined && range.to !== undefined && { endDate: isoDate(range.to) }),
    _links: { self: linkTo(), ...(!isLast && { next: linkTo({ cursor: next() }) }) },
  });
}

export const userEventOperations = { getUserEvents: { queryComplaints: complaintsAbout, handle: listEvents } };
