#!/usr/bin/env node
/**
 * `npm run demo`: builds the package if that is due, and shows it in a page. Without `TE_TOKEN` the page talks to the
 * sandbox, with it to the real API. `-- --static FOLDER` writes the page for any static host instead; there the sandbox
 * runs in the page. What is missing on the machine is installed, so this can be the first command on it.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { ensure } from "../toolchain.mjs";
import { startPageServer } from "./page-server/server.mjs";

const DEFAULT_PORT = 8080;
const PUBLIC_API = "https://api.thousandeyes.com/v7";
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

const root = join(import.meta.dirname, "..");
const pkg = join(root, "pkg");

/** Something that the person who started the demo can mend: one sentence, no stack. */
class Complaint extends Error {}

function readArguments(args) {
  const options = { port: { type: "string", default: String(DEFAULT_PORT) }, static: { type: "string" } };
  try {
    return parseArgs({ args, options }).values;
  } catch {
    throw new Complaint("The options are --port, as in `npm run demo -- --port 8081`, and --static with a new folder.");
  }
}

function readPort(text) {
  const port = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535)) throw new Complaint("Give --port a number from 0 to 65535; 0 stands for any free one.");
  return port;
}

/** The real API, if there is a token for it. */
function readLive({ TE_TOKEN: token, TE_API_ENDPOINT: endpoint = PUBLIC_API, TE_AID: aid }) {
  if (!token) return undefined;
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new Complaint("TE_TOKEN holds a character that no token has, such as a space: check how it was set.");
  }
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.has(url.hostname));
  if (!isSafe || url.search || url.hash || url.username) {
    throw new Complaint(`Set TE_API_ENDPOINT to an https address with its version, such as ${PUBLIC_API}.`);
  }
  return { endpoint: url.href.replace(/\/+$/, ""), token, aid };
}

/** A ThousandEyes on this machine. It uses npm packages, which may not be there before this. */
async function startOwn() {
  try {
    ensure(["npm"]);
  } catch (error) {
    throw new Complaint(error.message);
  }
  const { startSandbox } = await import("./sandbox/server.mjs");
  const { url: endpoint, sandbox, close } = await startSandbox({ port: 0 });
  return { endpoint, token: sandbox.options.token, control: new URL("/__sandbox", endpoint).href, close };
}

const lastChange = (path) => {
  const facts = statSync(path);
  if (!facts.isDirectory()) return facts.mtimeMs;
  return Math.max(facts.mtimeMs, ...readdirSync(path).map((name) => lastChange(join(path, name))));
};

function isBuilt() {
  const result = join(pkg, "package.json");
  const sources = ["Cargo.toml", "Cargo.lock", "src", "pkg-template", "www/sandbox"].map((name) => lastChange(join(root, name)));
  return existsSync(result) && lastChange(result) >= Math.max(...sources);
}

async function build() {
  console.log("Building the package. The first time this takes some minutes; it says what it is doing:\n");
  const builder = spawn(process.execPath, [join(root, "pkg-template/build.mjs")], { cwd: root, stdio: "inherit" });
  const [status] = await once(builder, "close");
  if (status !== 0) throw new Complaint("The package could not be built: do what is said above, then run this again.");
}

const startFailures = {
  EADDRINUSE: (port) => `Port ${port} is in use: choose another one with \`npm run demo -- --port ${port + 1}\`.`,
  EACCES: (port) => `Port ${port} needs more rights: choose one above 1023 with \`npm run demo -- --port 8080\`.`,
};

async function startPage(options) {
  try {
    return await startPageServer(options);
  } catch (error) {
    throw new Complaint(startFailures[error.code]?.(options.port) ?? `The page cannot be served: ${error.message}`);
  }
}

function announce(url, { control, endpoint }) {
  const api = control
    ? "It talks to a sandbox on this machine: all users are invented. Set TE_TOKEN to use the real API."
    : `It talks to ${endpoint} with TE_TOKEN: changes are real.`;
  console.log(`\n  The demo is at  ${url}\n\n  ${api}\n  Ctrl+C ends it.\n`);
}

/** The page as files. Without a server of its own it runs the sandbox in the page. */
async function writeStatic(name) {
  const folder = resolve(name);
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new Complaint(`${folder} is not empty: give --static the name of a new folder.`);
  }
  if (!isBuilt()) await build();
  for (const part of ["index.html", "app", "style"]) {
    cpSync(join(import.meta.dirname, part), join(folder, part), { recursive: true });
  }
  cpSync(pkg, join(folder, "pkg"), { recursive: true });
  console.log(`\n  The demo is in ${folder}, for the root of any static host.\n`);
}

async function serve(port) {
  const api = readLive(process.env) ?? (await startOwn());
  const closers = [api];
  try {
    // Before the build, so that a port in use is known at once and not after minutes.
    const page = await startPage({ ...api, port, pkg });
    closers.unshift(page);
    if (!isBuilt()) await build();
    announce(page.url, api);
    await Promise.race(["SIGINT", "SIGTERM"].map((signal) => once(process, signal)));
  } finally {
    await Promise.all(closers.map(({ close }) => close?.()));
  }
}

try {
  const { port, static: folder } = readArguments(process.argv.slice(2));
  if (folder !== undefined) await writeStatic(folder);
  else await serve(readPort(port));
} catch (error) {
  if (!(error instanceof Complaint)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
