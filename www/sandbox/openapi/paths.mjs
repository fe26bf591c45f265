/** The operations of the description, and every status that each of them may have. */
import { HAL_JSON, JSON_TYPE, PROBLEM_JSON } from "../media-types.mjs";
import { operationsByPath } from "./operations.mjs";
import { asked, ref, requestOf } from "./schemas.mjs";

const rateLimitHeaders = {
  "X-Organization-Rate-Limit-Limit": "How many requests the organization has in a window.",
  "X-Organization-Rate-Limit-Remaining": "How many are left.",
  "X-Organization-Rate-Limit-Reset": "When the window ends, in seconds since 1970.",
};

const id = { type: "string", minLength: 1 };
const idInPath = { name: "id", in: "path", description: "The id.", required: true, schema: id };

const queryParameter = (declared, options) => ({
  name: declared.name,
  in: "query",
  description: declared.description,
  required: false,
  schema: asked(declared.schema, options),
  ...(declared.schema.type === "array" && { style: "form", explode: false }),
});

const header = (description, schema) => ({ description, required: true, schema });
const content = (schema, ...types) => ({ content: Object.fromEntries(types.map((type) => [type, { schema }])) });

/** What can be done next with what was created: the other operations at its own path. */
function linksTo(path, model) {
  const id = { CreatedUser: "uid", CreatedAccountGroup: "aid", RoleDetail: "roleId" }[model];
  return Object.fromEntries(
    operationsByPath.get(`${path}/{id}`).map(({ operationId }) => [
      operationId,
      { operationId, parameters: { id: `$response.body#/${id}` } },
    ]),
  );
}

/** Which operations may find that what they are to do does not go together with what is there, by the switches. */
function mayConflict({ operationId }, { duplicateEmail, duplicateName, roleInUse, accountGroupInUse }) {
  const decides = {
    createUser: duplicateEmail,
    updateUser: duplicateEmail,
    createAccountGroup: duplicateName,
    updateAccountGroup: duplicateName,
    createRole: duplicateName,
    updateRole: duplicateName,
    deleteRole: roleInUse,
    deleteAccountGroup: accountGroupInUse,
  };
  return decides[operationId] === "conflict";
}

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
    413: problem("The body is too long."),
    415: problem("The body is of another media type, or encoded."),
  };
  const conflict = { 409: problem("It would not go together with what is there.") };

  function success({ method, path, answer, status }) {
    if (!answer) return { [status]: response("Done.") };
    const description = method === "POST" ? "It was created." : "Here it is.";
    const body = content(ref(answer), HAL_JSON, JSON_TYPE);
    if (method !== "POST") return { [status]: response(description, body) };
    if (options.createAnswer === "not-found") return {};
    const location = header("The address of what was created.", { type: "string", format: "uri" });
    const more = { headers: { Location: location }, links: linksTo(path, answer) };
    return { [status]: response(description, { ...body, ...more }) };
  }

  return function describe(operation) {
    const { operationId, api, summary, permissions, query, body, method } = operation;
    const isSilent = method === "POST" && options.createAnswer === "not-found";
    return {
      operationId,
      tags: [api],
      summary,
      ...(permissions && { description: `Needs ${permissions}.` }),
      parameters: query.map((declared) => queryParameter(declared, options)),
      ...(body && { requestBody: { required: true, ...content(ref(requestOf(operation, options).name), JSON_TYPE) } }),
      responses: {
        ...success(operation),
        ...always,
        ...(isSilent && { 404: response("It was created all the same.") }),
        ...(body && withBody),
        ...(mayConflict(operation, options) && conflict),
      },
    };
  };
}

/** @param {Record<string, unknown>} options of the sandbox */
export function paths(options) {
  const describe = describeWith(options);
  return Object.fromEntries(
    [...operationsByPath].map(([path, operations]) => [
      path,
      {
        ...(path.includes("{id}") && { parameters: [idInPath] }),
        ...Object.fromEntries(operations.map((operation) => [operation.method.toLowerCase(), describe(operation)])),
      },
    ]),
  );
}
