/** Has every later instance of WebAssembly count the calls into it and out of it. */
export function countCrossings() {
  const counted = { into: 0, outOf: 0 };
  const { Instance } = WebAssembly;
  const count = (functions, which) => {
    const counting = (item) => {
      if (typeof item !== "function") return item;
      return (...args) => ((counted[which] += 1), item(...args));
    };
    return Object.fromEntries(Object.entries(functions).map(([name, item]) => [name, counting(item)]));
  };
  WebAssembly.Instance = function (module, imports) {
    const counting = Object.entries(imports).map(([name, functions]) => [name, count(functions, "outOf")]);
    return { exports: count(new Instance(module, Object.fromEntries(counting)).exports, "into") };
  };
  return {
    reset: () => Object.assign(counted, { into: 0, outOf: 0 }),
    read: () => ({ ...counted }),
  };
}
