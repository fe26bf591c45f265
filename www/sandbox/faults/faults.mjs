import { createRandom } from "../seed/random.mjs";
import { faultKinds, resolveFault } from "./kinds.mjs";

/** @param {{ method?: string, path?: string }} match */
function isMeant({ method, path } = {}, target) {
  return (method === undefined || method === target.method) && (path === undefined || target.paths.includes(path));
}

/**
 * The faults that wait for their requests. A fault is an object such as
 * `{ fault: "error", status: 503, when: "after", count: 2, match: { method: "POST" } }`.
 * @param {number} seed of the generator that chooses requests by share, and the jitter of latency
 * @param {object[]} initial the faults from the start
 */
export function createFaults(seed, initial = []) {
  let random = createRandom(seed);
  let lastId = 0;
  let waiting = [];

  /** Adds a fault and gives the id to remove it by. */
  function add(fault) {
    const resolved = resolveFault(fault);
    waiting.push({ id: (lastId += 1), ...resolved });
    return lastId;
  }

  /** Removes all and starts the generator anew. */
  function clear() {
    waiting = [];
    random = createRandom(seed);
  }

  /** Back to the faults from the start. */
  function reset() {
    clear();
    for (const fault of initial) add(fault);
  }
  reset();

  return {
    add,
    clear,
    reset,

    remove(id) {
      const before = waiting.length;
      waiting = waiting.filter((fault) => fault.id !== id);
      return waiting.length < before;
    },

    list: () => structuredClone(waiting),

    /**
     * The faults that this request meets, oldest first, at most one of each kind and one that replaces the answer;
     * the others wait for the next request.
     * @param {{ method: string, paths: string[] }} target
     */
    take(target) {
      const taken = [];
      for (const fault of waiting) {
        const { replaces } = faultKinds[fault.fault];
        const isExcluded = taken.some(
          (other) => other.fault === fault.fault || (replaces && faultKinds[other.fault].replaces),
        );
        if (isExcluded || !isMeant(fault.match, target)) continue;
        if (fault.share !== undefined && random() >= fault.share) continue;
        if (fault.count !== undefined) fault.count -= 1;
        const jitter = fault.jitter ? Math.floor(random() * (fault.jitter + 1)) : 0;
        taken.push({ ...fault, ...(jitter > 0 && { ms: fault.ms + jitter }) });
      }
      waiting = waiting.filter((fault) => fault.count !== 0);
      return taken;
    },
  };
}
