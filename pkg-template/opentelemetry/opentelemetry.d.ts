import type { MeterProvider, TracerProvider } from "@opentelemetry/api";
import type { Configuration } from "../index.js";

/** Where spans and metrics go. */
export interface InstrumentOptions {
  /** Default: the global one, as it is when a call begins. */
  tracerProvider?: TracerProvider | undefined;
  /** Default: the global one, as it is when a call begins. */
  meterProvider?: MeterProvider | undefined;
}

/**
 * Adds spans and metrics to the configuration of a client: `new ApiClient(instrument({ accessToken }))`. The configuration's own
 * hooks and `fetch` stay; they run with the span active that is about them.
 *
 * Each call is a span below the active one, named such as `GET /users/{id}`; each of its requests is a span below that, which is
 * active while `fetch` is called. Attributes are those of the HTTP semantic conventions, but in `url.full` the template stands in
 * place of the path, without a query. No e-mail address, id, header, body or message is in any of it; of an error there are its
 * class and its `code`.
 *
 * Metrics are `http.client.request.duration`, in seconds, and `thousandeyes.rate_limit.remaining`: what the last answer said is
 * left of the window of the rate limit, and when that is over, the limit.
 *
 * @returns a configuration; the one that is given stays as it is. One may serve several clients.
 */
export function instrument(configuration?: Configuration, options?: InstrumentOptions): Configuration;
