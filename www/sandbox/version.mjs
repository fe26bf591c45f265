/** What `--version` prints. The build writes the package's version here. */
export const VERSION = "unreleased";
