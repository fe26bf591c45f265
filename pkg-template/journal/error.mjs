/** Says what is wrong with a journal and what to do, and nothing of what its lines say: they are about people. */
export class JournalError extends Error {
  constructor(code, path, message, cause) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.path = path;
  }

  static {
    Object.defineProperty(this.prototype, "name", { value: "JournalError", configurable: true, writable: true });
  }
}
