/** Finds the field that an error is about, whoever found it: the package before sending, or the API. */
import { ApiTypeError, ApiValueError, BadRequestException } from "/pkg/index.js";

/** `userRequest.accountGroupRoles[0].roleIds` → `["accountGroupRoles", "0", "roleIds"]` */
const segmentsOf = (path = "") => path.replace(/^userRequest\.?/, "").split(/[.[\]]+/).filter(Boolean);

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * @returns {{ property?: string, index?: number, message: string }[]} empty where no field is to blame
 */
export function fieldErrorsOf(error) {
  if (ApiTypeError.is(error) || ApiValueError.is(error)) {
    // The message begins with the path, which is no name for a person.
    return [entry(error.path, sentence(error.message.replace(error.path, "").trim()))];
  }
  if (!BadRequestException.is(error)) return [];
  return error.fieldErrors.map(({ field, code, message }) => entry(field, message ?? `Not accepted (${code}).`));
}

function entry(path, message) {
  const [property, index] = segmentsOf(path);
  return { property, index: /^\d+$/.test(index ?? "") ? Number(index) : undefined, message };
}
