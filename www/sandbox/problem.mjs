import { PROBLEM_JSON } from "./media-types.mjs";

const titles = {
  400: "Bad request",
  401: "Not authenticated",
  403: "Not permitted",
  404: "Not found",
  405: "Method not allowed",
  406: "Not acceptable",
  409: "Conflict",
  413: "Request body too large",
  415: "Unsupported media type",
  429: "Rate limit reached",
  500: "Internal error",
  502: "Bad gateway",
  503: "Service unavailable",
  504: "Gateway timeout",
};

export const titleOf = (status) => titles[status] ?? "Error";

/** An answer that is not a success. Thrown wherever it is noticed, turned into a result in one place. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {string} detail
   * @param {{ title?: string, errors?: object[], headers?: Record<string, string>, body?: object }} more `body`
   *   replaces the usual one
   */
  constructor(status, detail, { title = titleOf(status), errors, headers = {}, body } = {}) {
    super(detail);
    Object.assign(this, { status, title, errors, headers, body });
  }

  /** @param {string} instance the path that was asked for */
  toResult(instance) {
    const { status, title, message: detail, errors, headers } = this;
    const body = this.body ?? { type: "about:blank", title, status, detail, instance, ...(errors && { errors }) };
    return { status, headers, mediaType: PROBLEM_JSON, body };
  }
}

/** The 400 that names the fields. */
export const invalid = (errors) =>
  new Problem(400, "Correct the fields that `errors` names.", { title: "The request has invalid fields", errors });

/** The 400 for one field, or 409 where the switch says so. */
export const conflict = (chosen, code, field, message) =>
  chosen === "conflict" ? new Problem(409, message) : invalid([{ code, field, message }]);

/** A success. The media type follows from what was accepted. */
export const hal = (status, body, headers = {}) => ({ status, headers, body });

/** What was created, at the address that it has from now on. */
export const created = ({ createAnswer }, body) =>
  createAnswer === "not-found" ? { status: 404 } : hal(201, body, { location: body._links.self.href });

export const noContent = () => ({ status: 204 });
