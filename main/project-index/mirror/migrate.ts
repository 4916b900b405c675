import { WorkbenchError } from "../../../contract/problem.ts";
import type { Migration } from "../migrate.ts";
import type { MirrorConnection } from "./connection.ts";

/** A number of our own for PostgreSQL's advisory locks, which are the database's. */
const LOCK = 5_170_001;

type Applied = { number: number; name: string; checksum: string };

/**
 * Brings the mirror to the newest of `migrations`: all that are missing, or none. One that a newer
 * workbench made, or other migrations, is refused and left as it is.
 */
export async function migrateMirror(
  connection: MirrorConnection,
  migrations: readonly Migration[],
): Promise<void> {
  await connection.transaction(async () => {
    await connection.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
    const applied = await appliedMigrations(connection);
    refuseForeign(migrations, applied);
    for (const { number, name, checksum, sql } of migrations.slice(applied.length)) {
      await connection.query(sql);
      await connection.query(
        "INSERT INTO migrations (number, name, checksum, applied) VALUES ($1, $2, $3, now())",
        [number, name, checksum],
      );
    }
  });
}

async function appliedMigrations(connection: MirrorConnection): Promise<Applied[]> {
  await connection.query(
    `CREATE TABLE IF NOT EXISTS migrations (
       number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,
       applied timestamptz NOT NULL)`,
  );
  const { rows } = await connection.query<Applied>(
    "SELECT number, name, checksum FROM migrations ORDER BY number",
  );
  return rows;
}

function refuseForeign(migrations: readonly Migration[], applied: readonly Applied[]): void {
  if (applied.length > migrations.length) {
    throw new WorkbenchError({
      code: "mirror.newer",
      detail:
        `PostgreSQL's database index has version ${applied.length}; ` +
        `this workbench knows versions up to ${migrations.length}.`,
      hint: "Open the workspace with the newer workbench that made it.",
      where: { database: "index", version: applied.length, known: migrations.length },
    });
  }
  for (const [index, row] of applied.entries()) {
    if (row.checksum === migrations[index]?.checksum) continue;
    throw new WorkbenchError({
      code: "mirror.foreign",
      detail: `PostgreSQL's database index was made by another migration ${row.number} (${row.name}).`,
      hint: "Open the workspace with the workbench that made it, or drop its tables: they are made and filled anew.",
      where: { database: "index", migration: row.number },
    });
  }
}
