// Behind a corporate proxy, with variables alone, as the README has it: in the releases of Node that know them.
import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { dirname } from "node:path";
import { after } from "node:test";

import { certificateFile } from "../faults/outcomes/situations.mjs";
import { printing, startCorporate } from "../package/corporate.mjs";
import { example } from "../readme.mjs";
import { environment, installed, project, server, token, versionOf } from "./environment.mjs";
import { run } from "./processes.mjs";

const corporate = await startCorporate(server.sandbox);
after(() => corporate.close());
copyFileSync(certificateFile("root"), project.path("corporate-ca.pem"));
await project.write("users.js", example("server"));
await project.write("server.js", `import { users } from "./users.js"; const client = { users };${printing}`);

for (const release of ["node-22", "node-24"]) {
  environment("Node, corporate proxy", { version: () => versionOf(release) }, (test) => {
    test("variables", async () => {
      const { env, proxyUrl, target, tunnels } = corporate;
      const PATH = `${dirname(installed(release, "bin/node"))}:${process.env.PATH}`;
      const more = { ...env, PATH, TE_TOKEN: token, HTTPS_PROXY: proxyUrl };
      const printed = await run(["sh", "-c", example("corporate-variables").trim()], project.path(), more);
      assert.deepEqual(JSON.parse(printed), { users: server.sandbox.userCount });
      assert.deepEqual(tunnels.splice(0), [target]);
    });
  });
}
