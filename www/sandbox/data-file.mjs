/** The organization in an SQLite file, for the server under Node. Every change is on the disk before it is answered. */
import { closeSync, existsSync, openSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

const FORMAT = 2;
/** Of release 0.2: it had users only. */
const FORMAT_OF_USERS = 1;
/** Tells our files from other SQLite files: the letters "tesb". */
const APPLICATION_ID = 0x74657362;
const PACKAGE = "node-sqlite3-wasm";

const openHere = new Set();

async function importFirst(...specifiers) {
  for (const specifier of specifiers) {
    try {
      return await import(specifier);
    } catch (error) {
      if (error.code !== "ERR_UNKNOWN_BUILTIN_MODULE" && error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    }
  }
  throw new Error(`A data file needs Node 22.13 or later, or the package ${PACKAGE}: run \`npm install ${PACKAGE}\`.`);
}

/** Node's own SQLite and the package differ in little; this is what they have in common here. */
async function openDatabase(file) {
  const { DatabaseSync, default: { Database } = {} } = await importFirst("node:sqlite", PACKAGE);
  const database = DatabaseSync ? new DatabaseSync(file) : new Database(file);
  const statements = [];
  return {
    execute: (sql) => database.exec(sql),
    query: (sql) => (DatabaseSync ? database.prepare(sql).all() : database.all(sql)),
    prepare(sql) {
      const statement = database.prepare(sql);
      statements.push(statement);
      return (...values) => (DatabaseSync ? statement.run(...values) : statement.run(values));
    },
    close() {
      for (const statement of statements) statement.finalize?.();
      database.close();
    },
  };
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** The organization is also in memory, so two sandboxes with one file would undo each other's changes. */
function takePossession(file) {
  const pidFile = `${file}-pid`;
  // Empty if the process was killed while it wrote this; and the number 0 would stand for every process.
  const owner = existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8")) || undefined : undefined;
  const isForeign = owner !== undefined && owner !== process.pid && isRunning(owner);
  if (isForeign || openHere.has(file)) {
    throw new Error(`${file} is in use by the process ${owner}: end that one first, or choose another file.`);
  }
  writeFileSync(pidFile, String(process.pid));
  openHere.add(file);
  // The package locks with a folder, which a killed process leaves behind; nobody else can hold it now.
  rmSync(`${file}.lock`, { recursive: true, force: true });
  return () => {
    rmSync(pidFile, { force: true });
    openHere.delete(file);
  };
}

/** Whether the file is missing, empty or one of ours. Found out without SQLite, which might change another one. */
function isUsable(file) {
  if (!existsSync(file)) return true;
  if (!statSync(file).isFile()) return false;
  const header = Buffer.alloc(100);
  const descriptor = openSync(file);
  const length = readSync(descriptor, header);
  closeSync(descriptor);
  if (length === 0) return true;
  return header.toString("latin1", 0, 15) === "SQLite format 3" && header.readInt32BE(68) === APPLICATION_ID;
}

/**
 * Makes a new file ours, and every write an entry of a log. The package would not roll a journal back that a killed
 * process left: it takes its own lock for that of somebody who is writing. A log it reads again. It can keep one only
 * while it locks the file for good. The mark is written before that: a single page, which a kill does not halve.
 */
function prepareFile(database) {
  database.query("PRAGMA locking_mode = EXCLUSIVE");
  const [{ application_id: mark }] = database.query("PRAGMA application_id");
  if (Number(mark) !== APPLICATION_ID) database.execute(`PRAGMA application_id = ${APPLICATION_ID}`);
  const [{ journal_mode: mode }] = database.query("PRAGMA journal_mode = WAL");
  if (mode !== "wal") throw new Error(`SQLite keeps no log of its writes here, but a journal of the sort ${mode}.`);
}

/** Brings the users of an older file into the tables of this version. */
const UPGRADE = `
  INSERT INTO record SELECT 'users', uid, record FROM user;
  INSERT INTO last_id SELECT 'users', value FROM last_uid;
  DROP TABLE user;
  DROP TABLE last_uid;`;

function prepareTables(database, file) {
  const [{ user_version: version }] = database.query("PRAGMA user_version");
  const format = Number(version);
  if (format === FORMAT) return;
  if (format !== 0 && format !== FORMAT_OF_USERS) {
    throw new Error(`${file} is of another version of this sandbox: choose another file.`);
  }
  database.execute(`
    BEGIN;
    PRAGMA user_version = ${FORMAT};
    CREATE TABLE record (kind TEXT NOT NULL, id INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, id)) STRICT;
    CREATE TABLE last_id (kind TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
    ${format === FORMAT_OF_USERS ? UPGRADE : ""}
    COMMIT;`);
}

/**
 * Opens the file, or creates it. It is locked for other sandboxes until it is closed or the process ends.
 * @param {string} path
 */
export async function openDataFile(path) {
  const file = resolve(path);
  const release = takePossession(file);
  let database;
  try {
    if (!isUsable(file)) throw new Error(`${file} is not a data file of this sandbox: choose another one.`);
    database = await openDatabase(file);
    prepareFile(database);
    prepareTables(database, file);
  } catch (error) {
    database?.close();
    release();
    throw error;
  }

  const save = database.prepare("INSERT OR REPLACE INTO record VALUES (?, ?, ?)");
  const forget = database.prepare("DELETE FROM record WHERE kind = ? AND id = ?");
  const setLastId = database.prepare("INSERT OR REPLACE INTO last_id VALUES (?, ?)");

  function write({ put, remove = [], lastIds }) {
    for (const [kind, records] of remove) for (const [id] of records) forget(kind, Number(id));
    for (const [kind, records] of put) {
      for (const [id, record] of records) save(kind, Number(id), JSON.stringify(record));
    }
    for (const [kind, value] of Object.entries(lastIds)) setLastId(kind, value);
  }

  /** All or nothing, whatever happens meanwhile. */
  function atOnce(change) {
    database.execute("BEGIN IMMEDIATE");
    try {
      change();
      database.execute("COMMIT");
    } catch (error) {
      database.execute("ROLLBACK");
      throw error;
    }
  }

  return {
    /** What a former sandbox left, by kind; undefined in a new file. */
    load() {
      const counters = database.query("SELECT kind, value FROM last_id");
      if (counters.length === 0) return undefined;
      const records = Object.fromEntries(counters.map(({ kind }) => [kind, []]));
      for (const { kind, value } of database.query("SELECT kind, value FROM record ORDER BY kind, id")) {
        records[kind].push(JSON.parse(value));
      }
      return { records, lastIds: Object.fromEntries(counters.map(({ kind, value }) => [kind, Number(value)])) };
    },

    /**
     * Puts this in the place of everything.
     * @param {{ put: [string, [string, object][]][], lastIds: Record<string, number> }} content records by kind and id
     */
    replace(content) {
      atOnce(() => {
        database.execute("DELETE FROM record; DELETE FROM last_id");
        write(content);
      });
    },

    /**
     * Makes one change.
     * @param {{ put: [string, [string, object][]][], remove: [string, [string, object][]][], lastIds: object }} change
     */
    commit(change) {
      atOnce(() => write(change));
    },

    close() {
      database.close();
      release();
    },
  };
}
