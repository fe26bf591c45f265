// What became of a request that got no answer: what each runtime tells of it, and what the package makes of that.
import { checkOutcomes } from "../faults/outcomes/run.mjs";
import { environment, installed, project, versionOf } from "./environment.mjs";

const runs = {
  Node: { versions: ["node-20", "node-22", "node-24"], command: (release) => [installed(release, "bin/node")] },
  Deno: { versions: ["deno"], command: () => [installed(".bin/deno"), "run", "--allow-net", "--allow-env"] },
  Bun: { versions: ["bun"], command: () => [installed(".bin/bun"), "run"] },
};

for (const [runtime, { versions, command }] of Object.entries(runs)) {
  for (const release of versions) {
    environment(`${runtime}, no answer`, { version: () => versionOf(release) }, (test) => {
      test("outcomes, attempts and messages", (t) =>
        checkOutcomes({ project, command: command(release), runtime, test: (name, check) => t.test(name, check) }));
    });
  }
}
