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

/** How much an idea has tried on a data set, and what became of it. */
export type IdeaTrials = {
  readonly idea: IdeaId;
  /** Another name of the same bars, where it was tried on that. */
  readonly data_set: DataSetName;
  readonly trials: number;
  readonly complete: number;
  readonly pruned: number;
  readonly failed: number;
  readonly cancelled: number;
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

/** The data set, and all others that hold or ever held the same bars. */
const SAME_BARS = `(data_set = :dataSet OR data_set IN (
  SELECT other.data_set FROM data_contents AS own
  JOIN data_contents AS other ON other.content = own.content
  WHERE own.data_set = :dataSet))`;

/** How much was tried on the bars of a data set, and by how many ideas. */
export type Tried = { readonly trials: number; readonly ideas: number };

type OfDataSet = { dataSet: string };

/**
 * The ledger: every configuration ever fitted on a data set, failed, pruned and cancelled ones
 * too. Nothing is ever taken out of it. A data set answers for the trials on its bars under
 * whatever name: importing them again is no new beginning.
 */
export class Trials {
  readonly #record;
  readonly #count;
  readonly #tried;
  readonly #countUpTo;
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
    this.#count = database.prepare<OfDataSet, { trials: number }>(
      `SELECT count(*) AS trials FROM trials WHERE ${SAME_BARS}`,
    );
    // From the few data sets that were tried to all that answer for them, not the other way round:
    // there may be ten thousand.
    this.#tried = database.prepare<[], Tried & { name: string }>(
      `WITH answering (name, data_set) AS (
         SELECT data_set, data_set FROM trials
         UNION
         SELECT own.data_set, other.data_set FROM data_contents AS other
         JOIN data_contents AS own ON own.content = other.content
         WHERE other.data_set IN (SELECT data_set FROM trials))
       SELECT name, count(*) AS trials, count(DISTINCT idea) AS ideas
       FROM answering JOIN trials USING (data_set) GROUP BY name`,
    );
    this.#countUpTo = database.prepare<OfDataSet & { artifact: string }, { trials: number }>(
      `SELECT count(*) AS trials FROM trials
       WHERE ${SAME_BARS}
         AND id <= (SELECT coalesce(max(id), 0) FROM trials WHERE artifact = :artifact)`,
    );
    this.#byIdea = database.prepare<OfDataSet, IdeaTrials>(
      `SELECT idea, data_set, count(*) AS trials,
         sum(state = 'complete') AS complete, sum(state = 'pruned') AS pruned,
         sum(state = 'failed') AS failed, sum(state = 'cancelled') AS cancelled,
         count(DISTINCT run) AS runs, max(score) AS best, max(created) AS last
       FROM trials WHERE ${SAME_BARS}
       GROUP BY idea, data_set ORDER BY trials DESC, idea, data_set`,
    );
    this.#ofArtifact = database.prepare<[string], TrialRow>(
      "SELECT * FROM trials WHERE artifact = ? ORDER BY id",
    );
    this.#ofDataSet = database.prepare<OfDataSet, TrialRow>(
      `SELECT * FROM trials WHERE ${SAME_BARS} ORDER BY id`,
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

  /** All trials ever made on the bars of the data set. */
  count(dataSet: DataSetName): number {
    return this.#count.get({ dataSet })?.trials ?? 0;
  }

  /** Of each data set that answers for trials; those that answer for none are not there. */
  tried(): ReadonlyMap<string, Tried> {
    return new Map(this.#tried.all().map(({ name, ...tried }) => [name, tried]));
  }

  /** Trials made on its bars before, or for, the artifact: later ones cannot change it. */
  countUpTo(dataSet: DataSetName, artifact: ContentKey): number {
    return this.#countUpTo.get({ dataSet, artifact })?.trials ?? 0;
  }

  /** Who made how many of them, the most first. */
  byIdea(dataSet: DataSetName): IdeaTrials[] {
    return this.#byIdea.all({ dataSet }).map((row) => ({
      ...row,
      idea: IdeaId.parse(row.idea),
      data_set: DataSetName.parse(row.data_set),
    }));
  }

  ofArtifact(artifact: ContentKey): TrialRecord[] {
    return this.#ofArtifact.all(artifact).map(record);
  }

  /** The ledger of a data set in the order in which it was written. */
  ofDataSet(dataSet: DataSetName): TrialRecord[] {
    return this.#ofDataSet.all({ dataSet }).map(record);
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
