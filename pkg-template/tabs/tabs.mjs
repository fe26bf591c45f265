/** The window of a rate limit that the tabs of an origin share. */
import { decide, newWindow } from "./decide.mjs";

/** No number in a message may be larger: a date in milliseconds. */
const MOST = 8.64e15;

/** What a report has of numbers, in the order of the messages. */
const NUMBERS = ["underWay", "waiting", "timeout", "limit", "remaining", "resetAt", "resetIn"];
const PRIORITIES = ["", "interactive", "bulk"];
/** The kinds of messages: a report, what the tab that decides says to one, and that a tab begins to decide. */
const [REPORT, ANSWER, BEGIN] = [1, 2, 3];

/** Any script of the origin can send a message: what is not a short list of whole numbers within bounds is ignored. */
const isNumber = (number) => Number.isInteger(number) && number >= -1 && number <= MOST;
const isMessage = (data, length) => Array.isArray(data) && data.length === length && Array.from(data).every(isNumber);

/** The report in a message, or nothing where a number of it is out of range. */
function reportOf(numbers, priority, limiter) {
  const report = { limiter, priority: PRIORITIES[priority] };
  if (report.priority === undefined) return undefined;
  // When the window ends is a time of the API's clock: an odd one heals in the window after it.
  const most = { underWay: 1e5, waiting: 1e6, timeout: 2 ** 31, limit: 1e6, remaining: 1e6, resetAt: MOST, resetIn: 65_000 };
  for (const [index, name] of NUMBERS.entries()) {
    if (numbers[index] > most[name]) return undefined;
    if (numbers[index] >= 0) report[name] = numbers[index];
  }
  // Nobody could wait for a limit of none at all.
  if (report.limit === 0) return undefined;
  const known = (names) => names.filter((name) => report[name] !== undefined).length;
  const isWhole = known(["underWay", "waiting", "timeout"]) === 3 && known(["remaining", "resetAt", "resetIn"]) % 3 === 0;
  return isWhole ? report : undefined;
}

/** What the tabs share by one key. The tab that holds the lock decides for all; when it is closed, the next one does. */
class Shared {
  #channel;
  #window;
  #asked = new Map();
  #count = 0;
  #tab = Math.floor(Math.random() * 2 ** 52);
  #limiters = new Map();

  constructor(name) {
    // First, as a page without HTTPS has none: a channel would be left behind by each question, and keep Node from ending.
    const { locks } = navigator;
    if (!locks) throw new Error("navigator.locks is missing");
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }) => this.#receive(data);
    // For as long as the page lives. It decides by what the tabs report: each report has all that its tab knows.
    locks.request(name, () => (this.#begin(), new Promise(() => {}))).catch(() => {});
  }

  #begin() {
    this.#window = newWindow();
    for (const [number, { message, resolve }] of this.#asked) this.#end(number, resolve, this.#decide(message));
    this.#channel.postMessage([BEGIN]);
  }

  #end(number, resolve, answer) {
    this.#asked.delete(number);
    resolve(answer);
  }

  ask({ limiter, priority = "", ...report }) {
    if (!this.#limiters.has(limiter)) this.#limiters.set(limiter, this.#limiters.size);
    const numbers = NUMBERS.map((name) => report[name] ?? -1);
    const message = [this.#tab, this.#limiters.get(limiter), PRIORITIES.indexOf(priority), ...numbers.map(Math.floor)];
    if (this.#window) return this.#decide(message);
    const number = (this.#count += 1);
    this.#channel.postMessage([REPORT, number, ...message]);
    if (!priority) return undefined;
    return new Promise((resolve) => {
      this.#asked.set(number, { message, resolve });
      // The client waits no longer.
      setTimeout(() => this.#asked.delete(number), 2000);
    });
  }

  #decide([tab, limiter, priority, ...numbers]) {
    const report = reportOf(numbers, priority, `${tab}.${limiter}`);
    return report && decide(this.#window, report, Date.now());
  }

  #receive(data) {
    if (this.#window && isMessage(data, 5 + NUMBERS.length) && data[0] === REPORT) {
      const [, number, ...message] = data;
      const answer = this.#decide(message);
      if (!answer || message[2] === 0) return;
      this.#channel.postMessage([ANSWER, number, message[0], Number(answer.granted), answer.wait, answer.limiters]);
    } else if (isMessage(data, 6) && data[0] === ANSWER && data[2] === this.#tab) {
      const [, number, , granted, wait, limiters] = data;
      if (granted > 1 || granted < 0 || wait > 65_000 || wait < 0 || limiters < 1 || limiters > 1e5) return;
      const asked = this.#asked.get(number);
      if (asked) this.#end(number, asked.resolve, { granted: granted === 1, wait, limiters });
    } else if (isMessage(data, 1) && data[0] === BEGIN) {
      for (const [number, { message }] of this.#asked) this.#channel.postMessage([REPORT, number, ...message]);
    }
  }
}

/** One for each key of a page, whoever asks. */
const known = new Map();

export function tabStore({ name = "thousandeyes-admin:rate-limit:" } = {}) {
  return async ({ key, ...report }) => {
    if (!known.has(name + key)) known.set(name + key, new Shared(name + key));
    return known.get(name + key).ask(report);
  };
}
