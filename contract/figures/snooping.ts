import type { Statistics } from "../statistics.ts";
import { pValue, whole } from "./written.ts";

/** A number of the search as a whole, as it is written, and what it means. */
export type SnoopingLine = { name: string; value: string; meaning: string };

type Snooping = Statistics["snooping"];

/**
 * Whether the best of the run's trials is better than the baseline, given that it was picked as the
 * best of so many: the numbers that no chart shows.
 */
export function snoopingLines(found: Snooping): SnoopingLine[] {
  if (!found) return [];
  const { reality_check, spa, spa_lower, spa_upper, trials, effective, reason } = found;
  const many = whole(trials);
  const absent = reason ? `Not known: ${reason.replaceAll("_", " ")}.` : "Not known.";
  const bounds =
    spa_lower === null || spa_upper === null
      ? ""
      : ` Without the poor trials it is ${pValue(spa_lower)}, with all of them ${pValue(spa_upper)}.`;
  return [
    {
      name: "White's reality check, p",
      value: pValue(reality_check),
      meaning:
        reality_check === null
          ? absent
          : `How often the best of ${many} trials would lead the baseline by as much as it does, if none of them were any better.`,
    },
    {
      name: "Hansen's SPA, p",
      value: pValue(spa),
      meaning:
        spa === null
          ? absent
          : `The same, but trials that are clearly poor do not make the good ones look better or worse.${bounds}`,
    },
    {
      name: "Effective trials",
      value: effective === null ? "–" : whole(effective),
      meaning:
        effective === null
          ? absent
          : `What this run's ${many} complete trials amount to: those that do well and badly on the same days count as one. The verdict is held against every trial on the data all the same.`,
    },
  ];
}

export function snoopingNote(found: Snooping): string {
  return found ? `the best of ${whole(found.trials)} trials against the best baseline` : "";
}
