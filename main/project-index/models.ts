import { ContentKey, IdeaId, RunId } from "../../contract/ids.ts";
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

export class Models {
  readonly #record;
  readonly #get;
  readonly #list;

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
