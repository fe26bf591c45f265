import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const START = new URL("../../www/sandbox/sandbox.mjs", import.meta.url);

/** The sources of a module and of all that it imports. */
async function sources(url, found = new Map()) {
  const text = await readFile(url, "utf8");
  found.set(url.href, text);
  for (const [, specifier] of text.matchAll(/\bfrom "([^"]+)"/g)) {
    assert.match(specifier, /^\.\.?\//, `${url.pathname} imports ${specifier}`);
    const imported = new URL(specifier, url);
    if (!found.has(imported.href)) await sources(imported, found);
  }
  return found;
}

test("the handler imports nothing from Node and no package, so that it runs in a page as it is", async () => {
  const found = await sources(START);
  assert.ok(found.size > 20);
  for (const [href, text] of found) assert.doesNotMatch(text, /\b(Buffer|process|require|global)\b[.(]/, href);
});
