import type { RunId } from "../../contract/ids.ts";
import { type NumberedRunEvent, RunEvent } from "../../contract/run.ts";
import type { StepEvent, StepName } from "../../contract/step.ts";
import type { Database } from "./database.ts";

/** What every run said, numbered from 1 within the run, so that a client can take up again. */
export class Events {
  readonly #database: Database;
  readonly #append;
  readonly #from;
  readonly #ofStep;

  constructor(database: Database) {
    this.#database = database;
    this.#append = database.prepare<{ run: string; at: string; event: string }, { seq: number }>(
      `INSERT INTO events (run, seq, at, event)
       VALUES (:run, (SELECT coalesce(max(seq), 0) + 1 FROM events WHERE run = :run), :at, :event)
       RETURNING seq`,
    );
    this.#from = database.prepare<[string, number, number], { seq: number; event: string }>(
      "SELECT seq, event FROM events WHERE run = ? AND seq >= ? ORDER BY seq LIMIT ?",
    );
    this.#ofStep = database.prepare<{ run: string; step: string }, { at: string; event: string }>(
      `SELECT at, event FROM events
       WHERE run = :run AND event ->> '$.type' = 'news' AND event ->> '$.step' = :step
       ORDER BY seq`,
    );
  }

  append(run: RunId, event: RunEvent, at: Date): NumberedRunEvent {
    const entry = { run, at: at.toISOString(), event: JSON.stringify(event) };
    const row = this.#database.transaction(() => this.#append.get(entry));
    if (!row) throw new Error(`The event of ${run} was not numbered.`);
    return { seq: row.seq, run, event };
  }

  /** Up to `limit` events of the run whose number is `seq` or higher. */
  from(run: RunId, seq: number, limit = 500): NumberedRunEvent[] {
    return this.#from
      .all(run, seq, limit)
      .map((row) => ({ seq: row.seq, run, event: RunEvent.parse(JSON.parse(row.event)) }));
  }

  /** All that a step of a run said, and when. */
  ofStep(run: RunId, step: StepName): { at: string; news: StepEvent }[] {
    return this.#ofStep.all({ run, step }).flatMap(({ at, event }) => {
      const parsed = RunEvent.parse(JSON.parse(event));
      return parsed.type === "news" ? [{ at, news: parsed.news }] : [];
    });
  }
}
