/** What a column holds; PostgreSQL has a type for each, SQLite only text and numbers. */
export type ColumnKind = "text" | "integer" | "real" | "time" | "date" | "json";

export interface MirroredTable {
  readonly name: string;
  /** Columns of the primary key, in its order. */
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, ColumnKind>>;
}

/**
 * What is mirrored, what others refer to first. Of runs not the files that they were given, of ideas
 * not the text for searches, and neither events nor bookkeeping: what is here, others will rely on.
 */
export const MIRRORED: readonly MirroredTable[] = [
  {
    name: "ideas",
    key: ["id"],
    columns: {
      id: "text",
      name: "text",
      document: "json",
      yaml: "text",
      created: "time",
      updated: "time",
      archived: "time",
    },
  },
  {
    name: "runs",
    key: ["id"],
    columns: {
      id: "text",
      idea: "text",
      document: "json",
      state: "text",
      started: "time",
      ended: "time",
      seconds: "real",
      problem: "json",
      verdict: "text",
      rank_ic: "real",
    },
  },
  {
    name: "steps",
    key: ["run", "step"],
    columns: {
      run: "text",
      step: "text",
      position: "integer",
      state: "text",
      key: "text",
      started: "time",
      ended: "time",
      seconds: "real",
      rows: "integer",
      problem: "json",
    },
  },
  {
    name: "artifacts",
    key: ["key"],
    columns: {
      key: "text",
      step: "text",
      kind: "text",
      path: "text",
      rows: "integer",
      bytes: "integer",
      summary: "json",
      created: "time",
    },
  },
  {
    name: "data_versions",
    key: ["key"],
    columns: {
      key: "text",
      sequence: "integer",
      data_set: "text",
      version: "integer",
      request: "text",
      source_hash: "text",
      base: "text",
      rows: "integer",
      symbols: "integer",
      first: "date",
      last: "date",
      created: "time",
    },
  },
  {
    name: "models",
    key: ["name", "version"],
    columns: {
      name: "text",
      version: "text",
      key: "text",
      idea: "text",
      run: "text",
      verdict: "text",
      created: "time",
    },
  },
  {
    name: "deployments",
    key: ["deployment"],
    columns: {
      deployment: "text",
      run: "text",
      model: "text",
      version: "text",
      endpoint: "text",
      state: "text",
      created: "time",
      ready_seconds: "real",
      verdict: "text",
      against_verdict: "text",
    },
  },
  {
    name: "trials",
    key: ["id"],
    columns: {
      id: "integer",
      data_set: "text",
      artifact: "text",
      number: "integer",
      params_hash: "text",
      idea: "text",
      run: "text",
      engine: "text",
      params: "json",
      state: "text",
      score: "real",
      fold_scores: "json",
      seconds: "real",
      error: "text",
      created: "time",
    },
  },
];
