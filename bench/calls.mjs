/** Whole calls on this machine: what each client adds to one, and how many it makes in a time. */
import { join } from "node:path";

import { clients } from "./peers/index.mjs";

/** @returns the tables of this part */
export async function calls({ stage, baseUrl }) {
  const program = join(import.meta.dirname, "calls-process.mjs");
  // Once more at the end: what is measured of it is the noise.
  const compared = { ...clients, "bare fetch again": clients["bare fetch"] };
  const { stdout } = await stage.node([program, JSON.stringify(stage.peers("clients", compared)), baseUrl]);
  const { added, throughput } = JSON.parse(stdout);
  return [
    {
      name: "calls",
      title: "What a call takes longer",
      unit: "microseconds more than bare fetch and json() of the same run",
      digits: 0,
      columns: added,
    },
    {
      name: "throughput",
      title: "50 calls at a time",
      unit: "calls in the same time, bare fetch = 1.00; ours with maxConcurrency 50, so that as many are under way",
      digits: 2,
      columns: { "getUser × 50": throughput },
    },
  ];
}
