/**
 * How everything here is compared: in rounds, in each of which every design has its turn, in random order. What the
 * machine does meanwhile then meets all of them. This file runs in Node and in a page.
 */

export function shuffled(items) {
  const list = [...items];
  for (let last = list.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [list[last], list[other]] = [list[other], list[last]];
  }
  return list;
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Lets every design have its turn in each round.
 * @param {string[]} names
 * @param {number} rounds
 * @param {(name: string) => number | Promise<number>} measure
 * @returns {Promise<Record<string, number[]>>} what was measured, by design and round
 */
export async function inRounds(names, rounds, measure) {
  const measured = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of shuffled(names)) measured[name].push(await measure(name));
  }
  return measured;
}

/** The median of what each round says of a design in comparison with the one that is 1.00. */
export function ratiosTo(reference, measured) {
  const ratio = (numbers) => median(numbers.map((number, round) => number / measured[reference][round]));
  return Object.fromEntries(Object.entries(measured).map(([name, numbers]) => [name, ratio(numbers)]));
}

/** The median of what each round says a design takes longer than the one that is 0. */
export function addedTo(reference, measured) {
  const added = (numbers) => median(numbers.map((number, round) => number - measured[reference][round]));
  return Object.fromEntries(Object.entries(measured).map(([name, numbers]) => [name, added(numbers)]));
}
