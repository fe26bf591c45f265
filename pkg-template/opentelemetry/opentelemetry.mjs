/**
 * Spans and metrics of a client's calls. All that they say comes from the events of the hooks, and of those nothing that could
 * be a person's: no path, no error but its class and its code.
 */
import { SpanKind, SpanStatusCode, context, metrics, trace } from "@opentelemetry/api";

const SCOPE = ["thousandeyes-admin", "0.0.0"];
const DEFAULT_HOST = "https://api.thousandeyes.com/v7";

/** In seconds, as the semantic conventions have them. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Milliseconds of a window of the rate limit. */
const WINDOW = 60_000;

export function instrument(configuration = {}, { tracerProvider, meterProvider } = {}) {
  const server = serverOf(configuration.host);
  // Providers are asked for at each call: an SDK may be started after the client is made.
  const tracer = () => (tracerProvider ?? trace.getTracerProvider()).getTracer(...SCOPE);
  const meters = () => metersOf(meterProvider ?? metrics.getMeterProvider());
  const calls = new Map();
  const hooks = {
    onCallStart: (event) => calls.set(event.callId, new Call(event, server, tracer(), meters())),
    onRequest: ({ callId, attempt }) => calls.get(callId)?.begin(attempt),
    onResponse: ({ callId, ...answer }) => calls.get(callId)?.answer(answer),
    onRetry: ({ callId, error }) => calls.get(callId)?.attempt?.end({ error }),
    onRateLimit: () => {},
    onCallEnd: (event) => calls.get(event.callId)?.end(event),
  };

  /** Ours, then the configuration's own, in which the span is active. */
  function both(name) {
    const own = configuration[name];
    // The client says what is wrong with it.
    if (own !== undefined && typeof own !== "function") return own;
    return (event) => {
      quietly(hooks[name], event);
      const call = calls.get(event.callId);
      if (name === "onCallEnd") calls.delete(event.callId);
      const given = own && context.with(call?.active ?? context.active(), quietly, undefined, own, event);
      if (name !== "onRequest" || !call?.attempt) return given;
      const { attempt } = call;
      return (send) => attempt.send(typeof given === "function" ? () => given(send) : send);
    };
  }

  const added = Object.keys(hooks).map((name) => [name, { value: both(name), enumerable: true, configurable: true, writable: true }]);
  // As it is, so that the client refuses what it refuses otherwise, such as an instance of a class.
  const all = { ...Object.getOwnPropertyDescriptors(configuration), ...Object.fromEntries(added) };
  return Object.create(Object.getPrototypeOf(configuration), all);
}

/** Calls a hook. What it throws or rejects with changes nothing. */
function quietly(hook, event) {
  try {
    const given = hook(event);
    Promise.resolve(given).catch(() => {});
    return given;
  } catch {
    return undefined;
  }
}

class Call {
  constructor({ operation, method, template }, { base, ...server }, tracer, meters) {
    const attributes = { "http.request.method": method, ...server, ...(template && { "url.template": template }) };
    const full = base && { "url.full": `${base}${template ?? "/{path}"}` };
    Object.assign(this, { tracer, meters, attributes, server });
    this.name = [method, template].filter(Boolean).join(" ");
    this.spanAttributes = { ...attributes, ...full };
    const given = { ...this.spanAttributes, "thousandeyes.operation": operation };
    const parent = context.active();
    this.span = tracer.startSpan(this.name, { kind: SpanKind.INTERNAL, attributes: given }, parent);
    this.context = trace.setSpan(parent, this.span);
  }

  /** The context of the attempt under way, or else of the call. */
  get active() {
    return this.attempt?.isOver === false ? this.attempt.context : this.context;
  }

  begin(number) {
    this.attempt = new Attempt(this, number);
  }

  answer({ status, rateLimit, rateLimitKey }) {
    this.attempt?.end({ status });
    if (!rateLimit.known) return;
    const window = { ...this.server, ...(rateLimitKey && { "thousandeyes.rate_limit.key": rateLimitKey }) };
    this.meters.tellRemaining(window, rateLimit);
  }

  end({ attempts, queued, outcome, error }) {
    // What a hook aborted is no attempt: nothing was sent.
    if (this.attempt?.number > attempts) this.attempt.drop();
    this.attempt?.end({ error });
    const { span } = this;
    span.setAttributes({ "thousandeyes.attempts": attempts, "thousandeyes.queued": queued / 1000 });
    if (outcome !== undefined) {
      const said = wordsOf(error);
      span.setAttributes({ "thousandeyes.outcome": outcome, "error.type": typeOf(said) });
      recordException(span, said);
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
  }
}

class Attempt {
  isOver = false;
  #began = performance.now();
  constructor(call, number) {
    const resent = number > 1 && { "http.request.resend_count": number - 1 };
    const options = { kind: SpanKind.CLIENT, attributes: { ...call.spanAttributes, ...resent } };
    Object.assign(this, { call, number });
    this.span = call.tracer.startSpan(call.name, options, call.context);
    this.context = trace.setSpan(call.context, this.span);
  }

  /** Sends the request with the span active. */
  async send(send) {
    try {
      return await context.with(this.context, send);
    } catch (error) {
      if (!this.isOver) recordException(this.span, wordsOf(error));
      throw error;
    }
  }

  /** There was no request. A span that does not end is told to nobody. */
  drop() {
    this.isOver = true;
  }

  /** There is an answer, or an error in its place. */
  end({ status, error }) {
    if (this.isOver) return;
    this.isOver = true;
    const isFailure = status === undefined || status >= 400;
    const ended = {
      // A browser hides the status of a redirect.
      ...(status > 0 && { "http.response.status_code": status }),
      ...(isFailure && { "error.type": status === undefined ? typeOf(wordsOf(error)) : `${status}` }),
    };
    const { attributes, meters } = this.call;
    meters.duration.record((performance.now() - this.#began) / 1000, { ...attributes, ...ended }, this.context);
    this.span.setAttributes(ended);
    if (isFailure) this.span.setStatus({ code: SpanStatusCode.ERROR });
    this.span.end();
  }
}

/** The meters of each provider. */
const known = new WeakMap();

function metersOf(provider) {
  if (!known.has(provider)) known.set(provider, makeMeters(provider.getMeter(...SCOPE)));
  return known.get(provider);
}

function makeMeters(meter) {
  const duration = meter.createHistogram("http.client.request.duration", {
    description: "Duration of HTTP client requests.",
    unit: "s",
    advice: { explicitBucketBoundaries: BUCKETS },
  });
  const remaining = meter.createObservableGauge("thousandeyes.rate_limit.remaining", {
    description: "Requests left in this window of the organisation's rate limit, by the last answer.",
    unit: "{request}",
  });
  const windows = new Map();
  let dropped = performance.now();
  remaining.addCallback((result) => {
    const now = performance.now();
    for (const [key, told] of windows) {
      // A new window of which no answer came yet is taken to be whole. To tell nothing at once would not do: an SDK may go on
      // telling the last value.
      const isOver = now >= told.end;
      result.observe(isOver ? told.limit : told.remaining, told.window);
      told.isToldWhole = isOver;
      if (isUnused(told, now)) windows.delete(key);
    }
  });
  /** Also where no SDK collects. What it was told last must be a whole window, though. */
  const dropUnused = (now) => {
    if (now < dropped + WINDOW) return;
    dropped = now;
    for (const [key, told] of windows) if (isUnused(told, now) && told.isToldWhole) windows.delete(key);
  };
  const tellRemaining = (window, { remaining, limit, resetAt }) => {
    const ahead = resetAt - Date.now();
    // By the server's clock; where the local one differs by that much, the window is over in a minute at most.
    const rest = ahead > 0 && ahead < WINDOW ? ahead : WINDOW;
    const [key, now] = [JSON.stringify(window), performance.now()];
    dropUnused(now);
    const { isToldWhole = true } = windows.get(key) ?? {};
    windows.set(key, { window, remaining, limit, end: now + rest, isToldWhole });
  };
  return { duration, tellRemaining };
}

/** Of a window that is over, and of two more since, nobody has heard anything: such a key is not in use. */
const isUnused = ({ end }, now) => now >= end + 2 * WINDOW;

/** What is known of where requests go; `base` is what comes before the template. */
function serverOf(host = DEFAULT_HOST) {
  const { document, location } = globalThis;
  try {
    const { origin, protocol, hostname, port, pathname } = new URL(host, document?.baseURI ?? location?.href);
    const usual = protocol === "https:" ? 443 : 80;
    return { base: origin + pathname.replace(/\/+$/, ""), "server.address": hostname, "server.port": Number(port) || usual };
  } catch {
    // A path outside of a page, or what the client refuses.
    return {};
  }
}

/**
 * The class and the code of an error, such as TimeoutException and timeout, or TypeError and ECONNREFUSED. Whatever else there
 * is could be data: messages, stacks, bodies, and the reasons of signals, which may be anything.
 */
function wordsOf(error) {
  try {
    const isError = /^\[object (?:Error|DOMException)\]$/.test(Object.prototype.toString.call(error));
    return isError ? { name: word(error.name), code: word(codeOf(error)) } : {};
  } catch {
    return {};
  }
}

/** What `fetch` rejects with has its code behind it. */
function codeOf(error) {
  for (let depth = 0; error && depth < 8; depth += 1, error = error.cause) {
    if (typeof error.code === "string") return error.code;
  }
  return undefined;
}

/** Programs write such words for classes and codes. No address, no name of a person with a space, no id has this form. */
function word(text) {
  return typeof text === "string" && /^(?!.*\d{3})[a-z][\w-]{0,63}$/i.test(text) ? text : undefined;
}

const typeOf = ({ name, code }) => code ?? name ?? "_OTHER";

function recordException(span, { name, code }) {
  span.addEvent("exception", { "exception.type": name ?? "_OTHER", ...(code && { "thousandeyes.error.code": code }) });
}
