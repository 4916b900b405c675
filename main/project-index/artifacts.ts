import { ContentKey } from "../../contract/ids.ts";
import { type Manifest, StepName } from "../../contract/step.ts";
import type { Database } from "./database.ts";

export type ArtifactRecord = {
  readonly key: ContentKey;
  readonly step: StepName;
  readonly kind: string;
  /** Relative to the workspace, with forward slashes. */
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  readonly summary: Manifest["summary"];
  readonly created: string;
};

type ArtifactRow = {
  key: string;
  step: string;
  kind: string;
  path: string;
  rows: number;
  bytes: number;
  summary: string;
  created: string;
};

export class Artifacts {
  readonly #record;
  readonly #get;
  readonly #ofStep;
  readonly #remove;
  readonly #bytes;

  constructor(database: Database) {
    this.#record = database.prepare<Record<string, string | number>>(
      `INSERT INTO artifacts (key, step, kind, path, rows, bytes, summary, created)
       VALUES (:key, :step, :kind, :path, :rows, :bytes, :summary, :at)
       ON CONFLICT (key) DO UPDATE SET
         kind = excluded.kind, path = excluded.path, rows = excluded.rows,
         bytes = excluded.bytes, summary = excluded.summary, created = excluded.created`,
    );
    this.#get = database.prepare<[string], ArtifactRow>("SELECT * FROM artifacts WHERE key = ?");
    this.#ofStep = database.prepare<[string], ArtifactRow>(
      "SELECT * FROM artifacts WHERE step = ? ORDER BY created DESC",
    );
    this.#remove = database.prepare<[string]>("DELETE FROM artifacts WHERE key = ?");
    this.#bytes = database.prepare<[], { bytes: number }>(
      "SELECT coalesce(sum(bytes), 0) AS bytes FROM artifacts",
    );
  }

  record(key: ContentKey, step: StepName, path: string, manifest: Manifest, at: Date): void {
    this.#record.run({
      key,
      step,
      kind: manifest.kind,
      path,
      rows: manifest.rows,
      bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
      summary: JSON.stringify(manifest.summary),
      at: at.toISOString(),
    });
  }

  get(key: ContentKey): ArtifactRecord | null {
    const row = this.#get.get(key);
    return row ? record(row) : null;
  }

  /** All that a step has left, the newest first. */
  ofStep(step: StepName): ArtifactRecord[] {
    return this.#ofStep.all(step).map(record);
  }

  remove(key: ContentKey): void {
    this.#remove.run(key);
  }

  /** Bytes on disk of all artifacts together. */
  totalBytes(): number {
    return this.#bytes.get()?.bytes ?? 0;
  }
}

function record(row: ArtifactRow): ArtifactRecord {
  return {
    ...row,
    key: ContentKey.parse(row.key),
    step: StepName.parse(row.step),
    summary: JSON.parse(row.summary) as Manifest["summary"],
  };
}
