#!/usr/bin/env node
import { parseArgs } from "node:util";
import { tokenOwners } from "./auth.mjs";
import { TIME_FORM, timeOf } from "./clock.mjs";
import { flagOf, helpText } from "./help.mjs";
import { complaint, options as known, resolveOptions } from "./options.mjs";
import { parseFault } from "./fault-flag.mjs";
import { startSandbox } from "./server.mjs";
import { VERSION } from "./version.mjs";

const USAGE = 2;
const FAILURE = 1;
const DEFAULT_PORT = 8700;

/** A mistake on the command line: one sentence, no stack. */
class UsageError extends Error {}

const asNumber = (text) => (/^\d+$/.test(text) ? Number(text) : NaN);

function readPort(text) {
  const port = asNumber(text);
  if (!(port <= 65_535)) throw new UsageError("Give --port a number from 0 to 65535.");
  return port;
}

function readNow(text) {
  if (text !== undefined && timeOf(text) === undefined) throw new UsageError(`The option --now must be ${TIME_FORM}.`);
  return text;
}

function readOption([name, spec], values) {
  const text = values[flagOf(name)];
  const value = typeof spec.default === "number" ? asNumber(text) : text;
  const wrong = complaint(spec, value);
  if (wrong) throw new UsageError(`The option --${flagOf(name)} ${wrong}.`);
  return [name, value];
}

function readArguments(args) {
  const flags = Object.keys(known).map((name) => [flagOf(name), { type: "string" }]);
  const { values } = parseArgs({
    args,
    options: {
      ...Object.fromEntries(flags),
      port: { type: "string", default: String(DEFAULT_PORT) },
      data: { type: "string" },
      fault: { type: "string", multiple: true, default: [] },
      now: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
      version: { type: "boolean", short: "V", default: false },
    },
  });
  const given = Object.entries(known).filter(([name]) => values[flagOf(name)] !== undefined);
  const options = Object.fromEntries(given.map((entry) => readOption(entry, values)));
  resolveOptions(options);
  if (values.data === "") throw new UsageError("Give --data the name of a file.");
  const { help, version, data } = values;
  const faults = values.fault.map(parseFault);
  return { help, version, port: readPort(values.port), data, now: readNow(values.now), faults, options };
}

/** Everything that reading the arguments throws is a mistake in them. */
function tryArguments(args) {
  try {
    return readArguments(args);
  } catch (error) {
    const [sentence] = error.message.split(/\. |\n/);
    process.stderr.write(`${sentence.replace(/\.?$/, ".")} See --help for all options.\n`);
    return undefined;
  }
}

function logLine({ time, method, path, status, faults }) {
  const met = faults.length > 0 ? ` [${faults.join(", ")}]` : "";
  process.stdout.write(`${time} ${method} ${path} ${status ?? "no answer"}${met}\n`);
}

function announce({ url, sandbox }, data) {
  const kept = data ? `, kept in ${data}` : "";
  process.stdout.write(`The ThousandEyes sandbox is ready at ${url} with ${sandbox.userCount} users${kept}\n`);
  for (const { option, may } of tokenOwners) process.stdout.write(`  ${sandbox.options[option]}  ${may}\n`);
}

const startFailures = {
  EADDRINUSE: (port) => `Port ${port} is in use: choose another one with --port, or --port 0 for any free one.`,
  EACCES: (port) => `Port ${port} needs more rights: choose one above 1023 with --port.`,
};

async function serve({ port, data, now, faults, options }) {
  const running = await startSandbox({ port, data, now, faults, ...options, onRequest: logLine });
  // Before anybody is told that it runs, and may end it.
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void running.close());
  announce(running, data);
}

// The reader of the output may leave before the sandbox does, as `head` does.
process.stdout.on("error", () => {});

const chosen = tryArguments(process.argv.slice(2));
if (!chosen) process.exitCode = USAGE;
else if (chosen.help) process.stdout.write(`${helpText()}\n`);
else if (chosen.version) process.stdout.write(`${VERSION}\n`);
else {
  try {
    await serve(chosen);
  } catch (error) {
    const sentence = startFailures[error.code]?.(chosen.port) ?? `The sandbox cannot start: ${error.message}`;
    process.stderr.write(`${sentence}\n`);
    process.exitCode = FAILURE;
  }
}
