// The examples named `node` run as programs of their own, in a project with the package, against a sandbox: TE_API_ENDPOINT
// and TE_TOKEN lead there. All other examples are run by tests/environments.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "../../toolchain.mjs";
import { startSandbox } from "../../www/sandbox/server.mjs";
import { examples } from "../readme.mjs";
import { install } from "./support.mjs";

const project = await install();

for (const file of ["README.md", "pkg-template/README.md"]) {
  const ours = examples(file).filter(({ name }) => name === "node");

  test(`${file} has examples that are run`, () => assert.ok(ours.length > 0));

  for (const { code, line } of ours) {
    test(`${file}, line ${line}`, async (t) => {
      const token = "te-token-of-the-readme";
      const server = await startSandbox({ port: 0, token });
      t.after(() => server.close());
      await project.write("example.mjs", code);
      const { stderr } = await project.node(["example.mjs"], { TE_API_ENDPOINT: server.url, TE_TOKEN: token });
      assert.equal(stderr, "");
      assert.ok(server.sandbox.requests.length > 0, "the example asks the API for something");
    });
  }
}

test("every block of JavaScript in the READMEs is an example that a test runs", () => {
  const files = readdirSync(join(root, "tests"), { recursive: true });
  const tests = files.filter((file) => file.endsWith(".mjs") && !file.includes("node_modules"));
  const sources = tests.map((file) => readFileSync(join(root, "tests", file), "utf8"));
  for (const file of ["README.md", "pkg-template/README.md"]) {
    const blocks = readFileSync(join(root, file), "utf8").match(/^```js$/gm);
    const named = examples(file).filter(({ language }) => language === "js");
    assert.equal(named.length, blocks.length, file);
    for (const { name, line } of named) {
      assert.ok(sources.some((source) => source.includes(`"${name}"`)), `${file}, line ${line}: no test runs "${name}"`);
    }
  }
});
