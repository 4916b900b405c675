import type { ColumnKind, MirroredTable } from "./tables.ts";

const TYPES: Readonly<Record<ColumnKind, string>> = {
  text: "text",
  integer: "bigint",
  real: "double precision",
  time: "timestamptz",
  date: "date",
  json: "jsonb",
};

/** What is asked of PostgreSQL about one table; names are the program's own, values are bound. */
export interface TableStatements {
  /** With an array for each column: inserts what is missing, updates what differs. */
  readonly upsert: string;
  /** With an array for each column of the key. */
  readonly remove: string;
  /**
   * What stands between two keys and is none of those that are given. With the key before, if there
   * is one, then the last key, if there is one, then an array for each column of the key.
   */
  removeOthers(range: { isAfter: boolean; isUpTo: boolean }): string;
}

export function statementsFor({ name, key, columns }: MirroredTable): TableStatements {
  const table = `"${name}"`;
  const names = Object.keys(columns);
  const list = (some: readonly string[], of = "") =>
    some.map((column) => `${of}"${column}"`).join(", ");
  const typeOf = (column: string) => TYPES[columns[column] as ColumnKind];
  const given = (some: readonly string[], from = 1) =>
    `unnest(${some.map((column, index) => `$${from + index}::${typeOf(column)}[]`).join(", ")})` +
    ` AS given (${list(some)})`;
  const sameKey = key.map((column) => `own."${column}" = given."${column}"`).join(" AND ");
  const rest = names.filter((column) => !key.includes(column));
  return {
    // Rows that are as they should be are not even locked: comparing writes nothing.
    upsert: `
      INSERT INTO ${table} (${list(names)})
      SELECT ${list(names, "given.")} FROM ${given(names)}
      LEFT JOIN ${table} AS own ON ${sameKey}
      WHERE own."${key[0]}" IS NULL
        OR (${list(rest, "own.")}) IS DISTINCT FROM (${list(rest, "given.")})
      ON CONFLICT (${list(key)}) DO UPDATE
        SET (${list(rest)}) = ROW (${list(rest, "excluded.")})`,
    remove: `DELETE FROM ${table} AS own USING ${given(key)} WHERE ${sameKey}`,
    removeOthers({ isAfter, isUpTo }) {
      const bound = (from: number) =>
        key.map((column, index) => `$${from + index}::${typeOf(column)}`).join(", ");
      const after = isAfter ? [`(${list(key)}) > (${bound(1)})`] : [];
      const upToAt = isAfter ? key.length + 1 : 1;
      const upTo = isUpTo ? [`(${list(key)}) <= (${bound(upToAt)})`] : [];
      const keys = given(key, upToAt + (isUpTo ? key.length : 0));
      const others = [`(${list(key)}) NOT IN (SELECT ${list(key)} FROM ${keys})`];
      return `DELETE FROM ${table} WHERE ${[...after, ...upTo, ...others].join(" AND ")}`;
    },
  };
}
