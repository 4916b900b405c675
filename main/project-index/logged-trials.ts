import { ContentKey } from "../../contract/ids.ts";
import type { Database } from "./database.ts";

/** Train steps whose artifact a run has registered, with all of its trials. */
const REGISTERED = `
  SELECT train.key FROM steps AS train JOIN steps AS register ON register.run = train.run
  WHERE train.step = 'train' AND train.key IS NOT NULL
    AND register.step = 'register' AND register.state IN ('done', 'cached')`;

/** Which of the ledger's trials the tracking server knows of, beside those of registered models. */
export class LoggedTrials {
  readonly #pending;
  readonly #superseded;
  readonly #mark;
  readonly #forget;

  constructor(database: Database) {
    this.#pending = database.prepare<[], { artifact: string }>(
      `SELECT artifact FROM trials
       WHERE artifact NOT IN (${REGISTERED})
         AND run NOT IN (SELECT run FROM runs WHERE state = 'running')
       GROUP BY artifact
       HAVING count(*) > coalesce(
         (SELECT trials FROM logged_trials AS told WHERE told.artifact = trials.artifact), 0)
       ORDER BY min(id)`,
    );
    this.#superseded = database.prepare<[], { artifact: string }>(
      `SELECT artifact FROM logged_trials WHERE artifact IN (${REGISTERED})`,
    );
    this.#mark = database.prepare<{ artifact: string; trials: number; at: string }>(
      `INSERT INTO logged_trials (artifact, trials, at) VALUES (:artifact, :trials, :at)
       ON CONFLICT (artifact) DO UPDATE SET trials = excluded.trials, at = excluded.at`,
    );
    this.#forget = database.prepare<[string]>("DELETE FROM logged_trials WHERE artifact = ?");
  }

  /** Train steps with trials that no run has registered, that none is at, and that are not told. */
  pending(): ContentKey[] {
    return this.#pending.all().map(({ artifact }) => ContentKey.parse(artifact));
  }

  /** Told ones of which a run has registered the model since: it has told of them itself. */
  superseded(): ContentKey[] {
    return this.#superseded.all().map(({ artifact }) => ContentKey.parse(artifact));
  }

  mark(artifact: ContentKey, trials: number, at: Date): void {
    this.#mark.run({ artifact, trials, at: at.toISOString() });
  }

  forget(artifact: ContentKey): void {
    this.#forget.run(artifact);
  }
}
