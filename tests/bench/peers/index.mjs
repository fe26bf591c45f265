/** Whom the package is compared with, by the names in the tables, and in their order. The first one is the reference. */

export const OURS = "thousandeyes-admin";

/**
 * A decoder exports `decoderOf(operation)`, which gives what makes a value of the bytes of that operation's answer, and
 * `asJson(value, operation)` where its value is not as the JSON was.
 */
export const decoders = {
  "JSON.parse": "json-parse.mjs",
  [OURS]: "thousandeyes-admin.mjs",
  ajv: "ajv.mjs",
  "zod 4": "zod.mjs",
  valibot: "valibot.mjs",
  "typescript-fetch": "typescript-fetch.mjs",
};

/** A client exports `createClient({ baseUrl, token, concurrency })`, which gives the calls or a promise of them. */
export const clients = {
  "bare fetch": "bare-fetch.mjs",
  [OURS]: "thousandeyes-admin.mjs",
  "openapi-fetch": "openapi-fetch.mjs",
  "openapi-fetch + zod": "openapi-fetch-zod.mjs",
  "typescript-fetch": "typescript-fetch.mjs",
  ky: "ky.mjs",
  axios: "axios.mjs",
  "axios over fetch": "axios-over-fetch.mjs",
};

/** What they need of npm. */
export const packages = ["ajv", "axios", "ky", "openapi-fetch", "valibot", "zod"];
