import type { RateLimitStore } from "thousandeyes-admin";

/** How the tabs find each other. */
export interface TabStoreOptions {
  /** What the names of the channel and of the lock begin with; the `rateLimitKey` follows. Default `"thousandeyes-admin:rate-limit:"`. */
  name?: string | undefined;
}

/**
 * A `rateLimitStore` for pages: all tabs of one origin that use it with the same `rateLimitKey` share one rate limit. One tab,
 * which holds a lock of `navigator.locks`, decides for all; when it is closed, another one does.
 *
 * Where a browser lacks BroadcastChannel or `navigator.locks` (a page without HTTPS does), each tab counts for itself. The
 * messages hold counts and times, and neither tokens nor data. Any script of the origin can send some: it could make the calls
 * wait, or go too early, but no more.
 */
export function tabStore(options?: TabStoreOptions): RateLimitStore;
