/**
 * A table is `{ name, title, unit, digits, columns }`; its columns are numbers by design: `{ [column]: { [design]: n } }`.
 */

/** For people at a terminal. */
export function textTable({ title, unit, digits, columns }) {
  const rows = [["", ...Object.keys(columns)], ...cells(columns, digits)];
  const width = (index) => Math.max(...rows.map((row) => row[index].length)) + 2;
  const line = ([first, ...others]) =>
    first.padEnd(width(0)) + others.map((cell, index) => cell.padStart(width(index + 1))).join("");
  return [title, `(${unit})`, ...rows.map(line)].join("\n");
}

/** For the README. `digits` is one number for all columns, or one by column and a `default`. */
export function markdownTable(columns, digits) {
  const line = (row) => `| ${row.join(" | ")} |`;
  const heading = ["", ...Object.keys(columns)];
  return [line(heading), line(heading.map(() => "---")), ...cells(columns, digits).map(line)].join("\n");
}

function cells(columns, digits) {
  const designs = [...new Set(Object.values(columns).flatMap((column) => Object.keys(column)))];
  const cell = (column, design) => {
    const value = columns[column][design];
    if (typeof value !== "number") return value ?? "";
    // No -0.
    return value.toFixed(digits[column] ?? digits.default ?? digits).replace(/^-(?=[0.]+$)/, "");
  };
  return designs.map((design) => [design, ...Object.keys(columns).map((column) => cell(column, design))]);
}
