import type { Sandbox, SandboxOptions } from "./sandbox.js";

export interface ServerOptions extends SandboxOptions {
  /** The port at 127.0.0.1. Default 0: any free one. */
  port?: number;
  /**
   * An SQLite file that keeps everything, also across a kill. Needs Node 22.13 or later, or the package
   * `node-sqlite3-wasm`. What the file holds already wins over `users`, `seed` and the dates that `now` gives.
   */
  data?: string;
}

export interface RunningSandbox {
  readonly sandbox: Sandbox;
  /** The address for a client, with its version: `http://127.0.0.1:8700/v7`. */
  readonly url: string;
  /** Ends at once: requests in flight lose their connection. */
  close(): Promise<void>;
}

/** Starts a sandbox that other processes reach over HTTP. Under Node only. */
export function startSandbox(options?: ServerOptions): Promise<RunningSandbox>;
