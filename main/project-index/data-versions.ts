import { ContentKey, DataSetName } from "../../contract/ids.ts";
import type { Database } from "./database.ts";

/** One immutable state of a data set: what one import left. */
export type DataVersion = {
  /** Content key of the ingest that made it. */
  readonly key: ContentKey;
  readonly name: DataSetName;
  /** Version of the Delta table. */
  readonly version: number;
  /** Hash of the import apart from what it was added to: sources, parameters, code. */
  readonly request: string;
  readonly source_hash: string;
  /** What it was added to: the key of a version, or the hash of a commit without one. */
  readonly base: string | null;
  readonly rows: number;
  readonly symbols: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly created: string;
};

type DataVersionRow = {
  key: string;
  data_set: string;
  version: number;
  request: string;
  source_hash: string;
  base: string | null;
  rows: number;
  symbols: number;
  first: string | null;
  last: string | null;
  created: string;
};

export class DataVersions {
  readonly #record;
  readonly #get;
  readonly #ofDataSet;
  readonly #list;
  readonly #counts;
  readonly #remove;

  constructor(database: Database) {
    this.#record = database.prepare<Record<string, string | number | null>>(
      `INSERT INTO data_versions
         (key, data_set, version, request, source_hash, base, rows, symbols, first, last, created)
       VALUES (:key, :name, :version, :request, :source_hash, :base, :rows, :symbols, :first, :last,
         :created)
       ON CONFLICT (key) DO UPDATE SET
         version = excluded.version, rows = excluded.rows, symbols = excluded.symbols,
         first = excluded.first, last = excluded.last, created = excluded.created`,
    );
    this.#get = database.prepare<[string], DataVersionRow>(
      "SELECT * FROM data_versions WHERE key = ?",
    );
    this.#ofDataSet = database.prepare<[string], DataVersionRow>(
      "SELECT * FROM data_versions WHERE data_set = ? ORDER BY sequence DESC",
    );
    this.#list = database.prepare<[], DataVersionRow>(
      `SELECT * FROM data_versions
       WHERE sequence IN (SELECT max(sequence) FROM data_versions GROUP BY data_set)
       ORDER BY data_set`,
    );
    this.#counts = database.prepare<[], { data_set: string; versions: number }>(
      "SELECT data_set, count(*) AS versions FROM data_versions GROUP BY data_set",
    );
    this.#remove = database.prepare<[string]>("DELETE FROM data_versions WHERE key = ?");
  }

  record(version: DataVersion): void {
    this.#record.run({ ...version });
  }

  get(key: ContentKey): DataVersion | null {
    const row = this.#get.get(key);
    return row ? record(row) : null;
  }

  /** All versions of a data set, the newest import first. */
  ofDataSet(name: DataSetName): DataVersion[] {
    return this.#ofDataSet.all(name).map(record);
  }

  /** The newest version of every data set, by name. */
  list(): DataVersion[] {
    return this.#list.all().map(record);
  }

  /** How many versions each data set has. */
  counts(): ReadonlyMap<string, number> {
    return new Map(this.#counts.all().map(({ data_set, versions }) => [data_set, versions]));
  }

  remove(key: ContentKey): void {
    this.#remove.run(key);
  }
}

function record(row: DataVersionRow): DataVersion {
  return {
    key: ContentKey.parse(row.key),
    name: DataSetName.parse(row.data_set),
    version: row.version,
    request: row.request,
    source_hash: row.source_hash,
    base: row.base,
    rows: row.rows,
    symbols: row.symbols,
    first: row.first,
    last: row.last,
    created: row.created,
  };
}
