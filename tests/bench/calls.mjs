/** Whole calls on this machine: what each client adds to one, and how many it makes in a time. */
import { join } from "node:path";

import { sizes } from "./answers.mjs";
import { clients } from "./peers/index.mjs";
import { inRounds, median } from "./rounds.mjs";

const REFERENCE = "bare fetch";
const PROCESSES = 3;

/** @returns the tables of this part */
export async function calls({ stage, baseUrl }) {
  const program = join(import.meta.dirname, "calls-process.mjs");
  const files = stage.peers("clients", clients);
  const measured = await inRounds(Object.keys(clients), PROCESSES, async (name) => {
    const { stdout } = await stage.node([program, files[REFERENCE], files[name], baseUrl]);
    return JSON.parse(stdout);
  });
  const column = (what) =>
    Object.fromEntries(
      Object.entries(measured).map(([name, results]) => [name, median(results.map((result) => result[what]))]),
    );
  const lists = Object.fromEntries(Object.entries(sizes).map(([what, size]) => [`${what} (${size})`, column(what)]));
  return [
    {
      name: "calls",
      title: "What a call takes longer",
      unit: "microseconds more than bare fetch and json() in the same process; what that itself adds is the noise",
      digits: 0,
      columns: { getUser: column("getUser"), ...lists },
    },
    {
      name: "throughput",
      title: "50 calls at a time",
      unit: "calls in the same time, bare fetch = 1.00; ours with maxConcurrency 50, so that as many are under way",
      digits: 2,
      columns: { "getUser × 50": column("throughput") },
    },
  ];
}
