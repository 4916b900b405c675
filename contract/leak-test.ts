import { z } from "zod";

/** What one leak detector of the judge step found in a run. */
export const LeakTest = z.object({
  detector: z.string(),
  /** What holds where it passes. */
  label: z.string(),
  /** What was looked at, and how; where nothing could be, why. */
  tested: z.string(),
  /** Held against `limit`; null where nothing could be tested. */
  evidence: z.number().nullable(),
  limit: z.number(),
  /** Features, symbols, folds or days, the first of them. */
  where: z.array(z.string()).default([]),
  passed: z.boolean(),
  /** Whether the verdict rests on it. */
  decides: z.boolean().default(true),
});
export type LeakTest = z.infer<typeof LeakTest>;

export const LEAK_RESULTS = ["found", "not tested", "passed"] as const;
export type LeakResult = (typeof LEAK_RESULTS)[number];

/** A test that could not be made has not passed, although the verdict cannot hold it against anyone. */
export function leakResult({ evidence, passed }: LeakTest): LeakResult {
  if (evidence === null) return "not tested";
  return passed ? "passed" : "found";
}

/** What was found comes first, then what is not known; each in the order of the pipeline. */
export function leaksInOrder(tests: readonly LeakTest[]): LeakTest[] {
  const rank = (test: LeakTest) => LEAK_RESULTS.indexOf(leakResult(test));
  return [...tests].sort((a, b) => rank(a) - rank(b));
}

/** How many came to what: "12 passed, 1 found, 2 not tested". */
export function leaksInBrief(tests: readonly LeakTest[]): string {
  const told = (["passed", "found", "not tested"] as const).flatMap((result) => {
    const many = tests.filter((test) => leakResult(test) === result).length;
    return many > 0 ? [`${many} ${result}`] : [];
  });
  return told.join(", ");
}
