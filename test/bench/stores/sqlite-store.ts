import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { CmidStore, StateChange } from "../../../src/ports/store.ts";
import { MemoryState } from "./memory-state.ts";

const VERSION = "12.6.2";

interface Statement {
  run(...values: (string | number)[]): void;
  all(): { name: string; value: string }[];
}

interface Database {
  pragma(text: string): void;
  exec(text: string): void;
  prepare(text: string): Statement;
  transaction<T>(work: (argument: T) => void): (argument: T) => void;
  close(): void;
}

/** SQLite as a careful program uses it: write-ahead log, synced at every commit. */
class SqliteStore extends MemoryState {
  readonly #db: Database;
  readonly #write: (changes: readonly StateChange[]) => void;

  constructor(db: Database) {
    super();
    this.#db = db;
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = FULL");
    db.exec(
      "CREATE TABLE IF NOT EXISTS records (cmid TEXT, product TEXT, application TEXT, hostname TEXT," +
        " fingerprint TEXT, agent TEXT, status TEXT, firstContactMs INTEGER, lastContactMs INTEGER," +
        " leaseExpiresMs INTEGER, issuedAtSec INTEGER, jtis TEXT, PRIMARY KEY (cmid, product))" +
        " WITHOUT ROWID",
    );
    db.exec("CREATE TABLE IF NOT EXISTS documents (name TEXT PRIMARY KEY, value TEXT)");
    const put = db.prepare("INSERT OR REPLACE INTO records VALUES (?,?,?,?,?,?,?,?,?,?,?,?)");
    const discard = db.prepare("DELETE FROM records WHERE cmid = ? AND product = ?");
    const document = db.prepare("INSERT OR REPLACE INTO documents VALUES (?, ?)");
    this.#write = db.transaction((changes: readonly StateChange[]) => {
      for (const change of changes) {
        if (change.op === "put") {
          const r = change.record;
          put.run(
            ...[r.cmid, r.product, r.application, r.hostname, r.fingerprint, r.agent, r.status],
            ...[r.firstContactMs, r.lastContactMs, r.leaseExpiresMs, r.issuedAtSec],
            r.jtis.join(" "),
          );
        } else if (change.op === "discard") discard.run(change.cmid, change.product);
        else if (change.op === "document") {
          document.run(change.name, JSON.stringify(change.value));
        }
      }
    });
  }

  async commit(changes: readonly StateChange[]): Promise<void> {
    this.apply(changes);
    this.#write(changes);
  }

  async close(): Promise<void> {
    this.#db.close();
  }
}

export async function openSqliteStore(folder: string): Promise<CmidStore> {
  const Sqlite = await fetchSqlite();
  await mkdir(folder, { recursive: true });
  return new SqliteStore(new Sqlite(join(folder, "state.sqlite")));
}

/** Installs better-sqlite3 beside the benchmark's data, once; the project does not depend on it. */
export async function fetchSqlite(): Promise<new (path: string) => Database> {
  const folder = join(tmpdir(), "kms-box-bench-sqlite");
  const require = createRequire(join(folder, "package.json"));
  if (!existsSync(join(folder, "node_modules/better-sqlite3/package.json"))) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "package.json"), '{"private":true}');
    const install = ["install", "--no-audit", "--no-fund", `better-sqlite3@${VERSION}`];
    await promisify(execFile)("npm", install, { cwd: folder });
  }
  return require("better-sqlite3") as new (
    path: string,
  ) => Database;
}
