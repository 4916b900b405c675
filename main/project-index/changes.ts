import type { Noun } from "../../contract/noun.ts";
import type { Database } from "./database.ts";

/** Which noun a table's rows belong to; what is not named here is nobody's news. */
const NOUN_OF_TABLE = {
  ideas: "ideas",
  runs: "runs",
  steps: "runs",
  data_versions: "data",
  models: "models",
  deployments: "deployments",
  trials: "trials",
} as const satisfies Record<string, Noun>;

/**
 * Tells of every write to the index, whoever makes it: temporary triggers of this connection cannot
 * be forgotten as a call in a repository can.
 */
export function announceChanges(database: Database, onChange: (noun: Noun) => void): void {
  database.define("announce_change", (table) => {
    onChange(NOUN_OF_TABLE[table as keyof typeof NOUN_OF_TABLE]);
  });
  for (const table of Object.keys(NOUN_OF_TABLE)) {
    for (const write of ["INSERT", "UPDATE", "DELETE"]) {
      database.execute(
        `CREATE TEMP TRIGGER announce_${table}_${write.toLowerCase()} AFTER ${write} ON main.${table}
         BEGIN SELECT announce_change('${table}'); END`,
      );
    }
  }
}
