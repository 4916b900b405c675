import type { Database } from "../database.ts";
import { GatheredChanges, type Key } from "./gathered-changes.ts";
import { MIRRORED, type MirroredTable } from "./tables.ts";
import { storable, type Value } from "./values.ts";

/** A row as PostgreSQL can store it: the table's columns in their order. */
export type MirrorRow = readonly Value[];

/** All rows of a table whose keys come after one and not after another. */
export interface KeyRange {
  readonly table: MirroredTable;
  /** Null: from the first on. */
  readonly after: Key | null;
  /** Null: to the last. */
  readonly upTo: Key | null;
  readonly rows: readonly MirrorRow[];
}

/** Single rows of a table as they are now; of those that are gone, the keys. */
export interface ChangedRows {
  readonly table: MirroredTable;
  readonly rows: readonly MirrorRow[];
  readonly gone: readonly Key[];
}

/** The most rows, and about the most characters, that are read and sent at once. */
export const BATCH_ROWS = 500;
const BATCH_CHARACTERS = 1_000_000;

/** The index as its mirror reads it: in small parts, for whoever else waits for this process. */
export class MirrorSource {
  readonly changes: GatheredChanges;
  readonly #database: Database;
  readonly #queries = new Map<MirroredTable, TableQueries>();

  constructor(database: Database) {
    this.#database = database;
    this.changes = new GatheredChanges(database);
  }

  /** Rows that were written since they were last taken; parents come before what refers to them. */
  changed(tables: readonly MirroredTable[] = MIRRORED): ChangedRows[] {
    const taken = this.changes.take(tables, BATCH_ROWS);
    return [...taken].map(([table, keys]) => {
      const { one } = this.#of(table);
      const found = keys.map((key) => one.get(...key));
      return {
        table,
        rows: found.flatMap((row) => (row ? [storableRow(table, row)] : [])),
        gone: keys.filter((_, index) => !found[index]),
      };
    });
  }

  /** The next rows of a table after a key. */
  range(table: MirroredTable, after: Key | null): KeyRange {
    const { first, next } = this.#of(table);
    const rows: MirrorRow[] = [];
    let characters = 0;
    let isWhole = true;
    for (const row of after ? next.iterate(...after) : first.iterate()) {
      if (rows.length === BATCH_ROWS || characters > BATCH_CHARACTERS) {
        isWhole = false;
        break;
      }
      rows.push(storableRow(table, row));
      for (const value of row) if (typeof value === "string") characters += value.length;
    }
    const last = rows.at(-1);
    return { table, after, upTo: isWhole || !last ? null : keyOf(table, last), rows };
  }

  #of(table: MirroredTable): TableQueries {
    const known = this.#queries.get(table) ?? queriesFor(this.#database, table);
    this.#queries.set(table, known);
    return known;
  }
}

type TableQueries = ReturnType<typeof queriesFor>;

function queriesFor(database: Database, { name, key, columns }: MirroredTable) {
  const quoted = (names: readonly string[]) => names.map((one) => `"${one}"`).join(", ");
  const all = `SELECT ${quoted(Object.keys(columns))} FROM "${name}"`;
  const places = key.map(() => "?").join(", ");
  const inOrder = `ORDER BY ${quoted(key)}`;
  const rows = (sql: string) => database.prepare<Value[], Value[]>(sql).raw();
  return {
    one: rows(`${all} WHERE (${quoted(key)}) = (${places})`),
    first: rows(`${all} ${inOrder}`),
    next: rows(`${all} WHERE (${quoted(key)}) > (${places}) ${inOrder}`),
  };
}

export function keyOf({ key, columns }: MirroredTable, row: MirrorRow): Key {
  const names = Object.keys(columns);
  return key.map((column) => row[names.indexOf(column)] as Value);
}

function storableRow({ columns }: MirroredTable, row: readonly Value[]): MirrorRow {
  return Object.values(columns).map((kind, index) => storable(row[index] as Value, kind));
}
