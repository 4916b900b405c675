/**
 * Imports a 10-million-row CSV, settles its duplicates, writes it to Delta and runs every check, in
 * turns with a bare Polars copy of the same file (test/bench/ingest.py does it). Once as a clean
 * file, once in the order of dates with corrections.
 *
 * Prints one JSON document: rows per second, seconds, MB. Exits with 1 if a number misses its target.
 */
import { conclude, measureInPython } from "./support/python-program.ts";

const TARGETS = {
  ratio: 0.5,
  peak_rss_mb: 2000,
  by_date_ratio: 0.5,
  by_date_peak_rss_mb: 2000,
};

const result = measureInPython<Record<keyof typeof TARGETS, number>>(
  "ingest.py",
  process.argv.slice(2),
);
const passed =
  result.ratio >= TARGETS.ratio &&
  result.by_date_ratio >= TARGETS.by_date_ratio &&
  result.peak_rss_mb < TARGETS.peak_rss_mb &&
  result.by_date_peak_rss_mb < TARGETS.by_date_peak_rss_mb;
conclude("ingest", result, TARGETS, passed);
