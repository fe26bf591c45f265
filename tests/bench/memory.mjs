/** The memory of one decoded list of 100,000 users that is kept, each in a fresh process. */
import { join } from "node:path";

import { bodyOf } from "./bodies.mjs";
import { decoders } from "./peers/index.mjs";
import { inRounds, ratiosTo } from "./rounds.mjs";

const ROUNDS = 5;

/** @returns the tables of this part */
export async function memory({ stage }) {
  await stage.write("body.json", bodyOf("getUsers", 100_000));
  await stage.write("small-body.json", bodyOf("getUsers", 1000));
  const program = ["--expose-gc", join(import.meta.dirname, "memory-process.mjs")];
  const bodies = [stage.path("body.json"), stage.path("small-body.json")];
  const files = stage.peers("decoders", decoders);
  const retained = Object.fromEntries(Object.keys(decoders).map((name) => [name, []]));
  const peak = await inRounds(Object.keys(decoders), ROUNDS, async (name) => {
    const { stdout } = await stage.node([...program, files[name], ...bodies]);
    const measured = JSON.parse(stdout);
    retained[name].push(measured.retained);
    return measured.peak;
  });
  return [
    {
      name: "memory",
      title: "Memory of 100,000 decoded users in Node",
      unit: "JSON.parse = 1.00; the body itself is not counted",
      digits: 2,
      columns: { "peak of the process": ratiosTo("JSON.parse", peak), "kept afterwards": ratiosTo("JSON.parse", retained) },
    },
  ];
}
