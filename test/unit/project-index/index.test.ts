import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { openProjectIndex, type ProjectIndex } from "../../../main/project-index/project-index.ts";

const SHIPPED = join(import.meta.dirname, "../../../main/project-index/migrations");

function place() {
  const root = mkdtempSync(join(tmpdir(), "breadthflow-index-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return { root, file: join(root, "index.db"), backups: join(root, "backups") };
}

function opened(files: { file: string; backups: string; migrations?: string }): ProjectIndex {
  const index = openProjectIndex({ ...files, now: () => new Date("2026-01-02T03:04:05.678Z") });
  onTestFinished(() => index.close());
  return index;
}

/** The shipped migrations in a folder of their own, and one more after them. */
function withOneMore({ root, file, backups }: ReturnType<typeof place>, sql: string) {
  const migrations = mkdtempSync(join(root, "migrations-"));
  const shipped = readdirSync(SHIPPED);
  for (const name of shipped) copyFileSync(join(SHIPPED, name), join(migrations, name));
  const number = String(shipped.length + 1).padStart(4, "0");
  writeFileSync(join(migrations, `${number}_one_more.sql`), sql);
  return { file, backups, migrations };
}

const problem = (code: string) =>
  expect.objectContaining({ problem: expect.objectContaining({ code }) });

describe("the project index", () => {
  it("is made where there is none, in WAL, with foreign keys", () => {
    const files = place();
    opened(files);
    const sqlite = new Sqlite(files.file, { readonly: true });
    onTestFinished(() => {
      sqlite.close();
    });
    expect(sqlite.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(readdirSync(files.root)).not.toContain("backups");
  });

  it("opens again without doing anything", () => {
    const files = place();
    opened(files).close();
    opened(files).close();
    expect(readdirSync(files.root)).not.toContain("backups");
  });

  it("takes an older version forward, and keeps a copy of it as it was", () => {
    const files = place();
    const old = opened(files);
    old.sourceFiles.record({ path: "/a", bytes: 1, mtimeNs: "2", inode: "3" }, "f00");
    old.close();
    const newer = withOneMore(files, "ALTER TABLE source_files ADD COLUMN seen TEXT;");
    const index = opened(newer);
    expect(index.sourceFiles.find({ path: "/a", bytes: 1, mtimeNs: "2", inode: "3" })).toBe("f00");

    const backups = readdirSync(files.backups);
    const version = String(readdirSync(SHIPPED).length).padStart(4, "0");
    expect(backups).toEqual([`index-${version}-2026-01-02T03-04-05-678Z.db`]);
    const backup = new Sqlite(join(files.backups, backups[0] ?? ""), { readonly: true });
    expect(backup.prepare("SELECT sha256 FROM source_files").all()).toEqual([{ sha256: "f00" }]);
    expect(backup.prepare("SELECT number FROM migrations").all()).toHaveLength(Number(version));
    backup.close();
  });

  it("is as it was when a migration fails half-way", () => {
    const files = place();
    opened(files).close();
    const broken = withOneMore(files, "CREATE TABLE half (a TEXT); SELECT * FROM nowhere;");
    expect(() => opened(broken)).toThrow(/nowhere/);
    opened(files);
    const sqlite = new Sqlite(files.file, { readonly: true });
    expect(sqlite.prepare("SELECT name FROM sqlite_schema WHERE name = 'half'").all()).toEqual([]);
    sqlite.close();
  });

  it("of a newer workbench is refused and left alone", () => {
    const files = place();
    opened(withOneMore(files, "CREATE TABLE later (a TEXT);")).close();
    expect(() => opened(files)).toThrow(problem("index.newer"));
  });

  it("of another workbench is refused", () => {
    const files = place();
    opened(withOneMore(files, "CREATE TABLE one (a TEXT);")).close();
    const other = withOneMore(files, "CREATE TABLE another (a TEXT);");
    expect(() => opened(other)).toThrow(problem("index.foreign"));
  });

  it.each([
    ["is not a database", Buffer.from("no database at all, but some text".repeat(200))],
    ["is cut short", null],
  ])("that %s is refused with where to find a copy", (_what, content) => {
    const files = place();
    if (content) writeFileSync(files.file, content);
    else {
      opened(files).close();
      const sqlite = new Sqlite(files.file);
      sqlite.pragma("wal_checkpoint(TRUNCATE)");
      const bytes = sqlite.serialize();
      sqlite.close();
      writeFileSync(files.file, bytes.subarray(0, bytes.length / 2));
    }
    expect(() => opened(files)).toThrow(problem("index.damaged"));
  });
});
