/**
 * Features on the demo's bars, warm (test/bench/features.py does it): the 60 that an idea is
 * promised in under 2 s, and the whole library.
 *
 * Prints one JSON document. Exits with 1 if a number misses its target.
 */
import { conclude, measureInPython } from "./support/python-program.ts";

const TARGETS = { seconds_warm: 2 };

const result = measureInPython<{ seconds_warm: number }>("features.py", process.argv.slice(2));
conclude("features", result, TARGETS, result.seconds_warm < TARGETS.seconds_warm);
