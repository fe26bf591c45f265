import nextJest from "next/jest.js";

import own from "./jest.config.mjs";

export default nextJest({ dir: import.meta.dirname })(own);
