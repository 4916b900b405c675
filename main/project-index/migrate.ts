import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { WorkbenchError } from "../../contract/problem.ts";
import type { Database } from "./database.ts";

export type Migration = {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
};

/** The migrations of a folder, `0001_name.sql` and so on, in order and without a gap. */
export function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder)
    .filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name))
    .sort();
  return names.map((file, index) => {
    const number = Number(file.slice(0, 4));
    if (number !== index + 1) throw new Error(`Migration ${file} is out of order.`);
    // A checkout on Windows may change line ends; the statements stay the same.
    const sql = readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n");
    const checksum = createHash("sha256").update(sql).digest("hex");
    return { number, name: file.slice(5, -4), sql, checksum };
  });
}

/**
 * Brings the index to the newest of `migrations`, each in a transaction of its own.
 *
 * An index that already holds something is copied to `backups` first. One that was written by a
 * newer workbench, or by other migrations, is refused and left as it is.
 */
export function migrate(
  database: Database,
  migrations: readonly Migration[],
  { backups, now }: { backups: string; now: () => Date },
): void {
  const applied = appliedMigrations(database);
  const store = {
    ...{
      code: "index",
      name: `The project index ${database.file}`,
      where: { file: database.file },
    },
    ifNewer: "Open the workspace with the newer workbench that wrote it.",
    ifForeign:
      "Open the workspace with the workbench that wrote it, or restore a file of its backups folder.",
  };
  refuseForeign(store, migrations, applied);
  const pending = migrations.slice(applied.length);
  if (pending.length === 0) return;

  if (applied.length > 0) {
    const stamp = now().toISOString().replaceAll(/[:.]/g, "-");
    const version = String(applied.length).padStart(4, "0");
    database.copyTo(join(backups, `index-${version}-${stamp}.db`));
  }
  for (const migration of pending) {
    database.durable(() => {
      database.execute(migration.sql);
      database
        .prepare<[number, string, string, string]>(
          "INSERT INTO migrations (number, name, checksum, applied) VALUES (?, ?, ?, ?)",
        )
        .run(migration.number, migration.name, migration.checksum, now().toISOString());
    });
  }
}

export type AppliedMigration = { number: number; name: string; checksum: string };

function appliedMigrations(database: Database): AppliedMigration[] {
  database.execute(
    `CREATE TABLE IF NOT EXISTS migrations (
       number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied TEXT NOT NULL
     ) STRICT`,
  );
  return database
    .prepare<[], AppliedMigration>("SELECT number, name, checksum FROM migrations ORDER BY number")
    .all();
}

/** Which store was migrated, in the words of an error about it. */
export interface Migrated {
  /** What its codes begin with. */
  readonly code: string;
  readonly name: string;
  readonly where: Readonly<Record<string, unknown>>;
  /** What helps where a newer workbench wrote it, and where another one did. */
  readonly ifNewer: string;
  readonly ifForeign: string;
}

/** Refuses a store that a newer workbench wrote, or other migrations. */
export function refuseForeign(
  store: Migrated,
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
): void {
  if (applied.length > migrations.length) {
    throw new WorkbenchError({
      code: `${store.code}.newer`,
      detail:
        `${store.name} has version ${applied.length}; ` +
        `this workbench knows versions up to ${migrations.length}.`,
      hint: store.ifNewer,
      where: { ...store.where, version: applied.length, known: migrations.length },
    });
  }
  for (const [index, row] of applied.entries()) {
    if (row.checksum === migrations[index]?.checksum) continue;
    throw new WorkbenchError({
      code: `${store.code}.foreign`,
      detail: `${store.name} was made by another migration ${row.number} (${row.name}).`,
      hint: store.ifForeign,
      where: { ...store.where, migration: row.number },
    });
  }
}
