/**
 * Imports a 10-million-row CSV, settles its duplicates, writes it to Delta and runs every check, in turns with a bare
 * Polars copy of the same file (test/bench/ingest.py does it).
 *
 * Prints one JSON document: rows per second, seconds, MB. Exits with 1 if a number misses its target.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Environments } from "../../main/runtime/environments.ts";

const TARGETS = { ratio: 0.5, peak_rss_mb: 2000 };
const environments = new Environments({
  root: join(import.meta.dirname, "..", ".."),
  override: process.env.BREADTHFLOW_ENVIRONMENTS,
});
const program = join(import.meta.dirname, "ingest.py");
const done = spawnSync(environments.python("core"), [program, ...process.argv.slice(2)], {
  encoding: "utf8",
  stdio: ["ignore", "pipe", "inherit"],
  env: { ...process.env, PYTHONPATH: environments.enginePackage },
});
if (done.status !== 0) throw new Error(`the measurement failed: ${done.error ?? done.status}`);
const result = JSON.parse(done.stdout) as { ratio: number; peak_rss_mb: number };
const passed = result.ratio >= TARGETS.ratio && result.peak_rss_mb < TARGETS.peak_rss_mb;
console.log(JSON.stringify({ bench: "ingest", ...result, targets: TARGETS, passed }, null, 2));
process.exitCode = passed ? 0 : 1;
