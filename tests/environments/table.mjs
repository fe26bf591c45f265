/** Reporter of node:test: one line for each environment, with its version and how many of its checks passed. */
export default async function* table(events) {
  const rows = [];
  let checks = [];
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    const passed = type === "test:pass" && data.skip === undefined && data.todo === undefined;
    if (data.nesting === 1) checks.push({ name: data.name, passed });
    if (data.nesting !== 0) continue;
    rows.push(row(data.name, checks.length > 0 ? checks : [{ name: "its file ran", passed }]));
    checks = [];
  }
  yield ["", line("environment", "version", "passed"), ...rows, "", ""].join("\n");
}

function row(suite, checks) {
  const [, name, version] = /^(.+) (\S+)$/.exec(suite) ?? [, suite, ""];
  const failed = checks.filter(({ passed }) => !passed).map((check) => check.name);
  const verdict = failed.length > 0 ? `  FAILED: ${failed.join(", ")}` : "";
  return line(name, version, `${checks.length - failed.length} of ${checks.length}${verdict}`);
}

function line(name, version, passed) {
  return `${name.padEnd(24)} ${version.padEnd(16)} ${passed}`;
}
