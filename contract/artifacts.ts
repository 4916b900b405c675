import { z } from "zod";
import { LeakTest } from "./leak-test.ts";

/**
 * The JSON files that steps leave for screens and reports, which cannot read Parquet. Only what is
 * shown is named here; the files may say more.
 */

const number = z.number().nullish();
const series = z.array(z.number().nullable());

/** `catalogue.json` of the features step. */
export const Catalogue = z.array(
  z.object({
    name: z.string(),
    expression: z.string(),
    lookback: z.int(),
    family: z.string(),
    meaning: z.string(),
  }),
);
export type Catalogue = z.infer<typeof Catalogue>;

/** `selection.json` of the select step. */
export const FeatureChoices = z.object({
  features: z.array(
    z.object({
      name: z.string(),
      kept: z.boolean(),
      reason: z.string(),
      score: number,
      stability: number,
      kept_in_folds: z.int().optional(),
    }),
  ),
});
export type FeatureChoices = z.infer<typeof FeatureChoices>;

/** `correlation.json` of the select step: of the daily ranks of the features that were kept. */
export const Correlation = z.object({ names: z.array(z.string()), values: z.array(series) });
export type Correlation = z.infer<typeof Correlation>;

/** `importance.json` of the train step. */
export const Importance = z.array(z.object({ feature: z.string(), importance: z.number() }));
export type Importance = z.infer<typeof Importance>;

const Counts = z.array(z.int());

/** `ic.json` of the train step: the daily rank ICs as short series. */
export const IcSeries = z.object({
  by_month: z.object({
    month: z.array(z.string()),
    model: series,
    baselines: z.record(z.string(), series),
  }),
  distribution: z.object({
    /** One more than there are bins. */
    edges: z.array(z.number()),
    model: Counts,
    baselines: z.record(z.string(), Counts),
  }),
});
export type IcSeries = z.infer<typeof IcSeries>;

/** `folds.json` of the train step. */
export const Folds = z.array(
  z.object({
    fold: z.int(),
    train_start: z.string(),
    train_end: z.string(),
    purge_end: z.string(),
    test_start: z.string(),
    test_end: z.string(),
    train_rows: z.int().optional(),
    test_rows: z.int().optional(),
    features: z.int().optional(),
    /** Where symbols are held out: what each part of them was trained and tested on. */
    parts: z
      .array(
        z.object({
          part: z.int(),
          train_rows: z.int(),
          test_rows: z.int(),
          features: z.int(),
        }),
      )
      .optional(),
  }),
);
export type Folds = z.infer<typeof Folds>;

/** `leaderboard.json` of the train step. */
export const Leaderboard = z.array(
  z.object({
    name: z.string(),
    engine: z.string(),
    kind: z.enum(["ensemble", "trial", "baseline"]),
    rank_ic: number,
    icir: number,
    rmse: number,
    fold_rank_ic: series.default([]),
    fit_seconds: number,
    params: z.record(z.string(), z.unknown()).default({}),
  }),
);
export type Leaderboard = z.infer<typeof Leaderboard>;

const Performance = z.object({
  sharpe_net: number,
  sharpe_gross: number,
  annual_return: number,
  annual_volatility: number,
  max_drawdown: number,
  calmar: number,
  hit_rate: number,
  turnover: number,
  annual_cost: number,
  exposure: number,
});

/** `metrics.json` of the backtest step. */
export const BacktestMetrics = Performance.extend({
  first: z.string().nullish(),
  last: z.string().nullish(),
  benchmark: Performance.nullish(),
  /** What the headline figures leave out, in sentences. */
  warnings: z.array(z.string()).default([]),
  /** Of each number that is null, why. */
  reasons: z.record(z.string(), z.string()).default({}),
  conventions: z.array(z.string()).default([]),
});
export type BacktestMetrics = z.infer<typeof BacktestMetrics>;

export { BacktestAnalytics } from "./backtest-analytics.ts";

/** `charts.json` of the judge step: the evidence as short series. */
export const Charts = z.object({
  equity: z.object({
    date: z.array(z.string()),
    equity: series,
    benchmark_equity: series,
    drawdown: series,
  }),
});
export type Charts = z.infer<typeof Charts>;

/** A number of a regime and its 95 % interval, which few days have none of. */
const Measured = z.object({ value: number, lower: number, upper: number });

/** How the idea fared in a state of the market, by what was known of it at the time. */
export const Regime = z.object({
  kind: z.string(),
  name: z.string(),
  days: z.int(),
  ic: Measured,
  lift: Measured,
  /** Of "the lift is zero", for all states that were looked at (Holm). */
  adjusted_p_value: number,
  bars: z.int(),
  annual_return: number,
  sharpe: Measured,
  reason: z.string().nullish(),
});
export type Regime = z.infer<typeof Regime>;

/** `verdict.json` of the judge step, beyond what the run's result holds already. */
export const VerdictNotes = z.object({
  rule: z.string().nullish(),
  /** The gate policy, and what the idea changed of it. */
  policy: z.string().nullish(),
  /** The verdict on one page, in plain words. */
  page: z.array(z.object({ title: z.string(), text: z.string() })).default([]),
  /** What it would take to be deployed, one for each lever; empty where it is. */
  outlook: z
    .array(
      z.object({
        lever: z.enum(["history", "costs", "horizon"]),
        helps: z.boolean(),
        needed: number,
        unit: z.string(),
        text: z.string(),
      }),
    )
    .default([]),
  regimes: z
    .object({
      /** How each kind of state is told. */
      kinds: z.record(z.string(), z.string()),
      min_days: z.int(),
      rows: z.array(Regime),
    })
    .nullish(),
  /** One for each leak detector; empty where an earlier version judged. */
  leaks: z.array(LeakTest).default([]),
  caveats: z.array(z.string()).default([]),
  baseline: z.string().nullish(),
  trials_on_data: z.int().nullish(),
  /** What the run's own complete trials amount to, of how many. */
  effective_trials: z.object({ count: z.int().nullable(), of: z.int() }).nullish(),
});
export type VerdictNotes = z.infer<typeof VerdictNotes>;
