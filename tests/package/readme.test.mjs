// The examples of the READMEs run. A block of JavaScript right below the comment `<!-- test: node -->` is run as a
// program of its own, in a project with the package, against a sandbox: TE_API_ENDPOINT and TE_TOKEN lead there.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "../../toolchain.mjs";
import { startSandbox } from "../../www/sandbox/server.mjs";
import { install } from "./support.mjs";

const project = await install();

for (const file of ["README.md", "pkg-template/README.md"]) {
  const text = readFileSync(join(root, file), "utf8");
  const examples = [...text.matchAll(/^<!-- test: node -->\n```js\n(?<code>[^]*?)^```$/gm)];

  test(`${file} has examples that are run`, () => assert.ok(examples.length > 0));

  for (const { groups, index } of examples) {
    const line = text.slice(0, index).split("\n").length;
    test(`${file}, line ${line}`, async (t) => {
      const token = "te-token-of-the-readme";
      const server = await startSandbox({ port: 0, token });
      t.after(() => server.close());
      await project.write("example.mjs", groups.code);
      const { stderr } = await project.node(["example.mjs"], { TE_API_ENDPOINT: server.url, TE_TOKEN: token });
      assert.equal(stderr, "");
      assert.ok(server.sandbox.requests.length > 0, "the example asks the API for something");
    });
  }
}
