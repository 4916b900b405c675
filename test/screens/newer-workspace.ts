import Sqlite from "better-sqlite3";
import { openProjectIndex } from "../../main/project-index/project-index.ts";
import { Workspace } from "../../main/runtime/workspace.ts";

/** Leaves a workspace as a newer workbench would, which has migrations that this one does not know. */
export function writeNewerWorkspace(folder: string): void {
  const { index: file, backups } = new Workspace(folder).create();
  openProjectIndex({ file, backups }).close();
  const sqlite = new Sqlite(file);
  sqlite
    .prepare("INSERT INTO migrations (number, name, checksum, applied) VALUES (?, ?, ?, ?)")
    .run(9999, "of_tomorrow", "x", new Date().toISOString());
  sqlite.close();
}
