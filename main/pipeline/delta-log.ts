import { createHash } from "node:crypto";
import { access, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * What the pipeline needs to know of a Delta table without opening it: which versions its log
 * holds. A version is a commit `<20 digits>.json`, or a checkpoint that stands for it.
 */
export async function newestVersion(table: string): Promise<number | null> {
  let names: string[];
  try {
    names = await readdir(join(table, "_delta_log"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  const versions = names.flatMap((name) => {
    const digits = /^(\d{20})\.(json|checkpoint\.parquet)$/.exec(name)?.[1];
    return digits === undefined ? [] : [Number(digits)];
  });
  return versions.length === 0 ? null : Math.max(...versions);
}

export async function hasVersion(table: string, version: number): Promise<boolean> {
  const stem = join(table, "_delta_log", String(version).padStart(20, "0"));
  for (const file of [`${stem}.json`, `${stem}.checkpoint.parquet`]) {
    try {
      await access(file);
      return true;
    } catch {
      // Not in this form; perhaps in the other.
    }
  }
  return false;
}

/** A hash that only this very commit has: Delta's commits name files by random ids. */
export async function commitHash(table: string, version: number): Promise<string> {
  const file = join(table, "_delta_log", `${String(version).padStart(20, "0")}.json`);
  return createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
}
