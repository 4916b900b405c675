import { ContentKey, DataSetName, IdeaId, RunId } from "../../contract/ids.ts";
import { StepEvent, type TrialEvent } from "../../contract/step.ts";
import type { Database } from "./database.ts";

/** The work that a trial belongs to. */
export type TrialOrigin = {
  readonly data_set: DataSetName;
  /** Content key of the train step that fitted it. */
  readonly artifact: ContentKey;
  readonly idea: IdeaId;
  readonly run: RunId;
};

/** How much was tried on a data set, and by how many ideas. */
export type DataSetTrials = {
  readonly data_set: string;
  readonly trials: number;
  readonly ideas: number;
};

/** How much an idea has tried on a data set. */
export type IdeaTrials = {
  readonly idea: IdeaId;
  readonly trials: number;
  readonly failed: number;
  readonly runs: number;
  readonly best: number | null;
  readonly last: string;
};

export type TrialRecord = TrialOrigin & { readonly trial: TrialEvent; readonly created: string };

type TrialRow = {
  data_set: string;
  artifact: string;
  idea: string;
  run: string;
  number: number;
  engine: string;
  params: string;
  state: string;
  score: number | null;
  fold_scores: string;
  seconds: number;
  error: string | null;
  created: string;
};

/**
 * The ledger: every configuration ever fitted on a data set, failed, pruned and cancelled ones
 * too. Nothing is ever taken out of it.
 */
export class Trials {
  readonly #record;
  readonly #count;
  readonly #countUpTo;
  readonly #byDataSet;
  readonly #byIdea;
  readonly #ofArtifact;
  readonly #ofDataSet;

  constructor(database: Database) {
    this.#record = database.prepare<Record<string, string | number | null>>(
      `INSERT INTO trials (data_set, artifact, number, params_hash, idea, run, engine, params,
         state, score, fold_scores, seconds, error, created)
       VALUES (:data_set, :artifact, :number, :paramsHash, :idea, :run, :engine, :params,
         :state, :score, :foldScores, :seconds, :error, :at)
       ON CONFLICT (artifact, number, params_hash) DO UPDATE SET
         state = excluded.state, score = excluded.score, fold_scores = excluded.fold_scores,
         seconds = excluded.seconds, error = excluded.error
         WHERE state <> 'complete'`,
    );
    this.#count = database.prepare<[string], { trials: number }>(
      "SELECT count(*) AS trials FROM trials WHERE data_set = ?",
    );
    this.#countUpTo = database.prepare<{ dataSet: string; artifact: string }, { trials: number }>(
      `SELECT count(*) AS trials FROM trials
       WHERE data_set = :dataSet
         AND id <= (SELECT coalesce(max(id), 0) FROM trials WHERE artifact = :artifact)`,
    );
    this.#byDataSet = database.prepare<[], DataSetTrials>(
      `SELECT data_set, count(*) AS trials, count(DISTINCT idea) AS ideas
       FROM trials GROUP BY data_set`,
    );
    this.#byIdea = database.prepare<[string], IdeaTrials>(
      `SELECT idea, count(*) AS trials, sum(state = 'failed') AS failed,
         count(DISTINCT run) AS runs, max(score) AS best, max(created) AS last
       FROM trials WHERE data_set = ? GROUP BY idea ORDER BY trials DESC, idea`,
    );
    this.#ofArtifact = database.prepare<[string], TrialRow>(
      "SELECT * FROM trials WHERE artifact = ? ORDER BY id",
    );
    this.#ofDataSet = database.prepare<[string], TrialRow>(
      "SELECT * FROM trials WHERE data_set = ? ORDER BY id",
    );
  }

  /**
   * Enters a trial. The same configuration under the same number, fitted again for the same
   * artifact by a retry, is the trial that is there already; only its outcome is completed.
   *
   * @param paramsHash hash of the trial's engine and parameters in canonical form.
   */
  record(origin: TrialOrigin, trial: TrialEvent, paramsHash: string, at: Date): void {
    this.#record.run({
      ...origin,
      paramsHash,
      number: trial.number,
      engine: trial.engine,
      params: JSON.stringify(trial.params),
      state: trial.state,
      score: trial.score ?? null,
      foldScores: JSON.stringify(trial.fold_scores),
      seconds: trial.seconds,
      error: trial.error ?? null,
      at: at.toISOString(),
    });
  }

  /** All trials ever made on the data set. */
  count(dataSet: DataSetName): number {
    return this.#count.get(dataSet)?.trials ?? 0;
  }

  /** Trials made on the data set before, or for, the artifact: later ones cannot change it. */
  countUpTo(dataSet: DataSetName, artifact: ContentKey): number {
    return this.#countUpTo.get({ dataSet, artifact })?.trials ?? 0;
  }

  /** How many each data set has; those without any are left out. */
  byDataSet(): DataSetTrials[] {
    return this.#byDataSet.all();
  }

  /** Who made how many of them, the most first. */
  byIdea(dataSet: DataSetName): IdeaTrials[] {
    return this.#byIdea.all(dataSet).map((row) => ({ ...row, idea: IdeaId.parse(row.idea) }));
  }

  ofArtifact(artifact: ContentKey): TrialRecord[] {
    return this.#ofArtifact.all(artifact).map(record);
  }

  /** The ledger of a data set in the order in which it was written. */
  ofDataSet(dataSet: DataSetName): TrialRecord[] {
    return this.#ofDataSet.all(dataSet).map(record);
  }
}

function record(row: TrialRow): TrialRecord {
  const trial = StepEvent.parse({
    kind: "trial",
    number: row.number,
    engine: row.engine,
    params: JSON.parse(row.params),
    state: row.state,
    score: row.score,
    fold_scores: JSON.parse(row.fold_scores),
    seconds: row.seconds,
    error: row.error,
  }) as TrialEvent;
  return {
    data_set: DataSetName.parse(row.data_set),
    artifact: ContentKey.parse(row.artifact),
    idea: IdeaId.parse(row.idea),
    run: RunId.parse(row.run),
    trial,
    created: row.created,
  };
}
