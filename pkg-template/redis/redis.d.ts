import type { RateLimitStore } from "thousandeyes-admin";

/** What is used of a client of the npm package `redis`; one of a cluster will do as well. */
export interface RedisClient {
  /** Whether it is connected. */
  readonly isReady?: boolean;
  /** Runs a script. */
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** How the window is kept. */
export interface RedisStoreOptions {
  /** What the names of the keys in Redis begin with; the `rateLimitKey` follows. Default `"thousandeyes-admin:rate-limit:"`. */
  prefix?: string | undefined;
}

/**
 * A `rateLimitStore` in Redis or Valkey: all processes that use it with the same `rateLimitKey` share one rate limit. It needs
 * Redis 5 or later. Each key is one hash of counts and times, changed by one script, and expires after two windows.
 *
 * Connect the client before, and listen to its `error` events, as the package `redis` asks for. While it is not connected,
 * each process keeps to its share of the limit.
 */
export function redisStore(client: RedisClient, options?: RedisStoreOptions): RateLimitStore;
