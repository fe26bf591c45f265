import { el, fill, icon } from "./dom.js";
import { count } from "./format.js";

/** Shows how many requests the organization has left: in this minute, for all its users and programs together. */
export function createRateMeter(place) {
  /** Drawn anew every second, without the icon: that would flicker. */
  const facts = el("div.rate-facts");
  let shown;
  let timer;

  function draw({ limit, remaining, endsAt }) {
    const seconds = Math.ceil((endsAt - Date.now()) / 1000);
    const isOver = seconds <= 0;
    const reset = isOver ? "a new minute has begun" : `new ones in ${count(seconds, "second")}`;
    fill(
      facts,
      el("span.rate-text", {}, el("strong", {}, isOver ? limit : remaining), ` of ${limit} requests left`),
      el("meter", {
        min: 0,
        max: limit,
        low: limit * 0.25,
        high: limit * 0.5,
        optimum: limit,
        value: isOver ? limit : remaining,
        "aria-label": "Requests left in this minute",
      }),
      el("small", {}, endsAt === undefined ? "shared by the organization" : reset),
    );
    if (isOver) clearInterval(timer);
  }

  function drawUnknown() {
    fill(facts, el("span.rate-text", {}, "Rate limit unknown"), el("small", {}, "not said by the API"));
  }

  place.classList.add("rate");
  fill(place, icon("gauge"), facts);
  drawUnknown();

  /** Answers may overtake each other: what has fewer left in the same minute is the later one. */
  const isLater = (next) => !shown || next.resetAt !== shown.resetAt || next.remaining <= shown.remaining;

  return function show(rateLimit, headers) {
    if (!rateLimit.known) {
      if (!shown) drawUnknown();
      return;
    }
    if (!isLater(rateLimit)) return;
    shown = rateLimit;
    clearInterval(timer);
    // Measured against the clock of the answer, so that a wrong clock here does no harm.
    const answeredAt = Date.parse(headers?.date ?? "") || Date.now();
    const endsAt = rateLimit.resetAt === undefined ? undefined : Date.now() + rateLimit.resetAt - answeredAt;
    draw({ ...rateLimit, endsAt });
    if (endsAt !== undefined) timer = setInterval(() => draw({ ...rateLimit, endsAt }), 1000);
  };
}
