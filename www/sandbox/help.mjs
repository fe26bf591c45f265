import { driftKinds } from "./faults/drift.mjs";
import { commonParameters, faultKinds } from "./faults/kinds.mjs";
import { settings, switches } from "./options.mjs";

export const flagOf = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const settingLines = ([name, spec]) => [`  --${flagOf(name)} ${spec.default}`, `      ${spec.help}`];

const switchLines = ([name, spec]) => [
  `  --${flagOf(name)}`,
  `      ${spec.help}`,
  ...Object.entries(spec.values).map(([value, help], index) => `      ${index === 0 ? "*" : " "} ${value}: ${help}`),
];

const parameterText = ([name, spec]) => `${name}=${spec.default ?? ""} (${spec.says})`;

const faultLines = ([name, spec]) => [
  `  ${name}: ${spec.help}`,
  ...Object.entries(spec.parameters).map((entry) => `      ${parameterText(entry)}`),
];

/** The text of `--help`, written from the tables that the program itself reads. */
export const helpText = () =>
  [
    "A ThousandEyes on this machine that remembers what it is told, to develop, test and show a client with.",
    "",
    "Usage: thousandeyes-admin-sandbox [options]",
    "",
    "  --port 8700",
    "      the port at 127.0.0.1; 0: any free one",
    "  --data FILE",
    "      keeps everything in this SQLite file, which survives any end of the program; what it holds already wins",
    "      over --users, --seed and the dates that --now gives",
    "  --now 2027-01-15T08:00:00Z",
    "      the time at which the sandbox's clock starts, at a reset too; by default it is this machine's. The dates of",
    "      the users who are there at the start are counted back from it",
    '  --fault "KIND NAME=VALUE …"',
    "      a fault from the start; may be given several times",
    "  -h, --help",
    "      prints this",
    "  -V, --version",
    "      prints the version",
    ...Object.entries(settings).flatMap(settingLines),
    "",
    "What the vendor's documentation leaves open (* is the default, and an assumption):",
    ...Object.entries(switches).flatMap(switchLines),
    "",
    "Faults, with the defaults of their parameters:",
    ...Object.entries(faultKinds).flatMap(faultLines),
    "  each of them also takes:",
    ...Object.entries(commonParameters).map(([name, spec]) => `      ${name}: ${spec.help}`),
    "      as flags, match is written method=POST path=/users/{id}",
    "  the kinds of drift:",
    ...Object.entries(driftKinds).map(([name, spec]) => `      ${name}: ${spec.help}`),
    "",
    "While it runs, at the same address and from this machine only:",
    "  GET /__sandbox                 how things stand",
    "  GET /__sandbox/state           the organization as it is now",
    "  GET, DELETE /__sandbox/requests       every request so far; forgets them",
    "  POST /__sandbox/reset          back to the start",
    '  GET, POST /__sandbox/clock     the time; {"advance":60000} lets so many milliseconds pass',
    "  GET, POST, DELETE /__sandbox/faults   list, add one such as",
    '      {"fault":"error","status":503,"when":"after","count":2,"match":{"method":"POST"}}, remove all',
  ].join("\n");
