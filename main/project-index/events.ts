import type { RunId } from "../../contract/ids.ts";
import { type NumberedRunEvent, RunEvent } from "../../contract/run.ts";
import type { Database } from "./database.ts";

/** What every run said, numbered from 1 within the run, so that a client can take up again. */
export class Events {
  readonly #append;
  readonly #from;

  constructor(database: Database) {
    this.#append = database.prepare<{ run: string; at: string; event: string }, { seq: number }>(
      `INSERT INTO events (run, seq, at, event)
       VALUES (:run, (SELECT coalesce(max(seq), 0) + 1 FROM events WHERE run = :run), :at, :event)
       RETURNING seq`,
    );
    this.#from = database.prepare<[string, number, number], { seq: number; event: string }>(
      "SELECT seq, event FROM events WHERE run = ? AND seq >= ? ORDER BY seq LIMIT ?",
    );
  }

  append(run: RunId, event: RunEvent, at: Date): NumberedRunEvent {
    const row = this.#append.get({
      run,
      at: at.toISOString(),
      event: JSON.stringify(event),
    });
    if (!row) throw new Error(`The event of ${run} was not numbered.`);
    return { seq: row.seq, run, event };
  }

  /** Up to `limit` events of the run whose number is `seq` or higher. */
  from(run: RunId, seq: number, limit = 500): NumberedRunEvent[] {
    return this.#from
      .all(run, seq, limit)
      .map((row) => ({ seq: row.seq, run, event: RunEvent.parse(JSON.parse(row.event)) }));
  }
}
