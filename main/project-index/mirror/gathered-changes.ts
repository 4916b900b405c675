import type { Database } from "../database.ts";
import { MIRRORED, type MirroredTable } from "./tables.ts";
import type { Value } from "./values.ts";

export type Key = readonly Value[];

/**
 * Which rows were written since they were last taken. Temporary triggers of the owner's connection
 * tell, in memory: nobody else writes, and who takes up a mirror compares everything anyway.
 */
export class GatheredChanges {
  /** Called with the first change after there was none. */
  onFirst: () => void = () => undefined;
  readonly #keys = new Map<string, Set<string>>(MIRRORED.map(({ name }) => [name, new Set()]));
  readonly #database: Database;
  #hasTriggers = false;
  #isGathering = false;

  constructor(database: Database) {
    this.#database = database;
  }

  begin(): void {
    this.end();
    if (!this.#hasTriggers) this.#makeTriggers();
    this.#hasTriggers = true;
    this.#isGathering = true;
  }

  end(): void {
    this.#isGathering = false;
    for (const keys of this.#keys.values()) keys.clear();
  }

  get size(): number {
    return [...this.#keys.values()].reduce((sum, keys) => sum + keys.size, 0);
  }

  isEmpty(tables: readonly MirroredTable[] = MIRRORED): boolean {
    return tables.every(({ name }) => this.#of(name).size === 0);
  }

  /** Up to `limit` changed rows of these tables, in the order of the tables. */
  take(tables: readonly MirroredTable[], limit: number): ReadonlyMap<MirroredTable, Key[]> {
    const taken = new Map<MirroredTable, Key[]>();
    let left = limit;
    for (const table of tables) {
      const keys = this.#of(table.name);
      const some = [...keys].slice(0, left);
      if (some.length === 0) continue;
      for (const key of some) keys.delete(key);
      taken.set(
        table,
        some.map((key) => JSON.parse(key) as Key),
      );
      left -= some.length;
    }
    return taken;
  }

  #makeTriggers(): void {
    for (const { name, key } of MIRRORED) {
      const keys = this.#of(name);
      this.#database.define(`mirror_${name}`, (changed) => {
        if (!this.#isGathering) return;
        const isFirst = this.isEmpty();
        keys.add(String(changed));
        if (isFirst) this.onFirst();
      });
      const tell = (row: "OLD" | "NEW") =>
        `SELECT mirror_${name}(json_array(${key.map((column) => `${row}."${column}"`).join(", ")}));`;
      for (const [write, told] of [
        ["INSERT", tell("NEW")],
        ["UPDATE", tell("OLD") + tell("NEW")],
        ["DELETE", tell("OLD")],
      ]) {
        this.#database.execute(
          `CREATE TEMP TRIGGER mirror_${name}_${write} AFTER ${write} ON main.${name}
           BEGIN ${told} END`,
        );
      }
    }
  }

  #of(table: string): Set<string> {
    return this.#keys.get(table) as Set<string>;
  }
}
