// No entry of the package exports how it decodes; this entry and its glue share their WebAssembly.
import "../../node_modules/thousandeyes-admin/inline.mjs";

import { decode, numberOf } from "../../node_modules/thousandeyes-admin/thousandeyes_admin.js";

export function decoderOf(operation) {
  const number = numberOf(operation);
  return (bytes) => decode(bytes, number);
}
