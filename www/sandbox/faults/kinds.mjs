import { DEFAULT_DRIFT, driftKinds } from "./drift.mjs";
import { errorBodies } from "./error-bodies.mjs";

const integer = (low, high) => ({
  accepts: (value) => Number.isSafeInteger(value) && value >= low && value <= high,
  says: `a whole number from ${low} to ${high}`,
});
const oneOf = (...values) => ({ accepts: (value) => values.includes(value), says: `one of ${values.join(", ")}` });
const someOf = (...values) => ({
  accepts: (value) => Array.isArray(value) && value.every((item) => values.includes(item)),
  says: `some of ${values.join(", ")}`,
});
const when = { default: "before", ...oneOf("before", "after") };

/**
 * The kinds of faults with their parameters. One that `replaces` the answer excludes every other of that sort; the
 * rest combine.
 */
export const faultKinds = {
  latency: {
    help: "waits first, and by chance up to jitter longer",
    parameters: {
      ms: { default: 250, ...integer(0, 600_000) },
      jitter: { default: 0, ...integer(0, 600_000) },
    },
  },
  "too-many-requests": {
    help: "429, not executed; the reset is so many seconds away, written as a date, as that number, or not at all",
    replaces: true,
    parameters: {
      resetIn: { default: 1, ...integer(0, 3600) },
      reset: { default: "epoch", ...oneOf("epoch", "relative", "none") },
      retryAfter: { default: undefined, ...integer(0, 3600) },
    },
  },
  error: {
    help: "an answer of this status and shape, before or after the request is executed",
    replaces: true,
    parameters: {
      status: { default: 503, ...integer(200, 599) },
      body: { default: "problem", ...oneOf(...Object.keys(errorBodies)) },
      when,
    },
  },
  "not-found": {
    help: "404 without a body although the request was executed",
    replaces: true,
    parameters: {},
  },
  "cut-body": { help: "executed, but the answer breaks off half-way", replaces: true, parameters: {} },
  "connection-reset": {
    help: "no answer, before or after the request is executed",
    replaces: true,
    parameters: { when },
  },
  hang: {
    help: "no answer and no end, before or after the request is executed",
    replaces: true,
    parameters: { when },
  },
  drift: {
    help: "answers look as in version 6",
    parameters: {
      kinds: { default: DEFAULT_DRIFT, ...someOf(...Object.keys(driftKinds)) },
      every: { default: 1, ...integer(1, 1_000_000) },
    },
  },
  "hidden-rate-limit": { help: "without the headers of the rate limit", parameters: {} },
};

const count = { default: 1, ...integer(1, 1_000_000_000) };
const share = {
  accepts: (value) => typeof value === "number" && value > 0 && value <= 1,
  says: "a number above 0 and up to 1",
};
/** A name that nobody looks at would match everything, and a method in small letters nothing. */
const isMatch = ([name, value]) =>
  typeof value === "string" && (name === "path" || (name === "method" && value === value.toUpperCase()));
const match = {
  accepts: (value) => typeof value === "object" && value !== null && Object.entries(value).every(isMatch),
  says: "an object with a method in capital letters, a path, or both",
};

/** What every kind takes as well. */
export const commonParameters = {
  count: { help: "the next so many requests; 1 unless share is given", ...count },
  share: { help: "that share of the requests, chosen by the seeded generator", ...share },
  match: { help: "only requests of this method, or of this path or path template below the version", ...match },
};

function requireValid(name, spec, value) {
  if (!spec.accepts(value)) throw new TypeError(`The fault parameter ${name} must be ${spec.says}.`);
}

/**
 * A fault as asked for, checked and filled up with the defaults.
 * @param {Record<string, unknown>} given
 */
export function resolveFault(given) {
  const { fault, ...parameters } = given ?? {};
  if (!Object.hasOwn(faultKinds, fault ?? "")) {
    throw new TypeError(`The fault must be one of ${Object.keys(faultKinds).join(", ")}.`);
  }
  const known = { ...faultKinds[fault].parameters, ...commonParameters };
  for (const [name, value] of Object.entries(parameters)) {
    if (!Object.hasOwn(known, name)) {
      throw new TypeError(`The fault ${fault} has no parameter ${name}; it has ${Object.keys(known).join(", ")}.`);
    }
    requireValid(name, known[name], value);
  }
  const defaults = Object.fromEntries(
    Object.entries(faultKinds[fault].parameters).map(([name, spec]) => [name, spec.default]),
  );
  const times = parameters.share === undefined ? { count: count.default } : {};
  return { fault, ...defaults, ...times, ...parameters };
}
