import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { z } from "zod";

/** Where the process that owns a workspace can be reached. The file is private to the user. */
export const OwnerRecord = z.object({
  pid: z.int(),
  port: z.int(),
  token: z.string(),
  version: z.string(),
});
export type OwnerRecord = z.infer<typeof OwnerRecord>;

/** Exit code of an owner process that found the workspace taken: EX_TEMPFAIL of sysexits.h. */
export const TAKEN = 75;

export const ownerRecordPath = (workspace: string) => join(workspace, "run", "owner.json");

/**
 * Takes the workspace for this process, or says that another process has it.
 *
 * The lock is SQLite's own on an empty database: the operating system drops it with the process,
 * however that ends, so no stale lock is ever left behind, on any platform.
 *
 * @returns the record that an owner left which did not end in order, and a function that gives the
 *   workspace back; null where it is taken.
 */
export function takeOwnership(
  workspace: string,
): { left: OwnerRecord | null; release: () => void } | null {
  const lock = locked(workspace);
  if (!lock) return null;
  const left = readOwnerRecord(workspace);
  // What a dead owner left would send others to a port where nobody answers.
  rmSync(ownerRecordPath(workspace), { force: true });
  return { left, release: () => lock.close() };
}

/** Whether some process has the workspace at this moment, also one that is just opening or closing. */
export function isOwned(workspace: string): boolean {
  const lock = locked(workspace);
  lock?.close();
  return lock === null;
}

/** The lock on a workspace, until it is closed; null where another process has it. */
function locked(workspace: string): Database.Database | null {
  const database = new Database(join(workspace, "run", "owner.lock"), { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
    return database;
  } catch (error) {
    database.close();
    if ((error as { code?: string }).code === "SQLITE_BUSY") return null;
    throw error;
  }
}

export function readOwnerRecord(workspace: string): OwnerRecord | null {
  try {
    return OwnerRecord.parse(JSON.parse(readFileSync(ownerRecordPath(workspace), "utf8")));
  } catch {
    // No owner yet, or one that is just writing its record: both mean "ask again".
    return null;
  }
}
