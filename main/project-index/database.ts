import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Sqlite from "better-sqlite3";
import { WorkbenchError } from "../../contract/problem.ts";
import { Reserve } from "./reserve.ts";

export type Row = Record<string, string | number | null>;

/**
 * One connection to the index file.
 *
 * WAL with `synchronous = NORMAL` survives a killed process with nothing lost: the operating
 * system has the pages. A machine that loses power may lose the last commits, though never the
 * file's consistency. That is fine for progress and not for what was finished, so `durable` syncs
 * its own commit, and with it every one before it in the log.
 */
export class Database {
  readonly file: string;
  readonly #sqlite: Sqlite.Database;
  readonly #reserve: Reserve;

  constructor(file: string) {
    mkdirSync(dirname(file), { recursive: true });
    this.file = file;
    this.#sqlite = openSound(file);
    this.#reserve = new Reserve(`${file}.reserve`);
    this.#reserve.hold();
  }

  prepare<Parameters extends unknown[] | Record<string, unknown>, Result = Row>(
    sql: string,
  ): Sqlite.Statement<Parameters extends unknown[] ? Parameters : [Parameters], Result> {
    return this.#sqlite.prepare(sql) as Sqlite.Statement<
      Parameters extends unknown[] ? Parameters : [Parameters],
      Result
    >;
  }

  execute(sql: string): void {
    this.#sqlite.exec(sql);
  }

  /** Makes a function known to this connection's SQL; its result is not used. */
  define(name: string, work: (argument: unknown) => void): void {
    this.#sqlite.function(name, { directOnly: false }, (argument: unknown) => {
      work(argument);
      return null;
    });
  }

  /**
   * All of `work` or none of it; nested calls become savepoints. On a full disk it is done again
   * in the room that was held in reserve, so `work` must do nothing but read and write the index.
   */
  transaction<T>(work: () => T): T {
    const transaction = this.#sqlite.transaction(work);
    if (this.#sqlite.inTransaction) return transaction.immediate();
    try {
      return transaction.immediate();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      if (!this.#reserve.release()) throw diskFull(this.file, error);
      return transaction.immediate();
    }
  }

  /** A transaction that is on the disk when this returns. */
  durable<T>(work: () => T): T {
    if (this.#sqlite.inTransaction) return this.transaction(work);
    this.#sqlite.pragma("synchronous = FULL");
    try {
      const result = this.transaction(work);
      this.#reserve.hold();
      return result;
    } finally {
      this.#sqlite.pragma("synchronous = NORMAL");
    }
  }

  /** Copies the database as it stands, the log's pages included, to a new file. */
  copyTo(file: string): void {
    mkdirSync(dirname(file), { recursive: true });
    this.#sqlite.prepare("VACUUM INTO ?").run(file);
  }

  close(): void {
    this.#sqlite.close();
  }
}

function openSound(file: string): Sqlite.Database {
  let sqlite: Sqlite.Database | undefined;
  try {
    sqlite = new Sqlite(file);
    sqlite.pragma("busy_timeout = 5000");
    sqlite.pragma("journal_mode = WAL");
    sqlite.pragma("synchronous = NORMAL");
    sqlite.pragma("foreign_keys = ON");
    const verdict = sqlite.pragma("quick_check(1)", { simple: true });
    if (verdict !== "ok") throw new Error(String(verdict));
    return sqlite;
  } catch (error) {
    sqlite?.close();
    throw unopened(file, error);
  }
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code === "SQLITE_FULL";
}

function diskFull(file: string, cause: unknown): WorkbenchError {
  return new WorkbenchError(
    {
      code: "index.disk_full",
      detail: `The disk is full: ${file} could not be written.`,
      hint: "Free some space; what was finished is kept, and `runs resume` takes a run up again.",
      where: { file },
    },
    { cause },
  );
}

function unopened(file: string, error: unknown): WorkbenchError {
  const reason = error instanceof Error ? error.message : String(error);
  const code = error instanceof Sqlite.SqliteError ? error.code : "SQLITE_CORRUPT";
  const damaged = code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB";
  return new WorkbenchError(
    damaged
      ? {
          code: "index.damaged",
          detail: `The project index ${file} is damaged: ${reason}.`,
          hint: "Put it aside and copy the newest file of the workspace's backups folder in its place.",
          where: { file },
        }
      : {
          code: "index.unavailable",
          detail: `The project index ${file} cannot be opened: ${reason}.`,
          hint: "Check that the workspace folder can be written and that its disk is not full.",
          where: { file },
        },
    { cause: error },
  );
}
