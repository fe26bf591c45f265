import { Refusal } from "./refusal.mjs";

const left = new Refusal(499, "The client has gone.");

/** The courses of answers, for who sends them on: when all is read, the last bytes may still be on their way. */
export const courses = new WeakMap();

/** From the arrival of a request to the end of its answer: it ends early when the client goes, or when its time is up. */
export class Course {
  #controller = new AbortController();
  #stop = () => this.#finish();
  #isLate = false;
  #client;
  #timer;
  #end;

  constructor(client, timeout) {
    this.#client = client;
    this.#end = performance.now() + timeout;
    client.addEventListener("abort", this.#stop);
    this.#timer = setTimeout(() => {
      this.#isLate = true;
      this.#finish();
    }, timeout);
    // In Node no process shall live on for an answer that nobody reads. Elsewhere a timer is a number.
    this.#timer.unref?.();
    if (client.aborted) this.#finish();
  }

  /** Milliseconds that are left, also where the course has ended early. */
  get rest() {
    return this.#end - performance.now();
  }

  /** Aborts when the course ends, however it does: what is still under way then is of no use. */
  get signal() {
    return this.#controller.signal;
  }

  /** Waits for a promise, but not beyond the end of the course. `late` is the reason where that is one of time. */
  async within(promise, late) {
    let stop;
    const stopped = new Promise((_resolve, reject) => {
      stop = () => reject(this.#isLate ? late : left);
      if (this.signal.aborted) stop();
      else this.signal.addEventListener("abort", stop);
    });
    try {
      return await Promise.race([stopped, promise]);
    } finally {
      this.signal.removeEventListener("abort", stop);
    }
  }

  end() {
    this.#finish();
  }

  #finish() {
    clearTimeout(this.#timer);
    this.#client.removeEventListener("abort", this.#stop);
    this.#controller.abort();
  }
}
