import { Idea } from "../../contract/idea.ts";
import type { IdeaId } from "../../contract/ids.ts";
import type { Database } from "./database.ts";

export type IdeaRecord = {
  readonly id: IdeaId;
  readonly name: string;
  readonly idea: Idea;
  readonly created: string;
  readonly updated: string;
};

type IdeaRow = { document: string; created: string; updated: string };

export class Ideas {
  readonly #save;
  readonly #get;
  readonly #list;
  readonly #remove;

  constructor(database: Database) {
    this.#save = database.prepare<{ id: string; name: string; document: string; at: string }>(
      `INSERT INTO ideas (id, name, document, created, updated)
       VALUES (:id, :name, :document, :at, :at)
       ON CONFLICT (id) DO UPDATE SET
         name = excluded.name, document = excluded.document, updated = excluded.updated
         WHERE document <> excluded.document`,
    );
    this.#get = database.prepare<[string], IdeaRow>(
      "SELECT document, created, updated FROM ideas WHERE id = ?",
    );
    this.#list = database.prepare<[], IdeaRow>(
      "SELECT document, created, updated FROM ideas ORDER BY updated DESC, id",
    );
    this.#remove = database.prepare<[string]>("DELETE FROM ideas WHERE id = ?");
  }

  /** Keeps the idea; one that did not change keeps its `updated` time. */
  save(idea: Idea, at: Date): void {
    const document = JSON.stringify(idea);
    this.#save.run({ id: idea.id, name: idea.name, document, at: at.toISOString() });
  }

  get(id: IdeaId): IdeaRecord | null {
    const row = this.#get.get(id);
    return row ? record(row) : null;
  }

  /** All ideas, the one changed last first. */
  list(): IdeaRecord[] {
    return this.#list.all().map(record);
  }

  remove(id: IdeaId): void {
    this.#remove.run(id);
  }
}

function record(row: IdeaRow): IdeaRecord {
  const idea = Idea.parse(JSON.parse(row.document));
  return { id: idea.id, name: idea.name, idea, created: row.created, updated: row.updated };
}
