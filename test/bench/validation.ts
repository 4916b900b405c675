/**
 * Honest numbers (test/bench/validation.py measures them): worthless ideas that the judge would
 * deploy, planted ones that it finds, planted leaks that it misses, and what its dearer statistics
 * cost. Writes docs/validation.md.
 *
 * Prints one JSON document. Exits with 1 if a number misses its target.
 */
import { join } from "node:path";
import { conclude, measureInPython } from "./support/python-program.ts";

const TARGETS = {
  worthless_once_share: 0.05,
  worthless_best_of_100_share: 0.05,
  planted_share: 0.8,
  leaks_missed: 0,
  look_alikes_caught: 0,
  cscv_seconds: 10,
  cpcv_over_walk_forward: 3,
};

const page = join(import.meta.dirname, "..", "..", "docs", "validation.md");
const result = measureInPython<typeof TARGETS>("validation.py", [
  "--docs",
  page,
  ...process.argv.slice(2),
]);
conclude(
  "validation",
  result,
  TARGETS,
  result.worthless_once_share <= TARGETS.worthless_once_share &&
    result.worthless_best_of_100_share <= TARGETS.worthless_best_of_100_share &&
    result.planted_share >= TARGETS.planted_share &&
    result.leaks_missed === TARGETS.leaks_missed &&
    result.look_alikes_caught === TARGETS.look_alikes_caught &&
    result.cscv_seconds < TARGETS.cscv_seconds &&
    result.cpcv_over_walk_forward < TARGETS.cpcv_over_walk_forward,
);
