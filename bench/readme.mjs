/** Writes what was measured into the README, between two comments. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "../toolchain.mjs";
import { markdownTable } from "./table.mjs";

const file = join(root, "README.md");
const place = /(?<=^<!-- bench -->\n)[^]*?(?=^<!-- \/bench -->$)/m;

/** @param {{ versions: Record<string, string>, tables: object[] }} results of all parts */
export function updateReadme({ versions, tables }) {
  const columns = (name) => tables.find((table) => table.name === name).columns;
  const [node, chromium, memory] = [columns("decode, Node, plain"), columns("decode, Chromium, plain"), columns("memory")];
  const decoding = {
    "1,000 users, Node": node[1000],
    "100,000, Node": node[100_000],
    "1,000 users, Chromium": chromium[1000],
    "100,000, Chromium": chromium[100_000],
    "memory, 100,000": memory["peak of the process"],
  };
  const { "bare fetch again": _noise, ...added } = columns("calls").getUser;
  const calling = {
    "added to a call, µs": added,
    "50 calls at a time": columns("throughput")["getUser × 50"],
    "import to first answer": columns("start")["first answer"],
    "KB of brotli": columns("sizes").KB,
  };
  const { "bare fetch again": _again, ...throughput } = calling["50 calls at a time"];
  const text = `Decoding a list of users with its check, \`JSON.parse\` alone = 1.00:

${markdownTable(decoding, 2)}

Whole calls on one machine, bare \`fetch\` and \`json()\` = 0 or 1.00:

${markdownTable({ ...calling, "50 calls at a time": throughput }, { "added to a call, µs": 0, "50 calls at a time": 2, "import to first answer": 2, "KB of brotli": 1 })}

With ${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ")}.
`;
  const before = readFileSync(file, "utf8");
  if (!place.test(before)) throw new Error("README.md has no <!-- bench --> and <!-- /bench --> on lines of their own.");
  writeFileSync(file, before.replace(place, () => text));
}
