import { apis } from "./operations.mjs";
import { paths } from "./paths.mjs";
import { schemas } from "./schemas.mjs";

/**
 * What this sandbox serves, as OpenAPI 3.1: with its switches, and at the address that was asked.
 * @param {Record<string, unknown>} options of the sandbox
 * @param {string} server the address of the version, such as `http://127.0.0.1:8700/v7`
 */
export const describe = (options, server) => ({
  openapi: "3.1.0",
  info: {
    title: "ThousandEyes sandbox",
    version: "7",
    description:
      "An invented organization with its users, account groups, roles and activity log: a stand-in for the " +
      "administrative API of ThousandEyes, for development and tests. Not by Cisco or ThousandEyes.",
    license: { name: "Apache-2.0", identifier: "Apache-2.0" },
  },
  servers: [{ url: server }],
  tags: apis.map((name) => ({ name })),
  security: [{ token: [] }],
  paths: paths(options),
  components: {
    securitySchemes: { token: { type: "http", scheme: "bearer", description: "One of the tokens printed at start." } },
    schemas: schemas(options),
  },
});
