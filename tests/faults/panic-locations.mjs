/** Which places of our own sources a module can panic at. A panic carries its place: the path, a line and a column. */

const DATA_SECTION = 11;

/**
 * @param {Uint8Array} wasm the module
 * @param {string[]} paths as they are in the module, such as `src/client.rs`
 * @returns {string[]} `path:line:column`, or the path alone where nothing in the data points to it
 */
export function panicLocations(wasm, paths) {
  const memory = initialMemory(wasm);
  return paths.flatMap((path) => places(memory, path)).sort();
}

/** The memory as it is when the module starts. */
function initialMemory(wasm) {
  const segments = [...activeSegments(wasm)];
  const end = Math.max(...segments.map(({ offset, bytes }) => offset + bytes.length));
  const memory = Buffer.alloc(end);
  for (const { offset, bytes } of segments) memory.set(bytes, offset);
  return memory;
}

function* activeSegments(wasm) {
  const reader = createReader(wasm, 8);
  while (!reader.isDone()) {
    const id = reader.byte();
    const size = reader.number();
    if (id !== DATA_SECTION) {
      reader.skip(size);
      continue;
    }
    for (let count = reader.number(); count > 0; count -= 1) {
      const flags = reader.number();
      if (flags !== 0 || reader.byte() !== I32_CONST) throw new Error("The data of the module has a form that is not known here.");
      const offset = reader.number();
      reader.skip(1);
      yield { offset, bytes: reader.take(reader.number()) };
    }
  }
}

const I32_CONST = 0x41;

function createReader(bytes, start) {
  let at = start;
  const byte = () => bytes[at++];
  return {
    byte,
    isDone: () => at >= bytes.length,
    skip: (count) => (at += count),
    take: (count) => bytes.subarray(at, (at += count)),
    /** LEB128. Offsets of data are positive and far below 2 to the power of 31. */
    number() {
      let value = 0;
      for (let shift = 0; ; shift += 7) {
        const next = byte();
        value += (next & 0x7f) * 2 ** shift;
        if (next < 0x80) return value;
      }
    },
  };
}

function places(memory, path) {
  return occurrences(memory, Buffer.from(path))
    .filter((address) => !isOfDependency(memory, address))
    .flatMap((address) => {
      const found = pointersTo(memory, address, path.length).map(({ line, column }) => `${path}:${line}:${column}`);
      return found.length > 0 ? found : [path];
    });
}

function occurrences(memory, bytes) {
  const found = [];
  for (let at = memory.indexOf(bytes); at >= 0; at = memory.indexOf(bytes, at + 1)) found.push(at);
  return found;
}

/** The sources of dependencies are below the crate's name and version, those of Rust below its library. */
function isOfDependency(memory, address) {
  const before = memory.subarray(Math.max(0, address - 100), address).toString("latin1");
  return /(-\d+\.\d+\.\d+[\w.+-]*|\/library\/\w+)\/$/.test(before);
}

/** Rust's `Location`: pointer and length of the path, line, column. */
function pointersTo(memory, address, length) {
  const found = [];
  for (let at = 0; at + 16 <= memory.length; at += 4) {
    if (memory.readUInt32LE(at) !== address || memory.readUInt32LE(at + 4) !== length) continue;
    found.push({ line: memory.readUInt32LE(at + 8), column: memory.readUInt32LE(at + 12) });
  }
  return found;
}

/**
 * Whether an async function or block begins there. Each would panic if it were polled once more after its end, which
 * what runs them never does, and the compiler says that it would be at the beginning.
 *
 * @param {string} source
 * @param {number} line from 1
 * @param {number} column from 1
 */
export function beginsAsyncBody(source, line, column) {
  const lines = source.split("\n");
  const before = [...lines.slice(0, line - 1), lines[line - 1].slice(0, column - 1)].join("\n");
  const rest = lines[line - 1].slice(column - 1);
  if (/^async (?:move )?\{/.test(rest)) return true;
  return rest.startsWith("{") && isSignature(before.slice(before.lastIndexOf("async fn ")));
}

/** Its parentheses and the braces of its patterns are closed, and it is that of no function after the async one. */
function isSignature(text) {
  const withoutPatterns = text.replace(/\{[^{}]*\}/g, "");
  const count = (pattern) => text.match(pattern)?.length ?? 0;
  return count(/\bfn\b/g) === 1 && count(/\(/g) === count(/\)/g) && !/[{}]/.test(withoutPatterns);
}
