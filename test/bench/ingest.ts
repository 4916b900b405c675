/**
 * Imports a 10-million-row CSV, settles its duplicates, writes it to Delta and runs every check, in
 * turns with a bare Polars copy of the same file (test/bench/ingest.py does it).
 *
 * Prints one JSON document: rows per second, seconds, MB. Exits with 1 if a number misses its target.
 */
import { conclude, measureInPython } from "./support/python-program.ts";

const TARGETS = { ratio: 0.5, peak_rss_mb: 2000 };

const result = measureInPython<{ ratio: number; peak_rss_mb: number }>(
  "ingest.py",
  process.argv.slice(2),
);
const passed = result.ratio >= TARGETS.ratio && result.peak_rss_mb < TARGETS.peak_rss_mb;
conclude("ingest", result, TARGETS, passed);
