import { ContentKey, IdeaId, RunId } from "../../contract/ids.ts";
import { ModelLine } from "../../contract/model.ts";
import { Verdict } from "../../contract/run.ts";
import type { Database } from "./database.ts";

/** A version in the model registry, and the run that made it. */
export type ModelRecord = {
  readonly name: string;
  readonly version: string;
  /** Content key of its registration. */
  readonly key: ContentKey;
  readonly idea: IdeaId;
  readonly run: RunId;
  readonly verdict: Verdict;
  readonly created: string;
};

type ModelRow = Record<keyof ModelRecord, string>;

/** What the run that made a version left; a run that was removed left nothing. */
const LINES = `
  SELECT models.name, models.version, models.key, models.idea, models.run, models.verdict, models.created,
    runs.document ->> '$.name' AS idea_name,
    train.summary ->> '$.rank_ic' AS rank_ic, train.summary ->> '$.trials' AS trials,
    backtest.summary ->> '$.sharpe_net' AS sharpe_net,
    judge.summary ->> '$.deflated_sharpe' AS deflated_sharpe,
    data_versions.data_set, data_versions.version AS data_version,
    (SELECT deployment FROM deployments
     WHERE model = models.name AND deployments.version = models.version AND state = 'live'
     LIMIT 1) AS live
  FROM models
  LEFT JOIN runs ON runs.id = models.run
  LEFT JOIN steps AS trained ON trained.run = models.run AND trained.step = 'train'
  LEFT JOIN artifacts AS train ON train.key = trained.key
  LEFT JOIN steps AS backtested ON backtested.run = models.run AND backtested.step = 'backtest'
  LEFT JOIN artifacts AS backtest ON backtest.key = backtested.key
  LEFT JOIN steps AS judged ON judged.run = models.run AND judged.step = 'judge'
  LEFT JOIN artifacts AS judge ON judge.key = judged.key
  LEFT JOIN steps AS ingested ON ingested.run = models.run AND ingested.step = 'ingest'
  LEFT JOIN data_versions ON data_versions.key = ingested.key
  ORDER BY models.created DESC, models.name, models.version DESC`;

export class Models {
  readonly #record;
  readonly #get;
  readonly #list;
  readonly #lines;

  constructor(database: Database) {
    this.#record = database.prepare<Record<string, string>>(
      `INSERT INTO models (name, version, key, idea, run, verdict, created)
       VALUES (:name, :version, :key, :idea, :run, :verdict, :created)
       ON CONFLICT (name, version) DO UPDATE SET
         key = excluded.key, idea = excluded.idea, run = excluded.run, verdict = excluded.verdict,
         created = excluded.created`,
    );
    this.#get = database.prepare<[string, string], ModelRow>(
      "SELECT * FROM models WHERE name = ? AND version = ?",
    );
    this.#list = database.prepare<[], ModelRow>(
      "SELECT * FROM models ORDER BY created DESC, name, version DESC",
    );
    this.#lines = database.prepare<[], Record<string, unknown>>(LINES);
  }

  record(model: ModelRecord): void {
    this.#record.run({ ...model });
  }

  get(name: string, version: string): ModelRecord | null {
    const row = this.#get.get(name, version);
    return row ? record(row) : null;
  }

  /** All versions, the newest first. */
  list(): ModelRecord[] {
    return this.#list.all().map(record);
  }

  /** All versions with what a list shows of them, the newest first. */
  lines(): ModelLine[] {
    return this.#lines.all().map((row) => ModelLine.parse(row));
  }
}

function record(row: ModelRow): ModelRecord {
  return {
    ...row,
    key: ContentKey.parse(row.key),
    idea: IdeaId.parse(row.idea),
    run: RunId.parse(row.run),
    verdict: Verdict.parse(row.verdict),
  };
}
