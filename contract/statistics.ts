import { z } from "zod";

const number = z.number().nullable().default(null);
const series = z.array(z.number().nullable());
const reason = z.string().nullable().default(null);

/** As many counts as bins; one more edge than there are bins. */
const Histogram = { edges: z.array(z.number()), counts: z.array(z.int()) };

/** A headline number with its 95 % interval; `reason` says why there is none. */
export const Measure = z.object({ value: number, lower: number, upper: number, reason });
export type Measure = z.infer<typeof Measure>;

/**
 * `statistics.json` of the judge step: what the gates rest on and what a chart of luck is drawn
 * from. ICs are mean daily rank ICs, Sharpe ratios are yearly, probabilities and returns fractions.
 */
export const Statistics = z.object({
  headline: z.record(z.string(), Measure).default({}),
  /** The idea's mean rank IC, `value`, among those of labels shuffled within their dates. */
  permutation: z
    .object({
      ...Histogram,
      value: number,
      p_value: number,
      replicates: z.int(),
      /** Deviation of a worthless idea's IC over that of the null; above 1 the null is too narrow. */
      width: number,
      adjusted_p_value: number,
      reason,
    })
    .nullish(),
  /** PBO by CSCV; the counts are of the logits, and below 0 the picked trial was a bad one. */
  overfitting: z
    .object({
      ...Histogram,
      probability: number,
      loss: number,
      trials: z.int(),
      combinations: z.int(),
      in_sample: series,
      out_of_sample: series,
      reason,
    })
    .nullish(),
  /** p-values of "no trial is better than the best baseline", and how many trials differ at all. */
  snooping: z
    .object({
      /** White's reality check. */
      reality_check: number,
      /** Hansen's test of superior predictive ability, and its bounds. */
      spa: number,
      spa_lower: number,
      spa_upper: number,
      trials: z.int(),
      /** Clusters of trials that do alike. */
      effective: z.int().nullable().default(null),
      reason,
    })
    .nullish(),
  trials: z
    .object({
      here: z.int(),
      /** What the run's own `complete` trials amount to; absent where an earlier version judged. */
      effective: z.int().nullable().default(null),
      complete: z.int().default(0),
      sharpe: number,
      threshold: z.number(),
      minimum_track_record: number,
      observations: z.int(),
      count: z.array(z.int()),
      bar: series.nullable(),
      deflated: series.nullable(),
      reason,
    })
    .nullish(),
  /** Horizons in bars. */
  ic_decay: z
    .object({
      horizon: z.array(z.int()),
      ic: series,
      lower: series,
      upper: series,
      /** Of "the mean is zero or less", for all horizons that were looked at (Holm). */
      adjusted_p_value: series.default([]),
      target: z.int(),
      adjusted_ic: number,
      cost_ic: number,
      reason,
    })
    .nullish(),
});
export type Statistics = z.infer<typeof Statistics>;

/** `paths.json` of the train step, where the idea asks for combinatorial purged validation. */
export const Paths = z.object({
  groups: z.array(z.object({ group: z.int(), start: z.string(), end: z.string() })),
  test_groups: z.int(),
  splits: z.int(),
  baseline: z.string(),
  month: z.array(z.string()),
  paths: z.array(
    z.object({ path: z.int(), rank_ic: number, baseline_rank_ic: number, by_month: series }),
  ),
  summary: z.object({ count: z.int(), above_baseline: number }),
});
export type Paths = z.infer<typeof Paths>;
