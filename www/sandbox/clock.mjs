/** A year. */
const LONGEST_ADVANCE = 366 * 86_400_000;
const EARLIEST = Date.UTC(1970, 0, 1);
const LATEST = Date.UTC(9999, 11, 31);
/** ISO 8601 with a time zone: without one, a time would be another one on each machine. A date alone is in UTC. */
const ISO_TIME = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

export const TIME_FORM = "a time from 1970 to 9999 with its zone, such as 2027-01-15T08:00:00Z";

/** Engines take the 31st of every month; here a day has to exist. */
const isDay = (text) => {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
};

function fromText(text) {
  const [, day] = ISO_TIME.exec(text) ?? [];
  return day && isDay(day) ? Date.parse(text) : NaN;
}

/** As the API writes a date: in UTC, without milliseconds. */
export const isoDate = (milliseconds) => new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");

/**
 * The milliseconds since the epoch, or undefined if `value` is no time.
 * @param {unknown} value
 */
export function timeOf(value) {
  const time = value instanceof Date ? value.getTime() : typeof value === "string" ? fromText(value) : value;
  return Number.isSafeInteger(time) && time >= EARLIEST && time <= LATEST ? time : undefined;
}

/**
 * The sandbox's own clock. `Date.now` is looked up at each reading, so that fake timers hold here too, whenever they
 * begin.
 * @param {string | number | Date | (() => number)} [given] a clock, or the time at which this machine's is to start
 */
export function createClock(given = () => Date.now()) {
  const isClock = typeof given === "function";
  const startsAt = isClock ? undefined : timeOf(given);
  if (!isClock && startsAt === undefined) {
    throw new TypeError(`The sandbox option now must be a function or ${TIME_FORM}.`);
  }
  const read = isClock ? given : () => Date.now();
  let offset;
  let ahead;

  return {
    /** Starts it, or starts it again, and gives the time that it then shows. A start time runs from the first reading. */
    start() {
      ahead = 0;
      offset = isClock ? 0 : undefined;
      return startsAt ?? read();
    },

    now() {
      const time = read();
      offset ??= startsAt - time;
      return time + offset + ahead;
    },

    advance(milliseconds) {
      if (!(Number.isSafeInteger(milliseconds) && milliseconds >= 0 && milliseconds <= LONGEST_ADVANCE)) {
        throw new TypeError(`Advance the clock by a whole number of milliseconds from 0 to ${LONGEST_ADVANCE}.`);
      }
      ahead += milliseconds;
    },
  };
}
