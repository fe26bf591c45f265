/** What the client declares: its models, and its operations as this sandbox routes and describes them. */
import declared from "./declared.json" with { type: "json" };

const METHODS = ["GET", "POST", "PUT", "DELETE"];

const parametersIn = (path) => path.split("{").length - 1;

/** Paths without parameters first: `/users/current` would also fit `/users/{id}`. */
export const inRoutingOrder = (operations) =>
  operations.toSorted(
    (one, other) =>
      parametersIn(one.path) - parametersIn(other.path) || METHODS.indexOf(one.method) - METHODS.indexOf(other.method),
  );
const inOrder = inRoutingOrder(declared.operations);

export const models = declared.schemas;
/** The classes of the client, one for each part of the API. */
export const apis = [...new Set(declared.operations.map(({ api }) => api))];
/** Lists of operations by path. */
export const operationsByPath = new Map(
  inOrder.map(({ path }) => [path, inOrder.filter((operation) => operation.path === path)]),
);
