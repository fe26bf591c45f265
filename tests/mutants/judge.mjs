/** What became of the mutants, held against the list of those that may survive. */

/** The largest share of the viable mutants that may survive. */
export const limit = 0.04;

/**
 * `outcomes` are those of cargo-mutants, `survivors` those of survivors.json, `read` gives the text of a file.
 * A mutant is known by its file, what it changes, and the line on which it does so: the number of the line changes with
 * every edit above it.
 */
export function judge(outcomes, survivors, read) {
  const mutants = outcomes
    .filter(({ scenario }) => scenario.Mutant)
    .map(({ scenario, summary }) => ({ ...nameOf(scenario.Mutant, read), summary }));
  const [missed, caught, late] = ["MissedMutant", "CaughtMutant", "Timeout"].map((ended) =>
    mutants.filter(({ summary }) => summary === ended),
  );
  const left = [...survivors];
  const unknown = missed.filter((mutant) => !takeFirst(left, (survivor) => isSame(survivor, mutant)));
  return {
    viable: missed.length + caught.length + late.length,
    survived: missed.length,
    unknown,
    // Listed, but a test finds it now, or its line is no more. A busy machine may take one of these for an endless loop.
    outdated: left.filter(
      (survivor) => caught.some((mutant) => isSame(survivor, mutant)) || !linesOf(read(survivor.file)).includes(survivor.line),
    ),
  };
}

function nameOf({ name, file, span }, read) {
  const { line, column } = span.start;
  const mutant = name.slice(`${file}:${line}:${column}: `.length);
  return { file, line: linesOf(read(file))[line - 1], mutant };
}

function linesOf(text) {
  return text.split("\n").map((line) => line.trim());
}

function isSame(one, other) {
  return one.file === other.file && one.mutant === other.mutant && one.line === other.line;
}

function takeFirst(list, isWanted) {
  const index = list.findIndex(isWanted);
  return index >= 0 && Boolean(list.splice(index, 1));
}
