// The engine's loops are compiled to machine code when they are first imported, some seconds that
// the first run should not have to wait for. numba keeps the code beside the sources.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readyEnvironment } from "./environments.mjs";
import { exclusively } from "./exclusive.mjs";
import { logTo } from "./log.mjs";
import { cacheFolder, engineFolder, lockOf } from "./places.mjs";
import { ProgramError, run } from "./run.mjs";

/** @typedef {import("./progress.mjs").Progress} Progress */

const marker = path.join(cacheFolder, "kernels");

/** Whether today's loops have been compiled with today's libraries. */
export function kernelsAreReady() {
  try {
    return readFileSync(marker, "utf8").trim() === wanted();
  } catch {
    return false;
  }
}

/**
 * Compiles the loops, in the environment `core`. A failure is no fault of the set-up, and is not
 * tried again: they are compiled at their first use then.
 * @param {{onProgress: (progress: Progress) => void, signal?: AbortSignal | undefined}} options
 */
export async function ensureKernels({ onProgress, signal }) {
  const core = readyEnvironment("core");
  if (!core || kernelsAreReady()) return;
  const subject = "engine";
  const onWait = (/** @type {number} */ owner) =>
    onProgress({ subject, message: `waiting for the set-up that process ${owner} is doing` });
  await exclusively("kernels", { onWait, signal }, async () => {
    if (kernelsAreReady()) return;
    onProgress({ subject, message: "compiling its loops, some seconds" });
    const hash = wanted();
    try {
      await run(core.python, ["-m", "breadthflow_engine", "compile"], {
        cwd: engineFolder,
        signal,
        onLine: (/** @type {string} */ line) => logTo("kernels", line),
      });
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
    }
    mkdirSync(cacheFolder, { recursive: true });
    writeFileSync(marker, `${hash}\n`);
    onProgress({ subject, message: "ready", fraction: 1 });
  });
}

/** What the machine code depends on: the sources that have loops, and the libraries. */
function wanted() {
  const hash = createHash("sha256").update(readFileSync(lockOf("core")));
  const package_ = path.join(engineFolder, "breadthflow_engine");
  const names = readdirSync(package_, { recursive: true, encoding: "utf8" });
  for (const name of names.filter((file) => file.endsWith(".py")).sort()) {
    const source = readFileSync(path.join(package_, name));
    if (source.includes("numba")) hash.update(name).update(source);
  }
  return hash.digest("hex");
}
