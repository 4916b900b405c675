import Sqlite from "better-sqlite3";
import { Client } from "pg";

type Row = Record<string, unknown>;

/** How both sides name a row, and what of SQLite's columns is not in the mirror. */
const TABLES: Record<string, { key: string[]; without?: string[] }> = {
  ideas: { key: ["id"], without: ["searched"] },
  runs: { key: ["id"], without: ["sources"] },
  steps: { key: ["run", "step"] },
  artifacts: { key: ["key"] },
  data_versions: { key: ["key"] },
  models: { key: ["name", "version"] },
  deployments: { key: ["deployment"] },
  trials: { key: ["id"] },
};

export const TABLE_NAMES = Object.keys(TABLES);

export type Tables = Record<string, Row[]>;

type Server = { port: number; password: string; user?: string; database?: string };

export async function askPostgres(server: Server, sql: string): Promise<Row[]> {
  const client = new Client({ host: "127.0.0.1", user: "index", database: "index", ...server });
  // A server that goes says so to whoever is just going too.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** All that is mirrored, as PostgreSQL has it: days and times as text, large numbers as numbers. */
export async function tablesOfMirror(at: { port: number; password: string }): Promise<Tables> {
  const tables: Tables = {};
  for (const name of TABLE_NAMES) {
    const rows = await askPostgres(at, `SELECT to_jsonb(t) AS row FROM "${name}" AS t`);
    tables[name] = sorted(
      name,
      rows.map(({ row }) =>
        mapped(row as Row, (value, column) => {
          const isTime = typeof value === "string" && TIMES.has(column);
          return isTime ? new Date(value).toISOString() : value;
        }),
      ),
    );
  }
  return tables;
}

/** The same as the index has it. */
export function tablesOfIndex(file: string): Tables {
  const sqlite = new Sqlite(file, { readonly: true });
  try {
    return Object.fromEntries(
      Object.entries(TABLES).map(([name, { without = [] }]) => {
        const rows = sqlite.prepare(`SELECT * FROM "${name}"`).all() as Row[];
        const plain = rows.map((row) => {
          const kept = Object.entries(row).filter(([column]) => !without.includes(column));
          return mapped(Object.fromEntries(kept), (value, column) =>
            typeof value === "string" && JSONS.has(column) ? JSON.parse(value) : value,
          );
        });
        return [name, sorted(name, plain)];
      }),
    );
  } finally {
    sqlite.close();
  }
}

const TIMES = new Set(["created", "updated", "archived", "started", "ended"]);
const JSONS = new Set(["document", "problem", "summary", "params", "fold_scores"]);

function mapped(row: Row, change: (value: unknown, column: string) => unknown): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [column, change(value, column)]),
  );
}

function sorted(table: string, rows: Row[]): Row[] {
  const named = (row: Row) => JSON.stringify(TABLES[table]?.key.map((column) => row[column]));
  return rows.toSorted((a, b) => (named(a) < named(b) ? -1 : 1));
}
