import type { MirrorConnection } from "./connection.ts";
import type { Key } from "./gathered-changes.ts";
import { type ChangedRows, type KeyRange, keyOf, type MirrorRow } from "./source.ts";
import { statementsFor } from "./statements.ts";
import { MIRRORED, type MirroredTable } from "./tables.ts";

const STATEMENTS = new Map(MIRRORED.map((table) => [table, statementsFor(table)]));

/** How many rows of the mirror a write has changed. */
export interface Written {
  readonly written: number;
  readonly removed: number;
}

/**
 * Brings rows into PostgreSQL, all at once for its readers: what goes first, from those that refer
 * to others on, then what came or changed, the other way round.
 */
export function writeRows(
  connection: MirrorConnection,
  changes: readonly ChangedRows[],
  range: KeyRange | null,
): Promise<Written> {
  return connection.transaction(async () => {
    let removed = 0;
    let written = 0;
    for (const { table, gone } of changes.toReversed()) {
      if (gone.length > 0) removed += await ask(connection, of(table).remove, columnsOf(gone));
    }
    if (range) removed += await removeOthers(connection, range);
    for (const { table, rows } of range ? [...changes, range] : changes) {
      if (rows.length > 0) written += await ask(connection, of(table).upsert, columnsOf(rows));
    }
    return { written, removed };
  });
}

function removeOthers(
  connection: MirrorConnection,
  { table, after, upTo, rows }: KeyRange,
): Promise<number> {
  const sql = of(table).removeOthers({ isAfter: after !== null, isUpTo: upTo !== null });
  const keys = columnsOf(
    rows.map((row) => keyOf(table, row)),
    table.key.length,
  );
  return ask(connection, sql, [...(after ?? []), ...(upTo ?? []), ...keys]);
}

async function ask(connection: MirrorConnection, sql: string, values: unknown[]): Promise<number> {
  return (await connection.query(sql, values)).rowCount ?? 0;
}

/** Rows turned into an array for each column. */
function columnsOf(rows: readonly (MirrorRow | Key)[], width = rows[0]?.length ?? 0): unknown[] {
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column]));
}

function of(table: MirroredTable) {
  return STATEMENTS.get(table) as ReturnType<typeof statementsFor>;
}
