import { sveltekit } from "@sveltejs/kit/vite";

// Where the API and the tests' own script are: no matter of the package's.
const proxy = Object.fromEntries(["/te-api", "/report"].map((path) => [path, process.env.SITE]));

export default { plugins: [sveltekit()], server: { proxy }, preview: { proxy } };
