import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const StoreRecord = z.object({
  kept_in: z.enum(["sqlite", "postgres"]),
  /** How often it has come back from a database into the workspace. */
  homecomings: z.int(),
});
export type StoreRecord = z.infer<typeof StoreRecord>;

/**
 * Where MLflow's store is: in the workspace's `mlflow.db`, or in the database of the containers.
 * Who moves it (`container/tracking_store.py`) writes `store.json` last of all.
 *
 * @param folder the workspace's folder of MLflow
 */
export function trackingStore(folder: string): StoreRecord {
  let text: string;
  try {
    text = readFileSync(join(folder, "store.json"), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return { kept_in: "sqlite", homecomings: 0 };
  }
  return StoreRecord.parse(JSON.parse(text));
}
