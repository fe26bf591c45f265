/** What a body may have, for the table of counts: each is a bit. */
const names = [
  "latin", "beyond Latin", "emoji", "escapes", "surrogate escapes", "white space", "numbers at limits",
  "unknown names", "escaped names", "doubled names", "nested past 60", "drift", "byte order mark", "long strings",
  "larger than a window", "next links", "other links", "mutated",
];

export const feature = Object.fromEntries(names.map((name, bit) => [name, 1 << bit]));
