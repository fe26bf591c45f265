/** Finds the fields that an error is about, whoever found them: the package before sending, or the API. */
import { ApiTypeError, ApiValueError, BadRequestException } from "/pkg/index.js";

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * @returns {{ property?: string, index?: number, message: string }[]} empty where no field is to blame
 */
export function fieldErrorsOf(error) {
  if (!ApiTypeError.is(error) && !ApiValueError.is(error) && !BadRequestException.is(error)) return [];
  return error.fieldErrors.map(({ path: [property, index], message }) => ({
    property,
    index: typeof index === "number" ? index : undefined,
    message: sentence(message),
  }));
}
