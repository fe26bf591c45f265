import { mergeConfig } from "vitest/config";

import own from "./vitest.config.js";

// jsdom shows a page of the portal whose server forwards the calls.
export default mergeConfig(own, { test: { environmentOptions: { jsdom: { url: process.env.SITE } } } });
