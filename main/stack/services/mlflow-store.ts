import { existsSync } from "node:fs";
import { join } from "node:path";
import { WorkbenchError } from "../../../contract/problem.ts";
import { freeBytesAt } from "../../runtime/doctor.ts";
import { trackingStore } from "./tracking-store.ts";
import { removeUnfinishedStore } from "./unfinished-store.ts";

/** Five times what an empty database takes: others write meanwhile. */
const STORE_BYTES = 5e6;

/**
 * Sees to it that MLflow's process meets a store that it can use, or none at all.
 *
 * @param folder the workspace's folder of MLflow, with `mlflow.db`
 */
export function readyStore(folder: string): void {
  if (trackingStore(folder).kept_in !== "sqlite") throw elsewhere(folder);
  const database = join(folder, "mlflow.db");
  removeUnfinishedStore(database);
  if (!existsSync(database)) requireRoom(folder);
}

/** Nothing is begun that cannot be finished: see `removeUnfinishedStore`. */
function requireRoom(folder: string): void {
  const free = freeBytesAt(folder);
  if (free >= STORE_BYTES) return;
  throw new WorkbenchError({
    code: "mlflow.disk_full",
    detail: `The disk of ${folder} has ${Math.round(free / 1e3)} kB left: too little for MLflow's database.`,
    hint: `Free ${STORE_BYTES / 1e6} MB or more and try again.`,
    where: { service: "mlflow", folder },
  });
}

/** A server on the file that is left in the workspace would know less than was registered. */
function elsewhere(folder: string): WorkbenchError {
  return new WorkbenchError({
    code: "mlflow.store_in_containers",
    detail: "Trials and registry of this workspace are in the database of its containers.",
    hint: "`stack up --docker` uses them there; `stack up --native` brings them back.",
    where: { service: "mlflow", folder },
  });
}
