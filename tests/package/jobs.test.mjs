// The jobs of administration where their WebAssembly fails, or what they ask for does.
import assert from "node:assert/strict";
import { test } from "node:test";

import { install } from "./support.mjs";

const project = await install();

/** How many pages of memory a WebAssembly can have, and how many more its jobs may have: the rest is taken away. */
const PAGES = 65_536;
const PAGES_LEFT = 16;
const PAGE = 65_536;
/** The text of an answer with so many users fits into those, what is made of it does not. */
const TOO_MANY = 4000;

/** The package keeps its memory to itself, so its instance is watched while it is made. */
let memory;
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (...given) => {
  const made = await instantiate(...given);
  // Node's own fetch has some WebAssembly, too.
  if (made.instance?.exports.job_resume) ({ memory } = made.instance.exports);
  return made;
};

const { ApiClient, InternalError } = await project.import("thousandeyes-admin");

const user = (at) => ({ uid: `${at}`, name: "Ada Example".repeat(10), email: `ada.${at}@example.com` });
const clientOf = (count, more) => {
  const body = JSON.stringify({ users: Array.from({ length: count }, (_, at) => user(at)) });
  return new ApiClient({ accessToken: "token", fetch: async () => new Response(body), ...more });
};

test("a trap ends its own job with an InternalError, and no other", async () => {
  const few = clientOf(3).admin;
  assert.equal((await few.findUser("ada.2@example.com")).uid, "2");
  memory.grow(PAGES - memory.buffer.byteLength / PAGE - PAGES_LEFT);

  const [trapped, other] = await Promise.all([
    clientOf(TOO_MANY).admin.findUser("ada.2@example.com").catch((error) => error),
    few.findUser("ada.1@example.com"),
  ]);
  assert.ok(trapped instanceof InternalError);
  assert.match(trapped.message, /^findUser failed inside the WebAssembly of thousandeyes-admin/);
  assert.equal(trapped.outcome, "unknown");
  assert.ok(trapped.cause instanceof WebAssembly.RuntimeError, String(trapped.cause));
  assert.equal(other.uid, "1");
  assert.equal((await few.findUser("ada.2@example.com")).uid, "2");
});

test("an error of the application's own WebAssembly is no trap of ours", async () => {
  const theirs = new WebAssembly.RuntimeError("unreachable");
  const detail = { ...user(1), accountGroupRoles: [], allAccountGroupRoles: [] };
  const client = new ApiClient({ accessToken: "token", fetch: async () => Response.json(detail) });
  const failed = client.admin.modifyUser("1", () => {
    throw theirs;
  });
  await assert.rejects(failed, (error) => error === theirs);
});
