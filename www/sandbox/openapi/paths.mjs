/** The operations of the description, and every status that each of them may have. */
import { HAL_JSON, JSON_TYPE, PROBLEM_JSON } from "../media-types.mjs";
import { ref } from "./schemas.mjs";

const parameter = (name, place, description, schema = { type: "string" }, more = {}) => ({
  name,
  in: place,
  description,
  required: place === "path",
  schema,
  ...more,
});
const idInPath = (whose) => parameter("id", "path", `The id of ${whose}.`, { type: "string", minLength: 1 });
const aid = parameter("aid", "query", "The account group that the request is about; by default the one the owner signs in to.");
const expand = parameter(
  "expand",
  "query",
  "What to add, separated by commas.",
  { type: "array", items: { type: "string", enum: ["user", "agent"] } },
  { style: "form", explode: false },
);

const rateLimitHeaders = {
  "X-Organization-Rate-Limit-Limit": "How many requests the organization has in a window.",
  "X-Organization-Rate-Limit-Remaining": "How many are left.",
  "X-Organization-Rate-Limit-Reset": "When the window ends, in seconds since 1970.",
};

const header = (description, schema) => ({ description, required: true, schema });
const content = (schema, ...types) => ({ content: Object.fromEntries(types.map((type) => [type, { schema }])) });

function describeWith(options) {
  const everywhere = {
    Date: header("When this was answered.", { type: "string" }),
    ...(options.rateLimit > 0 &&
      Object.fromEntries(
        Object.entries(rateLimitHeaders).map(([name, text]) => [name, header(text, { type: "integer", minimum: 0 })]),
      )),
  };

  const response = (description, more = {}) => ({ description, ...more, headers: { ...everywhere, ...more.headers } });
  const problem = (description, schema = ref("Error")) => response(description, content(schema, PROBLEM_JSON));
  const success = (description, name, more = {}) =>
    response(description, { ...content(ref(name), HAL_JSON, JSON_TYPE), ...more });

  const always = {
    400: problem("The request is wrong.", ref("ValidationError")),
    401: problem("No token, or a wrong one.", { anyOf: [ref("UnauthorizedError"), ref("MissingTokenError")] }),
    403: problem("The token's owner may not do this, or not in this account group."),
    404: problem("There is no such thing."),
    406: problem("None of the accepted media types can be had."),
    429: problem("The organization has used up its window. Nothing was done."),
    500: problem("A mistake in the sandbox, or a fault that was asked for."),
    502: problem("A fault that was asked for."),
    503: problem("A fault that was asked for."),
  };
  const withBody = {
    ...(options.duplicateEmail === "conflict" && { 409: problem("Another user has this e-mail address.") }),
    413: problem("The body is too long."),
    415: problem("The body is of another media type, or encoded."),
  };

  const operation = (operationId, tag, summary, parameters, responses) => ({
    operationId,
    tags: [tag],
    summary,
    parameters,
    responses: { ...responses, ...always },
  });
  const writing = (name, described) => ({
    ...described,
    requestBody: { required: true, ...content(ref(name), JSON_TYPE) },
    responses: { ...described.responses, ...withBody },
  });
  return { response, success, operation, writing };
}

/** What can be done next with a user who was created. */
const links = Object.fromEntries(
  ["getUser", "updateUser", "deleteUser"].map((operationId) => [
    operationId,
    { operationId, parameters: { id: "$response.body#/uid" } },
  ]),
);

/** @param {Record<string, unknown>} options of the sandbox */
export function paths(options) {
  const { response, success, operation, writing } = describeWith(options);

  const location = header("The address of the new user.", { type: "string", format: "uri" });
  const createUser = writing(
    "NewUser",
    operation("createUser", "Users", "Create a user", [aid], {
      201: success("The user was created.", "CreatedUser", { headers: { Location: location }, links }),
    }),
  );
  if (options.createAnswer === "not-found") {
    delete createUser.responses[201];
    createUser.responses[404] = response("The user was created all the same.");
  }

  return {
    "/users": {
      get: operation("getUsers", "Users", "List the users of the organization", [aid], {
        200: success("The users.", "Users"),
      }),
      post: createUser,
    },
    "/users/current": {
      get: operation("getCurrentUser", "Users", "Read the owner of the token", [], {
        200: success("The user.", "UserDetail"),
      }),
    },
    "/users/{id}": {
      parameters: [idInPath("a user")],
      get: operation("getUser", "Users", "Read a user", [aid], { 200: success("The user.", "UserDetail") }),
      put: writing(
        "UserChanges",
        operation("updateUser", "Users", "Change a user", [aid], { 200: success("The changed user.", "UserDetail") }),
      ),
      delete: operation("deleteUser", "Users", "Delete a user", [aid], { 204: response("The user is gone.") }),
    },
    "/account-groups": {
      get: operation("getAccountGroups", "Account groups", "List the account groups of the token's owner", [], {
        200: success("The account groups.", "AccountGroups"),
      }),
    },
    "/account-groups/{id}": {
      parameters: [idInPath("an account group")],
      get: operation("getAccountGroup", "Account groups", "Read an account group", [expand], {
        200: success("The account group.", "AccountGroupDetail"),
      }),
    },
    "/roles": {
      get: operation("getRoles", "Roles", "List the roles", [aid], { 200: success("The roles.", "Roles") }),
    },
    "/roles/{id}": {
      parameters: [idInPath("a role")],
      get: operation("getRole", "Roles", "Read a role and its permissions", [aid], {
        200: success("The role.", "RoleDetail"),
      }),
    },
    "/permissions": {
      get: operation("getPermissions", "Permissions", "List what roles can permit", [aid], {
        200: success("The permissions.", "Permissions"),
      }),
    },
  };
}
