/** What the parts of a call cost that waits for no network, and how often it crosses the boundary of WebAssembly. */
import { join } from "node:path";

/** @returns the tables of this part */
export async function parts({ stage }) {
  const program = join(import.meta.dirname, "parts-process.mjs");
  // Counting takes time, so each has a process of its own.
  const ask = async (wanted) => JSON.parse((await stage.node([program, stage.packagePath(), wanted])).stdout);
  const { into, outOf } = await ask("crossings");
  return [
    {
      name: "parts",
      title: "The parts of a getUser that is answered at once",
      unit: "microseconds more than fetch and json() of the same run; calls into WebAssembly and out of it",
      digits: 0,
      columns: { microseconds: await ask("times"), into, "out of": outOf },
    },
  ];
}
