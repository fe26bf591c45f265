// What the subpath for OpenTelemetry takes and gives; only compiled.
import { metrics, trace } from "@opentelemetry/api";
import { ApiClient, UsersApi } from "thousandeyes-admin";
import type { RequestEvent } from "thousandeyes-admin";
import { instrument } from "thousandeyes-admin/opentelemetry";
import type { InstrumentOptions } from "thousandeyes-admin/opentelemetry";

const options: InstrumentOptions = { tracerProvider: trace.getTracerProvider(), meterProvider: metrics.getMeterProvider() };
export const clients = [
  new ApiClient(instrument()),
  new ApiClient(instrument({ host: "/te-api/v7", onRequest: (event) => console.assert(event.attempt > 0) }, options)),
  new ApiClient(instrument({ accessToken: async () => "token" }, { tracerProvider: undefined })),
];
export const users = new UsersApi(instrument({ fetch: (url, init) => fetch(url, init) }));

// Hooks of a request may send it, or give whatever they like.
const events: RequestEvent[] = [];
export const hooks = [
  new ApiClient({ onRequest: () => async (send: () => Promise<unknown>) => send() }),
  new ApiClient({ onRequest: (event) => events.push(event) }),
  new ApiClient({ onResponse: ({ rateLimit }) => console.assert(rateLimit.known), onRetry: ({ error }) => console.warn(error) }),
];

// @ts-expect-error There is no such setting.
instrument({ hosts: "/te-api/v7" });
// @ts-expect-error A tracer is no provider of tracers.
instrument({}, { tracerProvider: trace.getTracer("mine") });
