import { sveltekit } from "@sveltejs/kit/vite";

// Where the API and the tests' own script are: no matter of the package's.
const target = process.env.SITE;
const proxy = { "/te-api": { target, changeOrigin: false }, "/report": target };

export default { plugins: [sveltekit()], server: { proxy }, preview: { proxy } };
