import type { MirrorConnection } from "./connection.ts";
import { type Written, writeRows } from "./copy.ts";
import type { Key } from "./gathered-changes.ts";
import { BATCH_ROWS, type KeyRange, type MirrorSource } from "./source.ts";
import { MIRRORED } from "./tables.ts";

export interface Converged extends Written {
  /** Transactions that it took, and rows of the index that were compared. */
  readonly batches: number;
  readonly rows: number;
}

/**
 * Makes the mirror what the index is, table after table, a range of keys in a transaction.
 *
 * Each part is read in one moment together with all that changed in the tables up to this one since
 * the part before: what a row refers to is there before it, although the index is being written.
 * Changes in tables that are yet to come stay gathered until then.
 */
export async function converge(
  connection: MirrorConnection,
  source: MirrorSource,
  signal: AbortSignal,
): Promise<Converged> {
  let done: Converged = { batches: 0, rows: 0, written: 0, removed: 0 };
  for (const [index, table] of MIRRORED.entries()) {
    const soFar = MIRRORED.slice(0, index + 1);
    for (let after: Key | null | undefined = null; after !== undefined; ) {
      signal.throwIfAborted();
      const changes = source.changed(soFar);
      const range: KeyRange | null = source.changes.isEmpty(soFar)
        ? source.range(table, after)
        : null;
      const { written, removed } = await writeRows(connection, changes, range);
      done = {
        batches: done.batches + 1,
        rows: done.rows + (range?.rows.length ?? 0),
        written: done.written + written,
        removed: done.removed + removed,
      };
      if (range) after = range.upTo ?? undefined;
    }
  }
  return done;
}

/** Brings over what was gathered until now. */
export async function follow(connection: MirrorConnection, source: MirrorSource): Promise<void> {
  for (let left = source.changes.size; left > 0; left -= BATCH_ROWS) {
    await writeRows(connection, source.changed(), null);
  }
}
