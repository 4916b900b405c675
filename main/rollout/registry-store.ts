import { existsSync } from "node:fs";
import Sqlite from "better-sqlite3";

/** What MLflow sets a deleted version's stage to; its row stays. */
const DELETED = "Deleted_Internal";

/**
 * Whether a version is registered, read from the tracking server's own store, so that a run which
 * finds everything in the cache need not wait for the server.
 *
 * @param file MLflow's SQLite database
 * @returns undefined where the store cannot tell, such as one of another layout: ask the server
 */
export function storedVersion(file: string, model: string, version: string): boolean | undefined {
  if (!existsSync(file)) return false;
  let store: Sqlite.Database | undefined;
  try {
    store = new Sqlite(file, { readonly: true, fileMustExist: true });
    const found = store
      .prepare("SELECT current_stage FROM model_versions WHERE name = ? AND version = ?")
      .get(model, Number(version)) as { current_stage: string | null } | undefined;
    return found !== undefined && found.current_stage !== DELETED;
  } catch {
    return undefined;
  } finally {
    store?.close();
  }
}
