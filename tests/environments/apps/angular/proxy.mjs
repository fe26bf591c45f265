// Where the API and the tests' own script are: no matter of the package's.
export default Object.fromEntries(["/te-api", "/report"].map((path) => [path, { target: process.env.SITE }]));
