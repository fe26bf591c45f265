/** A proxy before the API, for servers: it adds the token, which no page may know, to requests of a portal's own pages. */

type Platform<Name extends string> = typeof globalThis extends Record<Name, { prototype: infer T }> ? T : never;
type WebRequest = Platform<"Request">;
type WebResponse = Platform<"Response">;

/** The operations that read. All of them are allowed unless `allow` says otherwise. */
export type ReadOperation ={{reads}};

/** The operations that write. Each is allowed by its name alone. */
export type WriteOperation ={{writes}};

/** What a page asks for. It was parsed once: the request that goes to the API is made of this, and of nothing else. */
export interface ProxiedCall {
  /** The operation, by the name of the client's method. */
  readonly operation: ReadOperation | WriteOperation;
  /** The method. */
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** The `id` of the path, and the parameters of the query but `aid`, each with a value of its documented form. */
  readonly params: Readonly<Record<string, string>>;
  /** The account group that the page asks for; undefined stands for that of the token's owner. */
  readonly aid: string | undefined;
}

/** Whom a call is made for. */
export interface Grant {
  /** The token for this one call. */
  accessToken: string;
  /**
   * The account group, in place of the page's, for the operations that take one; `useAllPermittedAids` is refused beside
   * it. It chooses and does not confine: what a page can reach is what the token can reach, and `allow`.
   */
  aid?: string | number | undefined;
}

/** What `createProxy` is told. */
export interface ProxyOptions {
  /**
   * Where the pages are that call the proxy, such as `"https://portal.example"`; a list if there are several such places.
   * A request whose `Host` is none of these is refused, and so is a write of another `Origin`. A server before the proxy
   * must leave both as they are.
   */
  origin: string | readonly string[];
  /**
   * Says who may do what: `false` for nobody (403), `true` for the token of the options, or a token for this call. What it
   * throws, the handler rejects with. To look at the body, read that of `request.clone()`: beyond `bodyLimit` that rejects, and
   * whatever becomes of it the answer is 413. A request with a body is a plain copy of the one that came.
   */
  authorize: (request: WebRequest, call: ProxiedCall) => boolean | Grant | Promise<boolean | Grant>;
  /**
   * The whole path where the proxy is, without a slash at its end: what the client in the page has as `host`. Default
   * `"/te-api/v7"`.
   */
  basePath?: string | undefined;
  /** The API, with its version. Default `"https://api.thousandeyes.com/v7"`. Plain http is taken on this machine only. */
  host?: string | undefined;
  /** The token where `authorize` gives `true`, or a function that is asked for it at each call. */
  accessToken?: string | (() => string | Promise<string>) | undefined;
  /** The operations that are forwarded, by name. Default: `readOperations`. */
  allow?: readonly (ReadOperation | WriteOperation)[] | undefined;
  /** The bytes that the body of a request may have. Default 1 MiB. A longer one is answered with 413. */
  bodyLimit?: number | undefined;
  /** The bytes that an answer of the API may have. Default 100 MiB. A longer one breaks off. */
  answerLimit?: number | undefined;
  /**
   * Milliseconds from the arrival of a request to the last byte of its answer. Default 30000, as the client has for an
   * attempt: raise both.
   */
  timeout?: number | undefined;
  /** Used in place of the global `fetch`, and called like it: for a proxy of your network, or the sandbox. */
  fetch?: ((address: string, init: FetchInit) => Promise<WebResponse>) | undefined;
}

/** What `fetch` is called with. */
export interface FetchInit {
  /** The method. */
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** All header fields. */
  headers: Record<string, string>;
  /** JSON, where there is a body. */
  body?: string;
  /** Redirects are not followed. */
  redirect: "manual";
  /** Aborts when the client has gone, or the time is up. */
  signal: Platform<"AbortSignal">;
  /** Nothing is kept. Missing where the platform does not know it. */
  cache?: "no-store";
}

/** What the proxy reads of a request of `node:http`, or of Express. */
export interface NodeRequest extends AsyncIterable<unknown> {
  method?: string | undefined;
  url?: string | undefined;
  httpVersionMajor?: number | undefined;
  /** Of HTTP/2 alone. */
  stream?: { endAfterHeaders: boolean } | undefined;
  rawHeaders: string[];
  complete: boolean;
  readableDidRead: boolean;
  destroy(): unknown;
}

/** What the proxy does with a response of `node:http`, or of Express. */
export interface NodeResponse {
  statusCode: number;
  headersSent: boolean;
  destroyed: boolean;
  writableFinished: boolean;
  setHeader(name: string, value: string): unknown;
  write(part: Uint8Array): boolean;
  end(): unknown;
  destroy(): unknown;
  on(event: "close" | "drain", listener: () => void): unknown;
  off(event: "close" | "drain", listener: () => void): unknown;
}

/** Answers a request: for Hono, Next.js, Cloudflare Workers, Deno, Bun, and whatever else knows the web's standards. */
export type WebHandler = (request: WebRequest) => Promise<WebResponse>;

/** Answers a request of `node:http`, or of Express. */
export type NodeHandler = (
  request: NodeRequest,
  response: NodeResponse,
  next?: (error?: unknown) => void,
) => Promise<void>;

/** The names of all operations that read, to be added to: `allow: [...readOperations, "updateUser"]`. */
export const readOperations: readonly ReadOperation[];

/**
 * Makes a handler that forwards the operations of the API that a page calls, with the token and with nothing else of the
 * request: no cookie, no header, no other path. The handler answers refusals with a problem document, which the client reads;
 * it rejects only with what `authorize` or `accessToken` threw, or where these gave what is no answer.
 *
 * @throws {TypeError} when an option is missing, wrong or not known
 */
export function createProxy(options: ProxyOptions): WebHandler;

/**
 * The same handler for `node:http` and Express. It needs the body as it comes: mount it before `express.json()`. What the
 * handler rejects with goes to `next`, or without that to `console.error`, and is answered with 500.
 */
export function toNodeHandler(proxy: WebHandler): NodeHandler;
