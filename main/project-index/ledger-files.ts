import { type ContentKey, IdeaId, RunId } from "../../contract/ids.ts";
import type { Database } from "./database.ts";

/** The files that engines write trials down in: how far they were read, and whose work they tell of. */
export class LedgerFiles {
  readonly #read;
  readonly #mark;
  readonly #maker;

  constructor(database: Database) {
    this.#read = database.prepare<[string], { bytes: number }>(
      "SELECT bytes FROM ledger_files WHERE name = ?",
    );
    this.#mark = database.prepare<{ name: string; bytes: number }>(
      `INSERT INTO ledger_files (name, bytes) VALUES (:name, :bytes)
       ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes`,
    );
    this.#maker = database.prepare<[string], { run: string; idea: string }>(
      `SELECT runs.id AS run, runs.idea FROM steps JOIN runs ON runs.id = steps.run
       WHERE steps.key = ? ORDER BY runs.id LIMIT 1`,
    );
  }

  /** Bytes of the file that were taken in. */
  read(name: string): number {
    return this.#read.get(name)?.bytes ?? 0;
  }

  mark(name: string, bytes: number): void {
    this.#mark.run({ name, bytes });
  }

  /** The run of this workspace that makes, or made, the artifact; null where it is nobody's here. */
  makerOf(artifact: ContentKey): { run: RunId; idea: IdeaId } | null {
    const found = this.#maker.get(artifact);
    return found ? { run: RunId.parse(found.run), idea: IdeaId.parse(found.idea) } : null;
  }
}
