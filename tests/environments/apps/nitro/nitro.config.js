import nuxt from "./nuxt.config.js";

export default { compatibilityDate: "2026-01-01", ...nuxt.nitro };
