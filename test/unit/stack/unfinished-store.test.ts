import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeUnfinishedStore } from "../../../main/stack/services/unfinished-store.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unfinished-store-"));
  file = join(folder, "mlflow.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function made(...statements: string[]): void {
  const store = new Sqlite(file);
  for (const statement of statements) store.exec(statement);
  store.close();
}

test("a store that was cut off while it was made goes, with what SQLite left beside it", () => {
  made("CREATE TABLE secrets (id)");
  writeFileSync(`${file}-journal`, "");
  removeUnfinishedStore(file);
  expect(existsSync(file)).toBe(false);
  expect(existsSync(`${file}-journal`)).toBe(false);
});

test("so does one that has its tables, and nothing in them", () => {
  made("CREATE TABLE experiments (experiment_id)");
  removeUnfinishedStore(file);
  expect(existsSync(file)).toBe(false);
});

test("one with an experiment stays, and so does what is no database", () => {
  made("CREATE TABLE experiments (experiment_id)", "INSERT INTO experiments VALUES (0)");
  removeUnfinishedStore(file);
  expect(existsSync(file)).toBe(true);
  writeFileSync(file, "something else altogether, which nobody may take for nothing");
  expect(() => removeUnfinishedStore(file)).toThrow(
    expect.objectContaining({
      problem: expect.objectContaining({
        code: "mlflow.store_unreadable",
        detail: expect.stringMatching(/not a database/),
        where: { service: "mlflow", file },
      }),
    }),
  );
  expect(existsSync(file)).toBe(true);
});
