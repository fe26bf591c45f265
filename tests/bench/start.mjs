/** From before the import to after the first answer, each time in a fresh process. The server runs already. */
import { join } from "node:path";

import { token, userId } from "./answers.mjs";
import { clients } from "./peers/index.mjs";
import { inRounds, ratiosTo } from "./rounds.mjs";

const ROUNDS = 21;

/** @returns the tables of this part */
export async function start({ stage, baseUrl }) {
  const program = join(import.meta.dirname, "start-process.mjs");
  const files = stage.peers("clients", clients);
  const wholeProcess = Object.fromEntries(Object.keys(clients).map((name) => [name, []]));
  const firstAnswer = await inRounds(Object.keys(clients), ROUNDS, async (name) => {
    const begin = performance.now();
    const { stdout } = await stage.node([program, files[name], baseUrl, token, userId]);
    wholeProcess[name].push(performance.now() - begin);
    return Number(stdout);
  });
  return [
    {
      name: "start",
      title: "Import to first answer in a fresh Node",
      unit: "time, bare fetch = 1.00",
      digits: 2,
      columns: {
        "first answer": ratiosTo("bare fetch", firstAnswer),
        "whole process": ratiosTo("bare fetch", wholeProcess),
      },
    },
  ];
}
