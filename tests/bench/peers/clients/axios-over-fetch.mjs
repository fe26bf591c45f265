import { createClient as createAxios } from "./axios.mjs";

/** By itself axios uses Node's own `http` in place of `fetch`. */
export const createClient = (configuration) => createAxios(configuration, { adapter: "fetch" });
