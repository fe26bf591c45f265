// Where the tests' own script is: no matter of the package's.
const { SITE } = process.env;
const forwarded = ["/report", "/report.js"];

export default { rewrites: async () => forwarded.map((source) => ({ source, destination: SITE + source })) };
