import { ContentKey, type RunId } from "../../contract/ids.ts";
import { Problem } from "../../contract/problem.ts";
import { StepState } from "../../contract/run.ts";
import { StepName } from "../../contract/step.ts";
import type { Database } from "./database.ts";

/** One step's execution within a run. */
export type StepRecord = {
  readonly step: StepName;
  readonly state: StepState;
  readonly key: ContentKey | null;
  readonly started: string | null;
  readonly ended: string | null;
  readonly seconds: number | null;
  readonly problem: Problem | null;
};

type StepRow = {
  step: string;
  state: string;
  key: string | null;
  started: string | null;
  ended: string | null;
  seconds: number | null;
  problem: string | null;
};

/** How long a step once took, and over how many rows of bars. */
export type PastDuration = { readonly seconds: number; readonly rows: number | null };

export class Steps {
  readonly #plan;
  readonly #interrupt;
  readonly #start;
  readonly #end;
  readonly #ofRun;
  readonly #past;

  constructor(database: Database) {
    this.#plan = database.prepare<{ run: string; step: string; position: number }>(
      `INSERT INTO steps (run, step, position, state) VALUES (:run, :step, :position, 'waiting')
       ON CONFLICT (run, step) DO UPDATE SET
         state = 'waiting', started = NULL, ended = NULL, seconds = NULL, problem = NULL`,
    );
    this.#interrupt = database.prepare<[string]>(
      "UPDATE steps SET state = 'waiting', started = NULL WHERE run = ? AND state = 'running'",
    );
    this.#start = database.prepare<Record<string, string | null>>(
      `UPDATE steps SET state = 'running', key = coalesce(:key, key), started = :at
       WHERE run = :run AND step = :step`,
    );
    this.#end = database.prepare<Record<string, string | number | null>>(
      `UPDATE steps SET state = :state, key = coalesce(:key, key), started = coalesce(started, :at),
         ended = :at, seconds = :seconds, rows = :rows, problem = :problem
       WHERE run = :run AND step = :step`,
    );
    this.#ofRun = database.prepare<[string], StepRow>(
      `SELECT step, state, key, started, ended, seconds, problem
       FROM steps WHERE run = ? ORDER BY position`,
    );
    this.#past = database.prepare<[string, number], PastDuration>(
      `SELECT seconds, rows FROM steps
       WHERE step = ? AND state = 'done' AND seconds IS NOT NULL ORDER BY ended DESC LIMIT ?`,
    );
  }

  /** Every step waiting, as at the beginning of a run; the keys of an earlier attempt stay. */
  plan(run: RunId, steps: readonly StepName[]): void {
    for (const [position, step] of steps.entries()) this.#plan.run({ run, step, position });
  }

  /** The step that was at work when the run was cut off waits again. */
  interrupt(run: RunId): void {
    this.#interrupt.run(run);
  }

  start(run: RunId, step: StepName, key: ContentKey | null, at: Date): void {
    this.#start.run({ run, step, key, at: at.toISOString() });
  }

  /** @param end.rows bars that the run is about, for later estimates of time. */
  end(
    run: RunId,
    step: StepName,
    end: {
      state: Exclude<StepState, "running">;
      key: ContentKey | null;
      seconds: number | null;
      rows: number | null;
      problem: Problem | null;
      at: Date;
    },
  ): void {
    this.#end.run({
      run,
      step,
      state: end.state,
      key: end.key,
      seconds: end.seconds,
      rows: end.rows,
      problem: end.problem ? JSON.stringify(end.problem) : null,
      at: end.at.toISOString(),
    });
  }

  /** The steps of a run in their order. */
  ofRun(run: RunId): StepRecord[] {
    return this.#ofRun.all(run).map(record);
  }

  /** What the step took when it was last really done, the newest first. */
  pastDurations(step: StepName, limit = 10): PastDuration[] {
    return this.#past.all(step, limit);
  }
}

function record(row: StepRow): StepRecord {
  return {
    step: StepName.parse(row.step),
    state: StepState.parse(row.state),
    key: row.key === null ? null : ContentKey.parse(row.key),
    started: row.started,
    ended: row.ended,
    seconds: row.seconds,
    problem: row.problem === null ? null : Problem.parse(JSON.parse(row.problem)),
  };
}
