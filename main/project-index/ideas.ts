import { Idea } from "../../contract/idea.ts";
import { IdeaId } from "../../contract/ids.ts";
import type { Database } from "./database.ts";

export type IdeaRecord = {
  readonly id: IdeaId;
  readonly name: string;
  readonly idea: Idea;
  /** The document as a person wrote it, where it came from a text. */
  readonly yaml: string | null;
  readonly created: string;
  readonly updated: string;
  /** When it was put out of sight; null: it is in the list. */
  readonly archived: string | null;
};

type IdeaTableRow = {
  document: string;
  yaml: string | null;
  created: string;
  updated: string;
  archived: string | null;
};

export class Ideas {
  readonly #save;
  readonly #get;
  readonly #list;
  readonly #ids;
  readonly #archive;
  readonly #remove;

  constructor(database: Database) {
    // A document that did not change keeps the text it came from, unless there is a newer one.
    this.#save = database.prepare<Record<string, string | null>>(
      `INSERT INTO ideas (id, name, document, searched, yaml, created, updated)
       VALUES (:id, :name, :document, :searched, :yaml, :at, :at)
       ON CONFLICT (id) DO UPDATE SET
         name = excluded.name, document = excluded.document, searched = excluded.searched,
         updated = CASE WHEN document = excluded.document THEN updated ELSE excluded.updated END,
         yaml = CASE WHEN document = excluded.document THEN coalesce(excluded.yaml, yaml)
                ELSE excluded.yaml END,
         archived = NULL
       WHERE document <> excluded.document OR archived IS NOT NULL
         OR (excluded.yaml IS NOT NULL AND yaml IS NOT excluded.yaml)`,
    );
    this.#get = database.prepare<[string], IdeaTableRow>(
      "SELECT document, yaml, created, updated, archived FROM ideas WHERE id = ?",
    );
    this.#list = database.prepare<[], IdeaTableRow>(
      `SELECT document, yaml, created, updated, archived FROM ideas ORDER BY updated DESC, id`,
    );
    this.#ids = database.prepare<[string, number], { id: string }>(
      "SELECT id FROM ideas WHERE id GLOB ? || '*' LIMIT ?",
    );
    this.#archive = database.prepare<{ id: string; at: string | null }>(
      "UPDATE ideas SET archived = :at WHERE id = :id AND (archived IS NULL) <> (:at IS NULL)",
    );
    this.#remove = database.prepare<[string]>("DELETE FROM ideas WHERE id = ?");
  }

  /**
   * Keeps the idea, and brings it back into the list if it was archived; one that did not change
   * keeps its `updated` time.
   *
   * @param yaml the text that a person wrote, if any; one that begins with a brace is a program's
   */
  save(idea: Idea, at: Date, yaml: string | null = null): void {
    const document = JSON.stringify(idea);
    this.#save.run({
      id: idea.id,
      name: idea.name,
      document,
      searched: `${idea.name} ${idea.id} ${idea.description}`.toLowerCase(),
      yaml: yaml?.trimStart().startsWith("{") ? null : yaml,
      at: at.toISOString(),
    });
  }

  get(id: IdeaId): IdeaRecord | null {
    const row = this.#get.get(id);
    return row ? record(row) : null;
  }

  /** All ideas, archived ones too, the one changed last first. */
  list(): IdeaRecord[] {
    return this.#list.all().map(record);
  }

  /** The wanted id where it is free, else the first free one of `wanted-2`, `wanted-3` and so on. */
  freeId(wanted: IdeaId): IdeaId {
    const taken = new Set(this.#ids.all(wanted.slice(0, 50), -1).map(({ id }) => id));
    if (!taken.has(wanted)) return wanted;
    for (let number = 2; ; number++) {
      const id = IdeaId.parse(`${wanted.slice(0, 50).replace(/-+$/, "")}-${number}`);
      if (!taken.has(id)) return id;
    }
  }

  /** Puts an idea out of sight, or (with null) back into the list. */
  archive(id: IdeaId, at: Date | null): void {
    this.#archive.run({ id, at: at ? at.toISOString() : null });
  }

  remove(id: IdeaId): void {
    this.#remove.run(id);
  }
}

function record(row: IdeaTableRow): IdeaRecord {
  const idea = Idea.parse(JSON.parse(row.document));
  const { yaml, created, updated, archived } = row;
  return { id: idea.id, name: idea.name, idea, yaml, created, updated, archived };
}
