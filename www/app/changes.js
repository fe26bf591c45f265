/** What a form would send, and how it differs from what is there. Plain values, no page. */

const isEmpty = (value) => value === undefined || value === null || value.length === 0;

/**
 * The request for what a form holds. Whatever is there and the form leaves empty stays as it was said; what both lack is
 * left out, because empty and left out are two things to the API.
 * @param {string[]} properties of the request
 * @param {object} before the request that would change nothing; empty for something new
 * @param {object} values of the form
 */
export function requestOf(properties, before, values) {
  const entries = properties.map((name) => [name, isEmpty(values[name]) && isEmpty(before[name]) ? before[name] : values[name]]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The texts that change; one that is null is as good as none. */
export const textChanges = (properties, before, after) =>
  properties
    .map((property) => ({ property, from: before[property] ?? undefined, to: after[property] ?? undefined }))
    .filter(({ from, to }) => from !== to);

/** How a list of ids changes that is replaced as a whole; its order says nothing. */
export function listChange(from, to) {
  const [before, after] = [from ?? [], to ?? []];
  return {
    added: after.filter((id) => !before.includes(id)),
    removed: before.filter((id) => !after.includes(id)),
    kept: after.filter((id) => before.includes(id)),
  };
}

/** Whether an answer, as the request that would leave it as it is, holds all that was asked for. */
export const isDone = (request, answered, areEqual) => areEqual({ ...answered, ...request }, answered);

export const isChange = ({ added, removed }) => added.length > 0 || removed.length > 0;
