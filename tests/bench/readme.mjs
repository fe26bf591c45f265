/** Writes what was measured into the README, between two comments. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "../../toolchain.mjs";
import { OURS } from "./peers/index.mjs";
import { markdownTable } from "./table.mjs";

const file = join(root, "README.md");
const place = /(?<=^<!-- bench -->\n)[^]*?(?=^<!-- \/bench -->$)/m;

/** @param {{ versions: Record<string, string>, tables: object[] }} results of all parts */
export function updateReadme(results) {
  const before = readFileSync(file, "utf8");
  if (!place.test(before)) throw new Error("README.md has no <!-- bench --> and <!-- /bench --> on lines of their own.");
  writeFileSync(file, before.replace(place, () => section(results)));
}

function section({ versions, tables }) {
  const columns = (name) => tables.find((table) => table.name === name).columns;
  const variant = (name) => ["Node", "Chromium"].map((engine) => ratio(columns(`decode, ${engine}, ${name}`)[10_000][OURS]));
  const [inNode, inChromium] = ["Node", "Chromium"].map((engine) => columns(`decode, ${engine}, plain`));
  const decoding = {
    "1 user": inNode[1],
    "1,000": inNode[1000],
    "100,000": inNode[100_000],
    "1,000 in Chromium": inChromium[1000],
    "100,000 in Chromium": inChromium[100_000],
    "memory of 100,000, peak": columns("memory")["peak of the process"],
    kept: columns("memory")["kept afterwards"],
  };
  const others = Object.fromEntries(
    ["Node", "Chromium"].flatMap((engine) =>
      Object.entries(columns(`decode, ${engine}, other lists`)).map(([name, column]) => [
        engine === "Node" ? name : `${name} in ${engine}`,
        column,
      ]),
    ),
  );
  const added = columns("calls");
  const microseconds = {
    "added to a user, µs": added.getUser,
    "to 100 users": added["getUsers (100)"],
    "to 200 roles": added["getRoles (200)"],
    "to 50 account groups": added["getAccountGroups (50)"],
    "to 10,000 events": added["getUserEvents (10000)"],
  };
  const calling = {
    ...microseconds,
    "50 calls at a time": columns("throughput")["getUser × 50"],
    "import to first answer": columns("start")["first answer"],
    "KB of brotli": columns("sizes").KB,
  };
  const digits = { ...Object.fromEntries(Object.keys(microseconds).map((name) => [name, 0])), "KB of brotli": 1, default: 2 };
  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `From the bytes of a list of users to its value, with the check; \`JSON.parse\`, which checks nothing, = 1.00:

${markdownTable(decoding, 2)}

Where 5 % of 10,000 names are not Latin, ours takes ${variant("5 % non-Latin names").join(" in Node and ")} in Chromium;
where 5 % hold an escape, ${variant("5 % names with an escape").join(" and ")}.

Other lists, likewise:

${markdownTable(others, 2)}

Whole calls against a server on the same machine; bare \`fetch\` and \`json()\` = 0 or 1.00:

${markdownTable(calling, digits)}

${used.join(", ")}.
`;
}

const ratio = (number) => number.toFixed(2);
