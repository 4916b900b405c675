import { existsSync, rmSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { WorkbenchError } from "../../../contract/problem.ts";

/**
 * Removes MLflow's database where it was cut off while it was first made, by a full disk or a kill:
 * half of its tables are there, and MLflow would stumble over them for ever. Nothing is lost: the
 * experiment that every finished store begins with is missing, and no trial comes before it.
 *
 * @param file MLflow's SQLite database
 */
export function removeUnfinishedStore(file: string): void {
  if (!existsSync(file) || isFinished(file)) return;
  for (const end of ["", "-journal", "-wal", "-shm"]) rmSync(`${file}${end}`, { force: true });
}

function isFinished(file: string): boolean {
  const store = new Sqlite(file, { fileMustExist: true });
  try {
    return store.prepare("SELECT 1 FROM experiments").get() !== undefined;
  } catch (error) {
    // Another error says nothing of what is in it: a lock, a disk that cannot be read.
    if (error instanceof Error && /no such table: experiments/.test(error.message)) return false;
    throw unreadable(file, error);
  } finally {
    store.close();
  }
}

function unreadable(file: string, error: unknown): WorkbenchError {
  const reason = error instanceof Error ? error.message : String(error);
  return new WorkbenchError(
    {
      code: "mlflow.store_unreadable",
      detail: `MLflow's database ${file} cannot be read: ${reason}.`,
      hint: "Put it aside and start again: a new one is made, and running an idea again registers its model anew.",
      where: { service: "mlflow", file },
    },
    { cause: error },
  );
}
