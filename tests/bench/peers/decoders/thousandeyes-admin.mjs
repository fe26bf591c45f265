// No entry of the package exports how it decodes; this entry and its glue share their WebAssembly.
import "../../node_modules/thousandeyes-admin/inline.mjs";

export { decodeUsers as decode } from "../../node_modules/thousandeyes-admin/thousandeyes_admin.js";
