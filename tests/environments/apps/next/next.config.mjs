// Where the API and the tests' own script are: no matter of the package's.
const { SITE } = process.env;
const forwarded = ["/te-api/:path*", "/report", "/report.js"];

export default { rewrites: async () => forwarded.map((source) => ({ source, destination: SITE + source })) };
