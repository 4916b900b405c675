import { type AppliedMigration, type Migrated, type Migration, refuseForeign } from "../migrate.ts";
import type { MirrorConnection } from "./connection.ts";

/** A number of our own for PostgreSQL's advisory locks, which are the database's. */
const LOCK = 5_170_001;

const MIRROR: Migrated = {
  ...{ code: "mirror", name: "PostgreSQL's database index", where: { database: "index" } },
  ifNewer: "Open the workspace with the newer workbench that made it.",
  ifForeign:
    "Open the workspace with the workbench that made it, or drop its tables: they are made and filled anew.",
};

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
    refuseForeign(MIRROR, migrations, applied);
    for (const { number, name, checksum, sql } of migrations.slice(applied.length)) {
      await connection.query(sql);
      await connection.query(
        "INSERT INTO migrations (number, name, checksum, applied) VALUES ($1, $2, $3, now())",
        [number, name, checksum],
      );
    }
  });
}

async function appliedMigrations(connection: MirrorConnection): Promise<AppliedMigration[]> {
  await connection.query(
    `CREATE TABLE IF NOT EXISTS migrations (
       number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,
       applied timestamptz NOT NULL)`,
  );
  const { rows } = await connection.query<AppliedMigration>(
    "SELECT number, name, checksum FROM migrations ORDER BY number",
  );
  return rows;
}
